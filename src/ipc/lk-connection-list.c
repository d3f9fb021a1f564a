/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "lk-ipc"

#include "config.h"

#include "lk-connection-list.h"

#include "lk-agent-client-private.h"
#include "lk-list-diff.h"

#define PAGE 100
/* So many pages are kept, those that were looked at last. */
#define PAGES_KEPT 8
/* Who scrolls past a page does not wait for it; of pages that wait for their turn, so many. */
#define PAGES_WANTED 6

typedef struct
{
  guint64  looked_at; /* 0 for never */
  gboolean wanted;    /* waits for its turn, or is being asked for */
  gboolean right;     /* as the agent has it; else to be asked for when it is looked at */
} Page;

struct _LkConnectionList
{
  GObject        parent_instance;

  LkAgentClient *client;   /* (owned) */
  GVariant      *question; /* (owned): options of ListConnections */
  char          *health;   /* (owned) (nullable) */
  char          *sort;     /* (owned) (nullable) */
  char          *search;   /* (owned) */

  GPtrArray     *items;    /* (owned) of LkDBusConnection1 (owned) (nullable): proxy, placeholder,
                            * or NULL where nobody looked */
  GArray        *pages;    /* (owned) of Page */
  GQueue         wanted;   /* of page numbers, the one looked at last first */
  guint64        looks;

  GCancellable  *cancellable; /* (owned) (nullable): of what is being asked */
  gboolean       again;       /* the list changed since that was asked */
  gboolean       whole;       /* nothing that is shown answers the question */
  gboolean       known;
  gboolean       loading;
};

typedef enum
{
  PROP_LOADING = 1,
} LkConnectionListProperty;

static GParamSpec *props[PROP_LOADING + 1];

static void lk_connection_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (LkConnectionList, lk_connection_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      lk_connection_list_model_init))

/* Placeholders. */

/* Not on any bus; each row has one of its own, as lists want different items to be different. */
static LkDBusConnection1 *
placeholder_new (void)
{
  return g_object_new (LK_DBUS_TYPE_CONNECTION1_PROXY, NULL);
}

gboolean
lk_connection_is_placeholder (LkDBusConnection1 *connection)
{
  return lk_dbus_connection1_get_id (connection) == NULL;
}

static void
unref_item (gpointer item)
{
  if (item != NULL)
    g_object_unref (item);
}

/* Pages. */

static Page *
get_page (LkConnectionList *self, guint number)
{
  return &g_array_index (self->pages, Page, number);
}

static void
fit_pages (LkConnectionList *self)
{
  guint before = self->pages->len;

  g_array_set_size (self->pages, (self->items->len + PAGE - 1) / PAGE);
  for (guint i = before; i < self->pages->len; i++)
    *get_page (self, i) = (Page) { 0 };
}

static void
lk_connection_list_set_loading (LkConnectionList *self, gboolean loading)
{
  if (self->loading == loading)
    return;
  self->loading = loading;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_LOADING]);
}

/* The page that was looked at least recently, of those that hold something. */
static int
find_stalest (LkConnectionList *self, guint *kept)
{
  int stalest = -1;

  *kept = 0;
  for (guint i = 0; i < self->pages->len; i++)
    {
      const Page *page = get_page (self, i);

      if (page->looked_at == 0)
        continue;
      (*kept)++;
      if (stalest < 0 || page->looked_at < get_page (self, (guint) stalest)->looked_at)
        stalest = (int) i;
    }
  return stalest;
}

/* Rows on the screen hold their items themselves. */
static void
lk_connection_list_drop_pages (LkConnectionList *self)
{
  guint kept;
  int stalest = find_stalest (self, &kept);

  for (; kept > PAGES_KEPT; stalest = find_stalest (self, &kept))
    {
      guint first = (guint) stalest * PAGE;

      for (guint i = first; i < MIN (first + PAGE, self->items->len); i++)
        g_clear_object (&self->items->pdata[i]);
      get_page (self, (guint) stalest)->looked_at = 0;
      get_page (self, (guint) stalest)->right = FALSE;
    }
}

/* What comes. */

static void
change_cb (guint position, guint n_removed, GPtrArray *added, gpointer user_data)
{
  LkConnectionList *self = user_data;

  if (n_removed > 0)
    g_ptr_array_remove_range (self->items, position, n_removed);
  for (guint i = 0; i < added->len; i++)
    g_ptr_array_insert (self->items, (int) (position + i),
                        added->pdata[i] != NULL ? g_object_ref (added->pdata[i]) : NULL);
  fit_pages (self);
  g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, added->len);
}

/* The list ends where the agent's does; what is there now was never looked at. */
static void
fit_total (LkConnectionList *self, guint position, guint total)
{
  g_autoptr(GPtrArray) added = g_ptr_array_new ();
  guint length = self->items->len;

  position = MIN (position, MIN (length, total));
  if (total > length)
    g_ptr_array_set_size (added, (int) (total - length));
  if (total != length)
    change_cb (position, total < length ? length - total : 0, added, self);
}

/* @rows: what the agent has from @first on, of @total */
static void
lk_connection_list_take (LkConnectionList *self, guint first, GPtrArray *rows, guint total)
{
  guint n_old;

  if (self->whole)
    {
      g_autoptr(GPtrArray) all = g_ptr_array_new ();

      self->whole = FALSE;
      g_array_set_size (self->pages, 0);
      g_ptr_array_set_size (all, (int) total);
      for (guint i = 0; i < rows->len && first + i < total; i++)
        all->pdata[first + i] = rows->pdata[i];
      change_cb (0, self->items->len, all, self);
    }
  else
    {
      first = MIN (first, self->items->len);
      n_old = MIN (MAX (rows->len, PAGE), self->items->len - first);
      lk_list_diff (self->items, first, n_old, rows, change_cb, self);
      fit_total (self, first + rows->len, total);
    }
  for (guint i = first / PAGE; i * PAGE < first + rows->len && i < self->pages->len; i++)
    {
      Page *page = get_page (self, i);

      page->right = TRUE;
      if (page->looked_at == 0)
        page->looked_at = ++self->looks;
    }
  lk_connection_list_drop_pages (self);
}

static void lk_connection_list_ask_next (LkConnectionList *self);

typedef struct
{
  LkConnectionList  *list;        /* (owned) */
  LkConnectionCache *cache;       /* (owned) */
  GCancellable      *cancellable; /* (owned) */
  guint              first;
} Asked;

static void
asked_free (Asked *asked)
{
  g_object_unref (asked->list);
  g_object_unref (asked->cache);
  g_object_unref (asked->cancellable);
  g_free (asked);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(Asked) asked = user_data;
  LkConnectionList *self = asked->list;
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GVariant) dicts = NULL;
  g_autoptr(GError) error = NULL;
  GVariantIter iter;
  GVariant *facts;
  guint total;

  lk_dbus_agent1_call_list_connections_finish (LK_DBUS_AGENT1 (source), &total, &dicts, result,
                                               &error);
  /* Another question was asked meanwhile, by another agent perhaps. */
  if (self->cancellable != asked->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (dicts == NULL)
    {
      g_debug ("connections cannot be listed: %s", error->message);
      return;
    }
  g_variant_iter_init (&iter, dicts);
  while (g_variant_iter_loop (&iter, "@a{sv}", &facts))
    {
      LkDBusConnection1 *connection = lk_connection_cache_take (asked->cache, facts);

      if (connection != NULL)
        g_ptr_array_add (rows, connection);
    }
  self->known = TRUE;
  lk_connection_list_take (self, asked->first, rows, total);
  lk_connection_list_set_loading (self, FALSE);
  lk_connection_list_ask_next (self);
}

static void
lk_connection_list_ask (LkConnectionList *self, guint first, guint limit)
{
  LkDBusAgent1 *agent = lk_agent_client_get_agent (self->client);
  Asked *asked;

  if (agent == NULL || self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  asked = g_new0 (Asked, 1);
  asked->list = g_object_ref (self);
  asked->cache = g_object_ref (lk_agent_client_get_cache (self->client));
  asked->cancellable = g_object_ref (self->cancellable);
  asked->first = first;
  lk_dbus_agent1_call_list_connections (agent, self->question, first, limit, self->cancellable,
                                        listed_cb, asked);
}

/* The pages around the one that was looked at last, which are those on the screen. */
static void
lk_connection_list_ask_again (LkConnectionList *self)
{
  guint last = 0, first, end;

  for (guint i = 0; i < self->pages->len; i++)
    {
      Page *page = get_page (self, i);

      page->right = FALSE;
      if (page->looked_at > get_page (self, last)->looked_at)
        last = i;
    }
  self->again = FALSE;
  first = last > 0 && get_page (self, last - 1)->looked_at > 0 ? last - 1 : last;
  end = last + 1 < self->pages->len && get_page (self, last + 1)->looked_at > 0 ? last + 2
                                                                               : last + 1;
  if (self->whole)
    first = 0, end = 1;
  lk_connection_list_ask (self, first * PAGE, (end - first) * PAGE);
}

static void
lk_connection_list_ask_next (LkConnectionList *self)
{
  if (self->again)
    {
      lk_connection_list_ask_again (self);
      return;
    }
  while (self->cancellable == NULL && !g_queue_is_empty (&self->wanted))
    {
      guint number = GPOINTER_TO_UINT (g_queue_pop_head (&self->wanted));

      if (number >= self->pages->len)
        continue;
      get_page (self, number)->wanted = FALSE;
      if (!get_page (self, number)->right)
        lk_connection_list_ask (self, number * PAGE, PAGE);
    }
}

static void
lk_connection_list_want (LkConnectionList *self, guint number)
{
  Page *page = get_page (self, number);

  if (page->right || page->wanted || self->whole)
    return;
  page->wanted = TRUE;
  g_queue_push_head (&self->wanted, GUINT_TO_POINTER (number));
  while (g_queue_get_length (&self->wanted) > PAGES_WANTED)
    {
      guint dropped = GPOINTER_TO_UINT (g_queue_pop_tail (&self->wanted));

      if (dropped < self->pages->len)
        get_page (self, dropped)->wanted = FALSE;
    }
  lk_connection_list_ask_next (self);
}

/* @whole: what is shown belongs to another question, or to an agent that went away */
static void
lk_connection_list_restart (LkConnectionList *self, gboolean whole)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  for (guint i = 0; i < self->pages->len; i++)
    get_page (self, i)->wanted = FALSE;
  g_queue_clear (&self->wanted);
  self->whole = whole;
  lk_connection_list_set_loading (self, TRUE);
  lk_connection_list_ask_again (self);
}

static void
list_changed_cb (LkConnectionList *self)
{
  self->again = TRUE;
  if (self->cancellable == NULL)
    lk_connection_list_ask_next (self);
}

static void
lk_connection_list_follow (LkConnectionList *self)
{
  LkConnectionCache *cache = lk_agent_client_get_cache (self->client);

  if (cache == NULL)
    return;
  g_signal_handlers_disconnect_by_func (cache, list_changed_cb, self);
  g_signal_connect_object (cache, "list-changed", G_CALLBACK (list_changed_cb), self,
                           G_CONNECT_SWAPPED);
  lk_connection_list_restart (self, !self->known);
}

/* The list model. */

static GType
lk_connection_list_get_item_type (GListModel *model)
{
  return LK_DBUS_TYPE_CONNECTION1;
}

static guint
lk_connection_list_get_n_items (GListModel *model)
{
  return LK_CONNECTION_LIST (model)->items->len;
}

static gpointer
lk_connection_list_get_item (GListModel *model, guint position)
{
  LkConnectionList *self = LK_CONNECTION_LIST (model);
  guint number = position / PAGE;

  if (position >= self->items->len)
    return NULL;
  if (self->items->pdata[position] == NULL)
    self->items->pdata[position] = placeholder_new ();
  get_page (self, number)->looked_at = ++self->looks;
  lk_connection_list_want (self, number);
  return g_object_ref (self->items->pdata[position]);
}

static void
lk_connection_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = lk_connection_list_get_item_type;
  iface->get_n_items = lk_connection_list_get_n_items;
  iface->get_item = lk_connection_list_get_item;
}

static void
lk_connection_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch ((LkConnectionListProperty) id)
    {
    case PROP_LOADING:
      g_value_set_boolean (value, LK_CONNECTION_LIST (object)->loading);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
lk_connection_list_dispose (GObject *object)
{
  LkConnectionList *self = LK_CONNECTION_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (lk_connection_list_parent_class)->dispose (object);
}

static void
lk_connection_list_finalize (GObject *object)
{
  LkConnectionList *self = LK_CONNECTION_LIST (object);

  g_queue_clear (&self->wanted);
  g_array_unref (self->pages);
  g_ptr_array_unref (self->items);
  g_variant_unref (self->question);
  g_free (self->health);
  g_free (self->sort);
  g_free (self->search);
  G_OBJECT_CLASS (lk_connection_list_parent_class)->finalize (object);
}

static void
lk_connection_list_class_init (LkConnectionListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lk_connection_list_get_property;
  object_class->dispose = lk_connection_list_dispose;
  object_class->finalize = lk_connection_list_finalize;

  props[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS
                                                | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (props), props);
}

static void
lk_connection_list_init (LkConnectionList *self)
{
  self->items = g_ptr_array_new_with_free_func (unref_item);
  self->pages = g_array_new (FALSE, FALSE, sizeof (Page));
  g_queue_init (&self->wanted);
  self->search = g_strdup ("");
}

static void
lk_connection_list_phrase (LkConnectionList *self)
{
  g_auto(GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);

  if (self->health != NULL)
    g_variant_dict_insert (&dict, "health", "s", self->health);
  if (self->sort != NULL)
    g_variant_dict_insert (&dict, "sort", "s", self->sort);
  if (*self->search != '\0')
    g_variant_dict_insert (&dict, "search", "s", self->search);
  g_clear_pointer (&self->question, g_variant_unref);
  self->question = g_variant_ref_sink (g_variant_dict_end (&dict));
}

/**
 * lk_connection_list_new:
 * @health: (nullable): "attention", "ending" or "fine"
 * @sort: (nullable): "name" or "ends"
 */
LkConnectionList *
lk_connection_list_new (LkAgentClient *client, const char *health, const char *sort)
{
  LkConnectionList *self = g_object_new (LK_TYPE_CONNECTION_LIST, NULL);

  g_return_val_if_fail (LK_IS_AGENT_CLIENT (client), NULL);

  self->client = g_object_ref (client);
  self->health = g_strdup (health);
  self->sort = g_strdup (sort);
  lk_connection_list_phrase (self);
  g_signal_connect_object (client, "notify::state", G_CALLBACK (lk_connection_list_follow), self,
                           G_CONNECT_SWAPPED);
  lk_connection_list_follow (self);
  return self;
}

/**
 * lk_connection_list_set_search:
 * @search: (nullable): text that name, login, developer app or an account contains
 *
 * What was found before is shown until the first page of the new answer is there.
 */
void
lk_connection_list_set_search (LkConnectionList *self, const char *search)
{
  g_return_if_fail (LK_IS_CONNECTION_LIST (self));

  if (g_strcmp0 (self->search, search != NULL ? search : "") == 0)
    return;
  g_free (self->search);
  self->search = g_strdup (search != NULL ? search : "");
  lk_connection_list_phrase (self);
  lk_connection_list_restart (self, TRUE);
}

const char *
lk_connection_list_get_search (LkConnectionList *self)
{
  g_return_val_if_fail (LK_IS_CONNECTION_LIST (self), "");

  return self->search;
}

gboolean
lk_connection_list_get_loading (LkConnectionList *self)
{
  g_return_val_if_fail (LK_IS_CONNECTION_LIST (self), FALSE);

  return self->loading;
}

gboolean
lk_connection_list_is_known (LkConnectionList *self)
{
  g_return_val_if_fail (LK_IS_CONNECTION_LIST (self), FALSE);

  return self->known;
}
