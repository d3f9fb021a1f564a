/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-agent"

#include "config.h"

#include "lk-agent-incidents.h"

#include "lk-agent-connections.h"
#include "lk-agent-deadlines.h"
#include "lk-agent-monitor.h"
#include "lk-ledger-query.h"
#include "lk-news.h"

#define PERIOD_MIN_S (30 * 60)
/* A first look a little after the start, when other things are done. */
#define FIRST_S (5 * 60)

typedef struct
{
  char   *title; /* (owned) */
  char   *link;  /* (owned) (nullable) */
  gint64  since;
} Incident;

/* One status page. */
typedef struct
{
  LkAgentIncidents *incidents;
  char             *url;      /* (owned) */
  char             *provider; /* (owned): the last one that had it */
  gint64            asked;
  GPtrArray        *open;     /* (owned) of Incident, newest first */
  LkAgentDeadline  *deadline; /* (owned) */
  gboolean          asking;
} Feed;

struct _LkAgentIncidents
{
  LkAgentContext *context; /* outlives us */
  GHashTable     *feeds;   /* (owned) url → Feed */
  GHashTable     *urls;    /* (owned) provider → url, "" for none */
  GCancellable   *cancel;  /* (owned) */
  LkProfileSet   *read;    /* (owned) (nullable): what the urls are of */
  gboolean        ready;
};

static void
incident_free (Incident *incident)
{
  g_free (incident->title);
  g_free (incident->link);
  g_free (incident);
}

static void
feed_free (Feed *feed)
{
  lk_agent_deadline_free (feed->deadline);
  g_ptr_array_unref (feed->open);
  g_free (feed->provider);
  g_free (feed->url);
  g_free (feed);
}

static void
incidents_add_to (const Feed *feed, LkProfile *profile, GVariantBuilder *builder)
{
  for (guint i = 0; i < feed->open->len; i++)
    {
      const Incident *incident = feed->open->pdata[i];

      g_variant_builder_open (builder, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (builder, "{sv}", "provider", g_variant_new_string (feed->provider));
      g_variant_builder_add (builder, "{sv}", "provider-name",
                             g_variant_new_string (profile != NULL ? lk_profile_get_name (profile)
                                                                   : feed->provider));
      g_variant_builder_add (builder, "{sv}", "title", g_variant_new_string (incident->title));
      g_variant_builder_add (builder, "{sv}", "link",
                             g_variant_new_string (incident->link != NULL ? incident->link : ""));
      g_variant_builder_add (builder, "{sv}", "since", g_variant_new_int64 (incident->since));
      g_variant_builder_close (builder);
    }
}

GVariant *
lk_agent_incidents_to_variant (LkAgentIncidents *self)
{
  LkProfileSet *profiles = lk_agent_context_get_profiles (self->context);
  GVariantBuilder builder;
  GHashTableIter iter;
  gpointer value;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  g_hash_table_iter_init (&iter, self->feeds);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    incidents_add_to (value, lk_profile_set_lookup (profiles, ((Feed *) value)->provider),
                      &builder);
  return g_variant_builder_end (&builder);
}

static void
incidents_changed (LkAgentIncidents *self)
{
  lk_dbus_agent1_set_incidents (lk_agent_context_get_agent (self->context),
                                lk_agent_incidents_to_variant (self));
  lk_agent_context_incidents_changed (self->context);
}

/* Which page a provider has. */

static const char *
get_url (LkAgentIncidents *self, LkProfile *profile)
{
  LkProfileSet *profiles = lk_agent_context_get_profiles (self->context);
  const char *id = lk_profile_get_id (profile);
  g_autoptr(LkValues) values = NULL;
  g_autoptr(LkRequest) request = NULL;
  const char *known;

  if (self->read != profiles)
    {
      g_clear_pointer (&self->read, lk_profile_set_unref);
      self->read = lk_profile_set_ref (profiles);
      g_hash_table_remove_all (self->urls);
    }
  known = g_hash_table_lookup (self->urls, id);
  if (known != NULL)
    return *known != '\0' ? known : NULL;
  values = lk_values_new ();
  if (lk_profile_has_probe (profile, "status"))
    request = lk_profile_build_probe (profile, "status", values, 0, NULL);
  g_hash_table_insert (self->urls, g_strdup (id),
                       g_strdup (request != NULL ? lk_request_get_url (request) : ""));
  return get_url (self, profile);
}

static Feed *
find_feed (LkAgentIncidents *self, const char *provider)
{
  const char *url = g_hash_table_lookup (self->urls, provider);

  return url != NULL ? g_hash_table_lookup (self->feeds, url) : NULL;
}

/* What the page says. */

static gboolean
same_incidents (GPtrArray *a, GPtrArray *b)
{
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!g_str_equal (((Incident *) a->pdata[i])->title, ((Incident *) b->pdata[i])->title))
      return FALSE;
  return TRUE;
}

static void
state_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(LkAgentContext) context = user_data;
  g_autoptr(GError) error = NULL;

  if (!lk_ledger_write_finish (LK_LEDGER (source), result, &error))
    lk_agent_context_ledger_failed (context, error);
}

/* So that a restart neither asks again nor forgets what goes on. */
static void
feed_save (Feed *feed)
{
  LkAgentContext *context = feed->incidents->context;
  LkLedger *ledger = lk_agent_context_get_ledger (context, NULL);
  g_autoptr(LkStateRecord) state = NULL;
  GVariantBuilder builder;
  GVariantBuilder open;

  if (ledger == NULL)
    return;
  g_variant_builder_init (&open, G_VARIANT_TYPE ("a(ssx)"));
  for (guint i = 0; i < feed->open->len; i++)
    {
      const Incident *incident = feed->open->pdata[i];

      g_variant_builder_add (&open, "(ssx)", incident->title,
                             incident->link != NULL ? incident->link : "", incident->since);
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "provider", g_variant_new_string (feed->provider));
  g_variant_builder_add (&builder, "{sv}", "asked", g_variant_new_int64 (feed->asked));
  g_variant_builder_add (&builder, "{sv}", "open", g_variant_builder_end (&open));
  state = lk_state_record_new ("status", feed->url, NULL, g_variant_builder_end (&builder));
  lk_ledger_put_state_async (ledger, state, NULL, state_written_cb, g_object_ref (context));
}

static Incident *
incident_new (const char *title, const char *link, gint64 since)
{
  Incident *incident = g_new0 (Incident, 1);

  incident->title = g_strdup (title);
  incident->link = g_strdup (link);
  incident->since = since;
  return incident;
}

static gint64
since_of (Feed *feed, const char *title, gint64 now)
{
  for (guint i = 0; i < feed->open->len; i++)
    if (g_str_equal (((Incident *) feed->open->pdata[i])->title, title))
      return ((Incident *) feed->open->pdata[i])->since;
  return now;
}

static void
feed_take (Feed *feed, const LkProbeAnswer *answer)
{
  gint64 now = lk_agent_context_get_now (feed->incidents->context);
  g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_free);
  gboolean changed;

  feed->asked = now;
  for (guint i = 0; i < answer->rows->len; i++)
    {
      const char *title = lk_probe_answer_get (answer, i, "title");
      gint64 at = lk_news_get_at (answer, i);

      if (lk_news_is_open (answer, i))
        g_ptr_array_add (open, incident_new (title, lk_probe_answer_get (answer, i, "link"),
                                             at > 0 ? at : since_of (feed, title, now)));
    }
  changed = !same_incidents (feed->open, open);
  g_ptr_array_unref (feed->open);
  feed->open = g_steal_pointer (&open);
  feed_save (feed);
  if (changed)
    incidents_changed (feed->incidents);
}

/* Asking. */

typedef struct
{
  LkAgentContext *context; /* (owned) */
  char           *url;     /* (owned) */
} Asking;

static void
asking_free (Asking *asking)
{
  g_object_unref (asking->context);
  g_free (asking->url);
  g_free (asking);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, asking_free)

static LkAgentConnection *
find_connection (LkAgentIncidents *self, const char *url)
{
  g_autoptr(GPtrArray) all
    = lk_agent_connections_list (lk_agent_context_get_connections (self->context));

  for (guint i = 0; i < all->len; i++)
    {
      LkProfile *profile = lk_agent_connection_get_profile (all->pdata[i]);

      if (lk_agent_connection_get_record (all->pdata[i])->removed_at == 0 && profile != NULL
          && lk_agent_connection_get_client (all->pdata[i]) != NULL
          && g_strcmp0 (get_url (self, profile), url) == 0)
        return all->pdata[i];
    }
  return NULL;
}

static gint64
get_period (LkAgentIncidents *self)
{
  GSettings *settings = lk_agent_context_get_settings (self->context);
  guint minutes = g_settings_get_uint (settings, "status-minutes");

  if (minutes == 0 || g_settings_get_boolean (settings, "paused"))
    return 0;
  return MAX ((gint64) minutes * 60, PERIOD_MIN_S);
}

static void
feed_arm (Feed *feed)
{
  LkAgentIncidents *self = feed->incidents;
  gint64 now = lk_agent_context_get_now (self->context);
  gint64 period = get_period (self);
  gint64 spread = g_str_hash (feed->url) % FIRST_S;

  if (!self->ready || feed->asking || period == 0)
    lk_agent_deadline_set (feed->deadline, LK_END_NEVER);
  else if (feed->asked == 0 || feed->asked > now)
    lk_agent_deadline_set (feed->deadline,
                           MIN (lk_agent_deadline_get (feed->deadline), now + FIRST_S + spread));
  else
    lk_agent_deadline_set (feed->deadline, feed->asked + period);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Asking) asking = user_data;
  LkAgentMonitor *monitor = lk_agent_context_get_monitor (asking->context);
  g_autoptr(GError) error = NULL;
  g_autoptr(LkProbeAnswer) answer = lk_call_engine_probe_finish (LK_CALL_ENGINE (source), result,
                                                                 &error);
  LkAgentIncidents *self = monitor != NULL ? lk_agent_monitor_get_incidents (monitor) : NULL;
  Feed *feed = self != NULL ? g_hash_table_lookup (self->feeds, asking->url) : NULL;

  if (feed == NULL)
    return;
  feed->asking = FALSE;
  feed->asked = lk_agent_context_get_now (self->context);
  if (answer != NULL && answer->fault == NULL)
    {
      /* Diagnoses need not ask again. */
      lk_agent_context_keep_news (self->context, feed->provider, answer);
    }
  else
    {
      g_info ("the status page was not read: %s",
              answer != NULL ? lk_class_to_string (answer->fault->klass) : error->message);
      feed_save (feed);
    }
  feed_arm (feed);
}

static void
due_cb (gpointer user_data)
{
  Feed *feed = user_data;
  LkAgentIncidents *self = feed->incidents;
  LkAgentConnection *connection = find_connection (self, feed->url);
  Asking *asking;

  if (connection == NULL)
    {
      gboolean had_open = feed->open->len > 0;

      g_hash_table_remove (self->feeds, feed->url);
      if (had_open)
        incidents_changed (self);
      return;
    }
  feed->asking = TRUE;
  asking = g_new0 (Asking, 1);
  asking->context = g_object_ref (self->context);
  asking->url = g_strdup (feed->url);
  lk_call_engine_probe_async (lk_agent_context_get_engine (self->context),
                              lk_agent_connection_get_profile (connection),
                              lk_agent_connection_get_client (connection)->name, NULL, NULL,
                              "status", NULL, NULL, self->cancel, asked_cb, asking);
}

static Feed *
add_feed (LkAgentIncidents *self, const char *url, const char *provider)
{
  Feed *feed = g_new0 (Feed, 1);

  feed->incidents = self;
  feed->url = g_strdup (url);
  feed->provider = g_strdup (provider);
  feed->open = g_ptr_array_new_with_free_func ((GDestroyNotify) incident_free);
  feed->deadline = lk_agent_deadline_new (self->context, due_cb, feed);
  g_hash_table_insert (self->feeds, feed->url, feed);
  return feed;
}

void
lk_agent_incidents_plan (LkAgentIncidents *self, LkAgentConnection *connection)
{
  LkProfile *profile = lk_agent_connection_get_profile (connection);
  const char *url = profile != NULL ? get_url (self, profile) : NULL;
  Feed *feed;

  if (url == NULL || lk_agent_connection_get_record (connection)->removed_at != 0)
    return;
  feed = g_hash_table_lookup (self->feeds, url);
  if (feed != NULL)
    return;
  feed = add_feed (self, url, lk_profile_get_id (profile));
  feed_arm (feed);
}

void
lk_agent_incidents_plan_all (LkAgentIncidents *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->feeds);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    feed_arm (value);
}

void
lk_agent_incidents_take (LkAgentIncidents *self, const char *provider,
                         const LkProbeAnswer *answer)
{
  Feed *feed = find_feed (self, provider);

  if (feed == NULL)
    return;
  feed_take (feed, answer);
  feed_arm (feed);
}

void
lk_agent_incidents_restore (LkAgentIncidents *self, GPtrArray *states)
{
  for (guint i = 0; i < states->len; i++)
    {
      const LkStateRecord *state = states->pdata[i];
      g_autoptr(GVariantIter) open = NULL;
      const char *provider = "";
      Feed *feed = g_hash_table_lookup (self->feeds, state->key);

      g_variant_lookup (state->value, "provider", "&s", &provider);
      if (feed == NULL)
        feed = add_feed (self, state->key, provider);
      g_variant_lookup (state->value, "asked", "x", &feed->asked);
      if (g_variant_lookup (state->value, "open", "a(ssx)", &open))
        {
          const char *title;
          const char *link;
          gint64 since;

          while (g_variant_iter_next (open, "(&s&sx)", &title, &link, &since))
            g_ptr_array_add (feed->open, incident_new (title, link, since));
        }
      feed_arm (feed);
    }
  incidents_changed (self);
}

gboolean
lk_agent_incidents_has_open (LkAgentIncidents *self, const char *provider)
{
  const Feed *feed = find_feed (self, provider);

  return feed != NULL && feed->open->len > 0;
}

void
lk_agent_incidents_set_ready (LkAgentIncidents *self, gboolean ready)
{
  self->ready = ready;
  lk_agent_incidents_plan_all (self);
}

LkAgentIncidents *
lk_agent_incidents_new (LkAgentContext *context)
{
  LkAgentIncidents *self = g_new0 (LkAgentIncidents, 1);

  self->context = context;
  self->feeds = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) feed_free);
  self->urls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->cancel = g_cancellable_new ();
  return self;
}

void
lk_agent_incidents_free (LkAgentIncidents *self)
{
  g_cancellable_cancel (self->cancel);
  g_object_unref (self->cancel);
  g_hash_table_unref (self->feeds);
  g_hash_table_unref (self->urls);
  g_clear_pointer (&self->read, lk_profile_set_unref);
  g_free (self);
}
