/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "lk-fault.h"

#include <stddef.h>

G_DEFINE_BOXED_TYPE (LkFault, lk_fault, lk_fault_copy, lk_fault_free)

typedef struct
{
  const char *key;
  size_t      offset;
} TextField;

static const TextField text_fields[] = {
  { "provider", offsetof (LkFault, provider) },
  { "family", offsetof (LkFault, family) },
  { "step", offsetof (LkFault, step) },
  { "endpoint", offsetof (LkFault, endpoint) },
  { "method", offsetof (LkFault, method) },
  { "account", offsetof (LkFault, account) },
  { "code", offsetof (LkFault, code) },
  { "sub", offsetof (LkFault, sub) },
  { "type", offsetof (LkFault, type) },
  { "message", offsetof (LkFault, message) },
  { "trace-id", offsetof (LkFault, trace_id) },
  { "hint", offsetof (LkFault, hint) },
  { "limit", offsetof (LkFault, limit) },
  { "slowed", offsetof (LkFault, slowed) },
};

static char **
text_of (const LkFault   *self,
         const TextField *field)
{
  return (char **) G_STRUCT_MEMBER_P (self, field->offset);
}

LkFault *
lk_fault_new (LkClass klass)
{
  LkFault *self = g_new0 (LkFault, 1);

  self->klass = klass;

  return self;
}

/**
 * lk_fault_new_local:
 * @klass: what kind of failure it is
 * @code: Latchkey's own word for it, such as "offline"
 * @message: (nullable): what is known about it, without secrets
 *
 * Returns: (transfer full): a fault that Latchkey itself found
 */
LkFault *
lk_fault_new_local (LkClass     klass,
                    const char *code,
                    const char *message)
{
  LkFault *self;

  g_return_val_if_fail (code != NULL, NULL);

  self = lk_fault_new (klass);
  self->provider = g_strdup (LK_FAULT_LOCAL);
  self->code = g_strdup (code);
  self->message = g_strdup (message);

  return self;
}

LkFault *
lk_fault_copy (const LkFault *self)
{
  LkFault *copy;

  if (self == NULL)
    return NULL;

  copy = g_new0 (LkFault, 1);
  copy->klass = self->klass;
  copy->http_status = self->http_status;
  copy->retry_at = self->retry_at;
  copy->at = self->at;

  for (size_t i = 0; i < G_N_ELEMENTS (text_fields); i++)
    *text_of (copy, &text_fields[i]) = g_strdup (*text_of (self, &text_fields[i]));

  return copy;
}

void
lk_fault_free (LkFault *self)
{
  if (self == NULL)
    return;

  for (size_t i = 0; i < G_N_ELEMENTS (text_fields); i++)
    g_free (*text_of (self, &text_fields[i]));

  g_free (self);
}

/**
 * lk_fault_is_local:
 * @self: (nullable): a fault
 * @code: (nullable): one of Latchkey's own words, %NULL for any
 *
 * Returns: whether Latchkey itself found this, under that word
 */
gboolean
lk_fault_is_local (const LkFault *self,
                   const char    *code)
{
  if (self == NULL || g_strcmp0 (self->provider, LK_FAULT_LOCAL) != 0)
    return FALSE;

  return code == NULL || g_strcmp0 (self->code, code) == 0;
}

/**
 * lk_fault_to_variant:
 * @self: (nullable): a fault
 *
 * Returns: (transfer floating): a{sv}; what is not known is left out, so no fault is an empty one
 */
GVariant *
lk_fault_to_variant (const LkFault *self)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  if (self == NULL)
    return g_variant_dict_end (&dict);

  g_variant_dict_insert (&dict, "class", "s", lk_class_to_string (self->klass));
  if (self->http_status != 0)
    g_variant_dict_insert (&dict, "http-status", "i", (gint32) self->http_status);
  if (self->retry_at != 0)
    g_variant_dict_insert (&dict, "retry-at", "x", self->retry_at);
  if (self->at != 0)
    g_variant_dict_insert (&dict, "at", "x", self->at);

  for (size_t i = 0; i < G_N_ELEMENTS (text_fields); i++)
    {
      const char *text = *text_of (self, &text_fields[i]);

      /* What a platform prints need not be UTF-8, what a variant carries must be. */
      if (text != NULL)
        {
          g_autofree char *valid = g_utf8_make_valid (text, -1);

          g_variant_dict_insert (&dict, text_fields[i].key, "s", valid);
        }
    }

  return g_variant_dict_end (&dict);
}

/**
 * lk_fault_from_variant:
 * @dict: (nullable): an a{sv} as lk_fault_to_variant() makes
 *
 * Keys that are unknown or of another type are passed over; a class that is unknown is
 * %LK_CLASS_UNKNOWN.
 *
 * Returns: (transfer full) (nullable): the fault, %NULL when @dict carries no class
 */
LkFault *
lk_fault_from_variant (GVariant *dict)
{
  g_autoptr (LkFault) self = NULL;
  const char *klass = NULL;

  if (dict == NULL || !g_variant_is_of_type (dict, G_VARIANT_TYPE_VARDICT))
    return NULL;

  if (!g_variant_lookup (dict, "class", "&s", &klass))
    return NULL;

  self = lk_fault_new (LK_CLASS_UNKNOWN);
  if (!lk_class_from_string (klass, &self->klass))
    self->klass = LK_CLASS_UNKNOWN;

  g_variant_lookup (dict, "http-status", "i", &self->http_status);
  g_variant_lookup (dict, "retry-at", "x", &self->retry_at);
  g_variant_lookup (dict, "at", "x", &self->at);

  for (size_t i = 0; i < G_N_ELEMENTS (text_fields); i++)
    g_variant_lookup (dict, text_fields[i].key, "s", text_of (self, &text_fields[i]));

  return g_steal_pointer (&self);
}
