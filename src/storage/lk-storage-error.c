/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-storage-error.h"

#include <errno.h>

G_DEFINE_QUARK (lk-storage-error-quark, lk_storage_error)

/**
 * lk_storage_error_from_errno:
 *
 * Returns: what the failure of a file operation means to a caller
 */
LkStorageError
lk_storage_error_from_errno (int code)
{
  switch (code)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return LK_STORAGE_ERROR_FULL;
    case EROFS:
    case EACCES:
    case EPERM:
    case ENOENT:
    case ENOTDIR:
      return LK_STORAGE_ERROR_READ_ONLY;
    default:
      return LK_STORAGE_ERROR_FAILED;
    }
}
