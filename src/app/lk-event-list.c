/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "lk-event-list.h"

#include "lk-day-words.h"
#include "lk-event-page.h"

#define PAGES_KEPT 12
/* As many as can be in view at once; what was scrolled past is not asked for any more. */
#define PAGES_WANTED 6
#define PAGES_ASKED 2
/* Agent1.ListEvents gives no more at once. */
#define NEWS_MAX 500
/* So many of the newest are looked at again: they may have come once more. */
#define NEWS_OVERLAP 20

struct _LkEventList
{
  GObject       parent_instance;

  LkDBusAgent1 *agent;       /* (owned) (nullable) */
  GVariant     *options;     /* (owned) (nullable): what is asked for */
  GVariant     *shown;       /* (owned) (nullable): what the list shows */
  GCancellable *cancellable; /* (owned): of what belongs to the list that is shown */
  GError       *error;       /* (owned) (nullable) */

  gint64        anchor;      /* id of the body's first event */
  guint         n_body;      /* events from the anchor on, in pages */
  GHashTable   *pages;       /* (owned): number to LkEventPage */
  GQueue        recent;      /* borrowed pages, the last used first */
  GQueue        wanted;      /* borrowed pages, the last wanted first */
  guint         n_asked;
  GPtrArray    *head;        /* (owned): items above the body, newest first */
  GPtrArray    *news;        /* (owned): items not shown yet, newest first */

  gboolean      opening;     /* a first page is under way */
  gboolean      overtaken;   /* it is of a filter that nobody wants any more */
  gboolean      listening;   /* news are under way */
  gboolean      more_news;   /* meanwhile there are more */
  gboolean      many;
  gboolean      loading;
};

typedef enum
{
  PROP_LOADING = 1,
  PROP_N_NEW,
} LkEventListProperty;

static GParamSpec *props[PROP_N_NEW + 1];

static void lk_event_list_open (LkEventList *self);
static void lk_event_list_ask_pages (LkEventList *self);
static void lk_event_list_ask_news (LkEventList *self);

static GType
lk_event_list_get_item_type (GListModel *model)
{
  return LK_TYPE_EVENT_ITEM;
}

static guint
lk_event_list_get_n_items (GListModel *model)
{
  LkEventList *self = LK_EVENT_LIST (model);

  return self->head->len + self->n_body;
}

static void
lk_event_list_drop_oldest (LkEventList *self)
{
  while (self->recent.length > PAGES_KEPT)
    {
      LkEventPage *page = g_queue_pop_tail (&self->recent);

      g_queue_remove (&self->wanted, page);
      g_hash_table_remove (self->pages, GUINT_TO_POINTER (page->number));
    }
}

static void
lk_event_list_want (LkEventList *self, LkEventPage *page)
{
  if (page->state != LK_EVENT_PAGE_EMPTY)
    return;
  g_queue_remove (&self->wanted, page);
  g_queue_push_head (&self->wanted, page);
  while (self->wanted.length > PAGES_WANTED)
    g_queue_pop_tail (&self->wanted);
  lk_event_list_ask_pages (self);
}

static LkEventPage *
lk_event_list_get_page (LkEventList *self, guint number)
{
  LkEventPage *page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (number));
  guint first = number * LK_EVENT_LIST_PAGE;

  if (page == NULL)
    {
      page = lk_event_page_new (number, MIN (LK_EVENT_LIST_PAGE, self->n_body - first));
      g_hash_table_insert (self->pages, GUINT_TO_POINTER (number), page);
    }
  if (self->recent.head == NULL || self->recent.head->data != page)
    {
      g_queue_remove (&self->recent, page);
      g_queue_push_head (&self->recent, page);
      lk_event_list_drop_oldest (self);
    }
  lk_event_list_want (self, page);
  return page;
}

static gpointer
lk_event_list_get_item (GListModel *model, guint position)
{
  LkEventList *self = LK_EVENT_LIST (model);
  LkEventPage *page;

  if (position < self->head->len)
    return g_object_ref (g_ptr_array_index (self->head, position));
  position -= self->head->len;
  if (position >= self->n_body)
    return NULL;
  page = lk_event_list_get_page (self, position / LK_EVENT_LIST_PAGE);
  return g_object_ref (g_ptr_array_index (page->items, position % LK_EVENT_LIST_PAGE));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lk_event_list_get_item_type;
  iface->get_n_items = lk_event_list_get_n_items;
  iface->get_item = lk_event_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LkEventList, lk_event_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
lk_event_list_set_loading (LkEventList *self, gboolean loading)
{
  if (self->loading == loading)
    return;
  self->loading = loading;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
}

/* Events went from the old end, as the retention wants it. */
static void
lk_event_list_shrink (LkEventList *self, guint n)
{
  guint before = self->n_body;

  if (n >= before)
    return;
  self->n_body = n;
  g_list_model_items_changed (G_LIST_MODEL (self), self->head->len + n, before - n, 0);
}

/* Of what stands above the body; 0 for nothing. */
static gint64
lk_event_list_get_above (LkEventList *self)
{
  if (self->head->len == 0)
    return 0;
  return lk_event_item_get_at (g_ptr_array_index (self->head, self->head->len - 1));
}

typedef struct
{
  LkEventList  *list;        /* (owned) */
  GCancellable *cancellable; /* (owned): tells whether the list is still the same */
  guint         page;
  gboolean      overlaps;    /* the first event is the one above the page */
} Question;

static Question *
question_new (LkEventList *list)
{
  Question *question = g_new0 (Question, 1);

  question->list = g_object_ref (list);
  question->cancellable = g_object_ref (list->cancellable);
  return question;
}

static void
question_free (Question *question)
{
  g_object_unref (question->list);
  g_object_unref (question->cancellable);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static GVariant *
dup_options (GVariant *options, const char *key, gint64 id, guint offset)
{
  g_auto(GVariantDict) dict = { 0 };

  g_variant_dict_init (&dict, options);
  if (key != NULL)
    g_variant_dict_insert (&dict, key, "x", id);
  if (offset > 0)
    g_variant_dict_insert (&dict, "offset", "u", offset);
  return g_variant_dict_end (&dict);
}

static void
page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Question) question = user_data;
  LkEventList *self = question->list;
  g_autoptr(GVariant) events = NULL;
  g_autoptr(GError) error = NULL;
  LkEventPage *page;
  guint n, skipped = question->overlaps ? 1 : 0;
  guint64 total;
  gboolean answered = lk_dbus_agent1_call_list_events_finish (LK_DBUS_AGENT1 (source), &total,
                                                              &events, result, &error);

  if (g_cancellable_is_cancelled (question->cancellable))
    return;
  self->n_asked--;
  page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (question->page));
  if (page != NULL && !answered)
    page->state = LK_EVENT_PAGE_EMPTY;
  if (answered)
    {
      n = (guint) g_variant_n_children (events);
      n -= MIN (n, skipped);
      if (page != NULL)
        lk_event_page_fill (page, events, skipped,
                            skipped == 0 ? lk_event_list_get_above (self) : 0);
      if (n < LK_EVENT_LIST_PAGE)
        lk_event_list_shrink (self, question->page * LK_EVENT_LIST_PAGE + n);
    }
  lk_event_list_ask_pages (self);
}

/* One event more than the page has, so that it is known where a day begins. */
static void
lk_event_list_ask_page (LkEventList *self, LkEventPage *page)
{
  Question *question = question_new (self);
  guint first = page->number * LK_EVENT_LIST_PAGE;

  page->state = LK_EVENT_PAGE_ASKED;
  question->page = page->number;
  question->overlaps = first > 0;
  self->n_asked++;
  lk_dbus_agent1_call_list_events (self->agent,
                                   dup_options (self->shown, "before", self->anchor + 1,
                                                first > 0 ? first - 1 : 0),
                                   LK_EVENT_LIST_PAGE + (first > 0 ? 1 : 0), self->cancellable,
                                   page_cb, question);
}

static void
lk_event_list_ask_pages (LkEventList *self)
{
  while (self->agent != NULL && self->n_asked < PAGES_ASKED && self->wanted.length > 0)
    {
      LkEventPage *page = g_queue_pop_head (&self->wanted);

      if (page->state == LK_EVENT_PAGE_EMPTY)
        lk_event_list_ask_page (self, page);
    }
}

static void
lk_event_list_forget (LkEventList *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  g_queue_clear (&self->recent);
  g_queue_clear (&self->wanted);
  g_hash_table_remove_all (self->pages);
  g_ptr_array_set_size (self->head, 0);
  g_ptr_array_set_size (self->news, 0);
  self->n_asked = 0;
  self->n_body = 0;
  self->anchor = 0;
  self->listening = self->more_news = self->many = FALSE;
}

/* A whole new list takes the place of the one that was shown. */
static void
lk_event_list_take (LkEventList *self, GVariant *events, guint64 total)
{
  guint before = lk_event_list_get_n_items (G_LIST_MODEL (self));
  g_autoptr(GVariant) first = NULL;

  lk_event_list_forget (self);
  g_clear_pointer (&self->shown, g_variant_unref);
  self->shown = g_variant_ref (self->options);
  if (g_variant_n_children (events) > 0)
    {
      LkEventPage *page;

      first = g_variant_get_child_value (events, 0);
      g_variant_lookup (first, "id", "x", &self->anchor);
      self->n_body = (guint) MIN (total, G_MAXINT32);
      self->n_body = MAX (self->n_body, (guint) g_variant_n_children (events));
      if (g_variant_n_children (events) < LK_EVENT_LIST_PAGE)
        self->n_body = (guint) g_variant_n_children (events);
      page = lk_event_page_new (0, MIN (LK_EVENT_LIST_PAGE, self->n_body));
      lk_event_page_fill (page, events, 0, 0);
      g_hash_table_insert (self->pages, GUINT_TO_POINTER (0), page);
      g_queue_push_head (&self->recent, page);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), 0, before, self->n_body);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_NEW]);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Question) question = user_data;
  LkEventList *self = question->list;
  g_autoptr(GVariant) events = NULL;
  g_autoptr(GError) error = NULL;
  guint64 total = 0;
  gboolean answered = lk_dbus_agent1_call_list_events_finish (LK_DBUS_AGENT1 (source), &total,
                                                              &events, result, &error);

  if (self->agent != LK_DBUS_AGENT1 (source))
    return;
  self->opening = FALSE;
  if (self->overtaken)
    {
      lk_event_list_open (self);
      return;
    }
  g_clear_error (&self->error);
  if (answered)
    lk_event_list_take (self, events, total);
  else
    self->error = g_steal_pointer (&error);
  lk_event_list_set_loading (self, FALSE);
}

/* The agent answers one search after the other, so there is never more than one under way: who
 * types fast waits for the first letter's and the last one's, not for each. */
static void
lk_event_list_open (LkEventList *self)
{
  if (self->options == NULL)
    return;
  lk_event_list_set_loading (self, TRUE);
  self->overtaken = self->opening;
  if (self->agent == NULL || self->opening)
    return;
  self->opening = TRUE;
  lk_dbus_agent1_call_list_events (self->agent, self->options, LK_EVENT_LIST_PAGE, NULL, opened_cb,
                                   question_new (self));
}

/* The newest that are known, of which @index is one. */
static LkEventItem *
lk_event_list_get_known (LkEventList *self, guint index)
{
  LkEventPage *page;

  if (index < self->news->len)
    return g_ptr_array_index (self->news, index);
  index -= self->news->len;
  if (index < self->head->len)
    return g_ptr_array_index (self->head, index);
  index -= self->head->len;
  page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (0));
  if (page == NULL || page->state != LK_EVENT_PAGE_FILLED || index >= page->items->len)
    return NULL;
  return g_ptr_array_index (page->items, index);
}

static LkEventItem *
lk_event_list_find_known (LkEventList *self, gint64 id)
{
  LkEventItem *item;

  for (guint i = 0; (item = lk_event_list_get_known (self, i)) != NULL; i++)
    if (lk_event_item_get_id (item) <= id)
      return lk_event_item_get_id (item) == id ? item : NULL;
  return NULL;
}

static gint64
lk_event_list_get_newest (LkEventList *self)
{
  LkEventItem *item = lk_event_list_get_known (self, 0);

  return MAX (item != NULL ? lk_event_item_get_id (item) : 0, self->anchor);
}

static void
lk_event_list_take_news (LkEventList *self, GVariant *events)
{
  guint before = self->news->len;
  GVariantIter iter;
  GVariant *event;

  g_variant_iter_init (&iter, events);
  while ((event = g_variant_iter_next_value (&iter)) != NULL)
    {
      g_autoptr(GVariant) owned = event;
      LkEventItem *item;
      gint64 id = 0;

      g_variant_lookup (event, "id", "x", &id);
      item = lk_event_list_find_known (self, id);
      if (item == NULL && id > lk_event_list_get_newest (self))
        {
          item = lk_event_item_new ();
          g_ptr_array_insert (self->news, 0, item);
        }
      if (item != NULL)
        lk_event_item_fill (item, event);
    }
  self->many = self->many || g_variant_n_children (events) >= NEWS_MAX
               || self->news->len >= NEWS_MAX;
  if (self->news->len != before)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_NEW]);
}

static void
news_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Question) question = user_data;
  LkEventList *self = question->list;
  g_autoptr(GVariant) events = NULL;
  g_autoptr(GError) error = NULL;
  guint64 total;
  gboolean answered = lk_dbus_agent1_call_list_events_finish (LK_DBUS_AGENT1 (source), &total,
                                                              &events, result, &error);

  if (g_cancellable_is_cancelled (question->cancellable))
    return;
  self->listening = FALSE;
  if (answered)
    lk_event_list_take_news (self, events);
  if (self->more_news)
    lk_event_list_ask_news (self);
}

static void
lk_event_list_ask_news (LkEventList *self)
{
  gint64 after = self->anchor;

  if (self->agent == NULL || self->shown == NULL || self->many)
    return;
  self->more_news = self->listening;
  if (self->listening)
    return;
  for (guint i = 0; i < NEWS_OVERLAP && lk_event_list_get_known (self, i) != NULL; i++)
    after = lk_event_item_get_id (lk_event_list_get_known (self, i)) - 1;
  self->listening = TRUE;
  lk_dbus_agent1_call_list_events (self->agent, dup_options (self->shown, "after", after, 0),
                                   NEWS_MAX, self->cancellable, news_cb, question_new (self));
}

static void
events_changed_cb (LkEventList *self)
{
  if (self->shown == NULL)
    return;
  /* Nobody reads in an empty list. */
  if (self->anchor == 0)
    lk_event_list_open (self);
  else
    lk_event_list_ask_news (self);
}

static void
lk_event_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LkEventList *self = LK_EVENT_LIST (object);

  switch ((LkEventListProperty) id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, self->loading);
      break;
    case PROP_N_NEW:
      g_value_set_uint (value, self->news->len);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lk_event_list_dispose (GObject *object)
{
  LkEventList *self = LK_EVENT_LIST (object);

  lk_event_list_forget (self);
  lk_event_list_set_agent (self, NULL);
  G_OBJECT_CLASS (lk_event_list_parent_class)->dispose (object);
}

static void
lk_event_list_finalize (GObject *object)
{
  LkEventList *self = LK_EVENT_LIST (object);

  g_clear_pointer (&self->options, g_variant_unref);
  g_clear_pointer (&self->shown, g_variant_unref);
  g_clear_pointer (&self->pages, g_hash_table_unref);
  g_clear_pointer (&self->head, g_ptr_array_unref);
  g_clear_pointer (&self->news, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (lk_event_list_parent_class)->finalize (object);
}

static void
lk_event_list_class_init (LkEventListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_event_list_get_property;
  object_class->dispose = lk_event_list_dispose;
  object_class->finalize = lk_event_list_finalize;
  props[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS
                                                | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_N_NEW] = g_param_spec_uint ("n-new", NULL, NULL, 0, G_MAXUINT, 0,
                                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS
                                           | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
lk_event_list_init (LkEventList *self)
{
  self->cancellable = g_cancellable_new ();
  self->pages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) lk_event_page_free);
  self->head = g_ptr_array_new_with_free_func (g_object_unref);
  self->news = g_ptr_array_new_with_free_func (g_object_unref);
}

LkEventList *
lk_event_list_new (void)
{
  return g_object_new (LK_TYPE_EVENT_LIST, NULL);
}

void
lk_event_list_set_agent (LkEventList *self, LkDBusAgent1 *agent)
{
  if (self->agent == agent)
    return;
  if (self->agent != NULL)
    g_signal_handlers_disconnect_by_func (self->agent, events_changed_cb, self);
  g_set_object (&self->agent, agent);
  self->opening = FALSE;
  if (agent == NULL)
    return;
  g_signal_connect_object (agent, "events-changed", G_CALLBACK (events_changed_cb), self,
                           G_CONNECT_SWAPPED);
  lk_event_list_open (self);
}

void
lk_event_list_set_options (LkEventList *self, GVariant *options)
{
  g_autoptr(GVariant) sunk = g_variant_ref_sink (options);

  if (self->options != NULL && g_variant_equal (self->options, sunk))
    return;
  g_clear_pointer (&self->options, g_variant_unref);
  self->options = g_steal_pointer (&sunk);
  lk_event_list_open (self);
}

GVariant *
lk_event_list_get_options (LkEventList *self)
{
  return self->options;
}

void
lk_event_list_reload (LkEventList *self)
{
  lk_event_list_open (self);
}

gboolean
lk_event_list_get_loading (LkEventList *self)
{
  return self->loading;
}

gboolean
lk_event_list_is_known (LkEventList *self)
{
  return self->shown != NULL;
}

const GError *
lk_event_list_get_error (LkEventList *self)
{
  return self->error;
}

guint
lk_event_list_get_n_new (LkEventList *self)
{
  return self->news->len;
}

gboolean
lk_event_list_has_many (LkEventList *self)
{
  return self->many;
}

/* Where the days begin among the new ones and below them. */
static void
lk_event_list_mark_days (LkEventList *self, guint n)
{
  LkEventItem *above = NULL;
  LkEventItem *item;

  for (guint i = 0; i <= n && (item = lk_event_list_get_known (self, i)) != NULL; i++)
    {
      lk_event_item_set_heads_day (item, above == NULL
                                           || !lk_day_is_same (lk_event_item_get_at (above),
                                                               lk_event_item_get_at (item)));
      above = item;
    }
}

void
lk_event_list_show_new (LkEventList *self)
{
  guint n = self->news->len;

  if (self->many || self->head->len > PAGES_KEPT * LK_EVENT_LIST_PAGE)
    {
      lk_event_list_open (self);
      return;
    }
  if (n == 0)
    return;
  lk_event_list_mark_days (self, n);
  for (guint i = n; i > 0; i--)
    g_ptr_array_insert (self->head, 0, g_object_ref (g_ptr_array_index (self->news, i - 1)));
  g_ptr_array_set_size (self->news, 0);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, n);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_NEW]);
}
