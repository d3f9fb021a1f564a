/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "lk-records.h"
#include "lk-token-set.h"

G_BEGIN_DECLS

#define LK_BACKUP_ERROR (lk_backup_error_quark ())

/**
 * LkBackupError:
 * @LK_BACKUP_ERROR_FOREIGN: the file is no backup of Latchkey
 * @LK_BACKUP_ERROR_NEWER: a newer Latchkey wrote it
 * @LK_BACKUP_ERROR_PASSPHRASE: the passphrase is another one
 * @LK_BACKUP_ERROR_DAMAGED: it was changed after it was written
 * @LK_BACKUP_ERROR_CUT: its end is missing
 * @LK_BACKUP_ERROR_WEAK: the passphrase is too short to protect anything
 * @LK_BACKUP_ERROR_FULL: there is no room to write it
 * @LK_BACKUP_ERROR_FAILED: it cannot be read or written
 */
typedef enum
{
  LK_BACKUP_ERROR_FOREIGN,
  LK_BACKUP_ERROR_NEWER,
  LK_BACKUP_ERROR_PASSPHRASE,
  LK_BACKUP_ERROR_DAMAGED,
  LK_BACKUP_ERROR_CUT,
  LK_BACKUP_ERROR_WEAK,
  LK_BACKUP_ERROR_FULL,
  LK_BACKUP_ERROR_FAILED,
} LkBackupError;

GQuark lk_backup_error_quark (void);

/* log2 of scrypt's N: memory is 2^N KiB. What is written, and what is read: less protects nobody,
 * more would let a file take all memory. */
#define LK_BACKUP_COST     17
#define LK_BACKUP_COST_MIN 14
#define LK_BACKUP_COST_MAX 19

#define LK_BACKUP_PASSPHRASE_MIN 8 /* characters */

/**
 * LkBackupType:
 * @LK_BACKUP_INFO: about the file; the first item
 * @LK_BACKUP_CLIENT: a developer app, with its secret
 * @LK_BACKUP_CONNECTION: a connection, with its tokens
 * @LK_BACKUP_RULE: what a program may take of a connection
 * @LK_BACKUP_SETTINGS: the settings that are not at their defaults
 */
typedef enum
{
  LK_BACKUP_INFO = 1,
  LK_BACKUP_CLIENT,
  LK_BACKUP_CONNECTION,
  LK_BACKUP_RULE,
  LK_BACKUP_SETTINGS,
} LkBackupType;

/**
 * LkBackupInfo:
 * @id: of this file; a word of [a-z0-9]
 * @moves: whether the connections were moved away into it; else it is a copy
 * @made: seconds since 1970 UTC
 * @made_on: (nullable): name of the computer
 * @made_by: (nullable): version of the program
 * @clients, @connections: how many follow
 */
typedef struct
{
  char     *id;
  gboolean  moves;
  gint64    made;
  char     *made_on;
  char     *made_by;
  guint     clients;
  guint     connections;
} LkBackupInfo;

void lk_backup_info_free (LkBackupInfo *self);

/**
 * LkBackupItem:
 *
 * One thing in a backup; which members are set follows from @type. Owns them.
 */
typedef struct
{
  LkBackupType        type;
  LkBackupInfo       *info;
  LkClientRecord     *client;
  LkSecret           *secret;     /* (nullable): of the client */
  LkConnectionRecord *connection;
  LkTokenSet         *tokens;     /* (nullable): of the connection; it may have none */
  char               *owner;      /* of a rule: id of the connection */
  GVariant           *values;     /* a{sv}: of a rule or the settings */
} LkBackupItem;

LkBackupItem *lk_backup_item_new   (LkBackupType type);
void          lk_backup_item_free  (LkBackupItem *self);

/**
 * LkBackupWriter:
 *
 * Writes a backup into a file, encrypted and chunk by chunk. Blocks: for a thread of its own, and
 * one at a time.
 */
typedef struct _LkBackupWriter LkBackupWriter;

/* @fd: (transfer full): an ordinary file, which is replaced by the backup from its beginning */
LkBackupWriter *lk_backup_writer_new    (int fd, LkSecret *passphrase, guint cost,
                                         GError **error);
gboolean        lk_backup_writer_add    (LkBackupWriter *self, const LkBackupItem *item,
                                         GError **error);
/* All but the last chunk is on the disk after it: without that one nobody can read the file. */
gboolean        lk_backup_writer_settle (LkBackupWriter *self, GError **error);
/* The last chunk; the file is on the disk when it returns. */
gboolean        lk_backup_writer_finish (LkBackupWriter *self, GError **error);
/* Makes the file empty, on the disk too. %FALSE when what is in it cannot be taken back. */
gboolean        lk_backup_writer_discard (LkBackupWriter *self);
void            lk_backup_writer_free   (LkBackupWriter *self);

/**
 * LkBackupReader:
 *
 * Reads a backup item by item. What it gives is authentic, but only with the last item is it known
 * that none is missing. Blocks as the writer does.
 */
typedef struct _LkBackupReader LkBackupReader;

/* @fd: (transfer full) */
LkBackupReader *lk_backup_reader_new    (int fd, LkSecret *passphrase, GError **error);
/* @item: (out) (transfer full) (nullable): %NULL after the last one */
gboolean        lk_backup_reader_next   (LkBackupReader *self, LkBackupItem **item,
                                         GError **error);
/* To the beginning, without asking the passphrase again. */
gboolean        lk_backup_reader_rewind (LkBackupReader *self, GError **error);
void            lk_backup_reader_free   (LkBackupReader *self);

/* One item as bytes, which hold secrets: lk_backup_item_write() appends to @out, and
 * lk_backup_item_read() takes one from @data; *@used is 0 when more bytes are needed, and *@item
 * is %NULL for a kind that this version does not know. */
typedef struct _LkBackupBuffer LkBackupBuffer;

LkBackupBuffer *lk_backup_buffer_new    (void);
void            lk_backup_buffer_append (LkBackupBuffer *self, const void *data, size_t size);
/* Drops @size bytes at the front. */
void            lk_backup_buffer_skip   (LkBackupBuffer *self, size_t size);
guint8         *lk_backup_buffer_get    (LkBackupBuffer *self, size_t *size);
void            lk_backup_buffer_free   (LkBackupBuffer *self);

gboolean        lk_backup_item_write    (const LkBackupItem *item, LkBackupBuffer *out,
                                         GError **error);
gboolean        lk_backup_item_read     (const guint8 *data, size_t size, size_t *used,
                                         LkBackupItem **item, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkBackupItem, lk_backup_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkBackupBuffer, lk_backup_buffer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkBackupWriter, lk_backup_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LkBackupReader, lk_backup_reader_free)

G_END_DECLS
