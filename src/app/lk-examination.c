/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-examination.h"

#include "lk-connection-words.h"
#include "lk-remedy.h"

struct _LkExamination
{
  GObject            parent_instance;

  LkAppContext      *context;     /* (owned) */
  LkDBusConnection1 *connection;  /* (owned) */
  LkFault           *fault;       /* (owned) (nullable): from elsewhere */
  gint64             event;
  GCancellable      *cancellable; /* (owned) */
  gboolean           busy;
  GVariant          *dict;        /* (owned) (nullable): the facts as they came */
  LkFacts           *facts;       /* (owned) (nullable) */
  GPtrArray         *findings;    /* (owned) (nullable) */
  gboolean           fixable;
  GError            *error;       /* (owned) (nullable) */
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (LkExamination, lk_examination, G_TYPE_OBJECT)

static void
lk_examination_conclude (LkExamination *self)
{
  LkDiagnosis *diagnosis = lk_app_context_get_diagnosis (self->context);
  g_autoptr(LkRemedy) remedy = NULL;

  if (self->facts == NULL)
    return;
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  self->findings = lk_enquiry_conclude (diagnosis, self->facts);
  remedy = lk_remedy_new (diagnosis, lk_examination_get_finding (self), self->facts);
  self->fixable = remedy != NULL;
}

static void
diagnosed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkExamination) self = user_data;
  g_autoptr(GVariant) dict = NULL;
  g_autoptr(GError) error = NULL;

  if (!lk_dbus_connection1_call_diagnose_finish (LK_DBUS_CONNECTION1 (source), &dict, result,
                                                 &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      self->error = g_steal_pointer (&error);
    }
  else
    {
      g_clear_pointer (&self->dict, g_variant_unref);
      g_clear_pointer (&self->facts, lk_facts_free);
      self->dict = g_steal_pointer (&dict);
      self->facts = lk_facts_from_variant (self->dict);
      lk_examination_conclude (self);
    }
  self->busy = FALSE;
  g_signal_emit (self, changed_signal, 0);
}

static void
profiles_changed_cb (LkExamination *self)
{
  lk_examination_conclude (self);
  g_signal_emit (self, changed_signal, 0);
}

static void
lk_examination_dispose (GObject *object)
{
  LkExamination *self = LK_EXAMINATION (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->facts, lk_facts_free);
  g_clear_pointer (&self->dict, g_variant_unref);
  g_clear_pointer (&self->fault, lk_fault_free);
  g_clear_object (&self->connection);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (lk_examination_parent_class)->dispose (object);
}

static void
lk_examination_class_init (LkExaminationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lk_examination_dispose;
  changed_signal = g_signal_new ("changed", LK_TYPE_EXAMINATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
lk_examination_init (LkExamination *self)
{
  self->cancellable = g_cancellable_new ();
}

LkExamination *
lk_examination_new (LkAppContext *context, LkDBusConnection1 *connection, gint64 event,
                    const LkFault *fault)
{
  LkExamination *self = g_object_new (LK_TYPE_EXAMINATION, NULL);

  self->context = g_object_ref (context);
  self->connection = g_object_ref (connection);
  self->event = event;
  self->fault = fault != NULL ? lk_fault_copy (fault) : NULL;
  g_signal_connect_object (context, "profiles-changed", G_CALLBACK (profiles_changed_cb), self,
                           G_CONNECT_SWAPPED);
  lk_examination_run (self);
  return self;
}

void
lk_examination_run (LkExamination *self)
{
  GVariantDict options;

  if (self->busy)
    return;
  self->busy = TRUE;
  g_clear_error (&self->error);
  g_variant_dict_init (&options, NULL);
  if (self->event != 0)
    g_variant_dict_insert (&options, "event", "x", self->event);
  else if (self->fault != NULL)
    g_variant_dict_insert_value (&options, "fault", lk_fault_to_variant (self->fault));
  lk_dbus_connection1_call_diagnose (self->connection, g_variant_dict_end (&options),
                                     self->cancellable, diagnosed_cb, g_object_ref (self));
  g_signal_emit (self, changed_signal, 0);
}

gboolean
lk_examination_is_busy (LkExamination *self)
{
  return self->busy;
}

LkDBusConnection1 *
lk_examination_get_connection (LkExamination *self)
{
  return self->connection;
}

gint64
lk_examination_get_event (LkExamination *self)
{
  return self->event;
}

const LkFinding *
lk_examination_get_finding (LkExamination *self)
{
  if (self->findings == NULL || self->findings->len == 0)
    return NULL;
  return g_ptr_array_index (self->findings, 0);
}

GPtrArray *
lk_examination_get_findings (LkExamination *self)
{
  return self->findings;
}

const LkFacts *
lk_examination_get_facts (LkExamination *self)
{
  return self->facts;
}

const GError *
lk_examination_get_error (LkExamination *self)
{
  return self->error;
}

gboolean
lk_examination_can_fix (LkExamination *self)
{
  return !self->busy && self->fixable;
}

/* A check of Latchkey's own is no call that could be sent again. */
static gboolean
lk_examination_has_call (LkExamination *self)
{
  return self->event != 0 || lk_dbus_connection1_get_last_refusal_event (self->connection) != 0
         || (self->fault != NULL && !lk_connection_words_is_own_fault (self->connection));
}

static GVariant *
dup_values (GHashTable *values, gboolean with_call)
{
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer key, value;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  if (values != NULL)
    {
      g_hash_table_iter_init (&iter, values);
      while (g_hash_table_iter_next (&iter, &key, &value))
        if (with_call || g_strcmp0 (key, "call") != 0)
          g_variant_builder_add (&builder, "{ss}", key, value);
    }
  return g_variant_builder_end (&builder);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  char *path = NULL;

  if (lk_dbus_connection1_call_start_remedy_finish (LK_DBUS_CONNECTION1 (source), &path, result,
                                                    &error))
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

void
lk_examination_fix_async (LkExamination *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  const LkFinding *finding = lk_examination_get_finding (self);
  GVariantDict options;

  g_return_if_fail (lk_examination_can_fix (self));

  g_task_set_source_tag (task, lk_examination_fix_async);
  g_variant_dict_init (&options, NULL);
  if (self->event != 0)
    g_variant_dict_insert (&options, "event", "x", self->event);
  lk_dbus_connection1_call_start_remedy (self->connection, finding->remedy,
                                         finding->cause != NULL ? finding->cause : "",
                                         dup_values (finding->values,
                                                     lk_examination_has_call (self)),
                                         self->dict,
                                         g_variant_dict_end (&options), NULL, started_cb,
                                         g_object_ref (task));
}

char *
lk_examination_fix_finish (LkExamination *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
