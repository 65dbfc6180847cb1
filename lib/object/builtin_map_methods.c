/* Methods of maps. */
#include "object/builtin_methods.h"
#include "object/builtin_repr.h"
#include "object/builtin_sequence.h"
#include "object/hosted.h"

typedef enum wanted { KEYS, ITEMS, PAIRS } wanted_t;

static far_value_t *wanted_of (const far_value_t *map, size_t entry, wanted_t wanted)
{
    const far_value_t *key = far_value_key (map, entry), *item = far_value_item (map, entry);
    if (wanted != PAIRS)
        return far_value_retain (wanted == KEYS ? key : item);
    far_value_t *pair = far_value_list (), *first = far_value_retain (key), *second = far_value_retain (item);
    if (pair && !far_value_append (pair, &first) && !far_value_append (pair, &second))
        return pair;
    far_value_destroy (&first);
    far_value_destroy (&second);
    far_value_destroy (&pair);
    return NULL;
}

static far_status_t answer_all (far_call_t *call, far_hosted_t *self, wanted_t wanted)
{
    far_value_t *map = far_hosted_read (self), *list = far_value_list ();
    far_status_t status = list ? FAR_OK : FAR_E_NO_MEMORY;
    for (size_t i = 0; !status && i < far_value_count (map); i++) {
        far_value_t *item = wanted_of (map, i, wanted);
        status = item ? far_value_append (list, &item) : far_last_status ();
    }
    far_value_destroy (&map);
    return far_hosted_answer (call, status, &list);
}

static far_status_t keys (far_call_t *call, void *self)
{
    return answer_all (call, self, KEYS);
}

static far_status_t values (far_call_t *call, void *self)
{
    return answer_all (call, self, ITEMS);
}

static far_status_t items (far_call_t *call, void *self)
{
    return answer_all (call, self, PAIRS);
}

/* A search in the middle of a change, so that nothing comes between the two. */
typedef struct entry {
    far_value_t **map, *key;
    far_keys_t *keys;
    size_t at; /* SIZE_MAX: there is none */
} entry_t;

static void entry_end (far_hosted_t *self, entry_t *entry, far_value_t **dropped)
{
    far_hosted_edited (self, dropped);
    far_value_destroy (&entry->key);
}

/* Unless it fails, entry_end is to be called. */
static far_status_t entry_begin (far_hosted_t *self, const far_value_t *key, entry_t *out)
{
    out->key = far_hosted_operand (key);
    far_status_t status = out->key ? far_hosted_edit (self, &out->map, &out->keys) : FAR_E_NO_MEMORY;
    if (status) {
        far_value_destroy (&out->key);
        return status;
    }
    status = far_keys_find (out->keys, *out->map, out->key, &out->at);
    if (status)
        entry_end (self, out, &(far_value_t *){ NULL });
    return status;
}

static far_status_t get (far_call_t *call, void *self)
{
    const far_value_t *key, *otherwise;
    entry_t entry;
    far_status_t status = far_call_args (call, &key, &otherwise);
    if (!status)
        status = entry_begin (self, key, &entry);
    if (status)
        return status;
    far_value_t *item =
        entry.at == SIZE_MAX ? far_hosted_kept (otherwise) : far_value_retain (far_value_item (*entry.map, entry.at));
    entry_end (self, &entry, &(far_value_t *){ NULL });
    return far_hosted_answer (call, FAR_OK, &item);
}

static far_status_t pop (far_call_t *call, void *self)
{
    const far_value_t *key, *otherwise;
    entry_t entry;
    far_status_t status = far_call_args (call, &key, &otherwise);
    bool has_default = call->request.argument_count + call->request.keyword_count > 1;
    if (!status)
        status = entry_begin (self, key, &entry);
    if (status)
        return status;
    far_value_t *item = NULL, *dropped = NULL;
    if (entry.at != SIZE_MAX) {
        item = far_value_retain (far_value_item (*entry.map, entry.at));
        status = far_entries_remove (entry.keys, *entry.map, entry.at, &dropped);
    } else if (has_default) {
        item = far_hosted_kept (otherwise);
    } else {
        status = far_raise_missing (entry.key);
    }
    entry_end (self, &entry, &dropped);
    return far_hosted_answer (call, status, &item);
}

static far_status_t popitem (far_call_t *call, void *self)
{
    far_value_t **map, *pair = NULL, *dropped = NULL;
    far_keys_t *index;
    far_status_t status = far_hosted_edit (self, &map, &index);
    if (status)
        return status;
    size_t count = far_value_count (*map);
    if (!count)
        status = far_raise ("KeyError", "popitem(): map is empty");
    else if (!(pair = wanted_of (*map, count - 1, PAIRS)))
        status = FAR_E_NO_MEMORY;
    else
        status = far_entries_remove (index, *map, count - 1, &dropped);
    far_hosted_edited (self, &dropped);
    return far_hosted_answer (call, status, &pair);
}

static far_status_t setdefault (far_call_t *call, void *self)
{
    const far_value_t *key, *otherwise;
    entry_t entry;
    far_status_t status = far_call_args (call, &key, &otherwise);
    if (!status)
        status = entry_begin (self, key, &entry);
    if (status)
        return status;
    far_value_t *dropped = NULL, *item = entry.at == SIZE_MAX
                                             ? far_hosted_kept (otherwise)
                                             : far_value_retain (far_value_item (*entry.map, entry.at));
    if (!item)
        status = FAR_E_NO_MEMORY;
    else if (entry.at == SIZE_MAX)
        status = far_entries_set (entry.keys, *entry.map, entry.key, item, &dropped);
    entry_end (self, &entry, &dropped);
    return far_hosted_answer (call, status, &item);
}

static far_status_t update (far_call_t *call, void *self)
{
    const far_value_t *sent;
    far_value_t **map, *dropped = NULL;
    far_keys_t *index;
    far_status_t status = far_call_args (call, &sent);
    far_value_t *from = status ? NULL : far_hosted_operand (sent);
    if (from)
        status = far_hosted_edit (self, &map, &index);
    if (!status && from) {
        far_keys_forget (index);
        status = far_entries_update (map, from, &dropped);
        far_hosted_edited (self, &dropped);
    }
    status = !status && !from ? FAR_E_NO_MEMORY : status;
    far_value_destroy (&from);
    return status;
}

static far_status_t copy (far_call_t *call, void *self)
{
    far_value_t *map = far_hosted_read (self);
    return far_hosted_answer (call, FAR_OK, &map);
}

static far_status_t clear (far_call_t *call, void *self)
{
    (void)call;
    far_value_t **map, *dropped = NULL;
    far_keys_t *index;
    far_status_t status = far_hosted_edit (self, &map, &index);
    if (status)
        return status;
    far_keys_forget (index);
    status = far_value_splice (*map, 0, 2 * far_value_count (*map), NULL, 0, &dropped);
    far_hosted_edited (self, &dropped);
    return status;
}

const far_method_t far_map_methods[] = {
    { "keys", keys, "-> [v]", "A list of the keys." },
    { "values", values, "-> [v]", "A list of the items." },
    { "items", items, "-> [v]", "A list of the entries, each a list of key and item." },
    { "get", get, "key:v, default:v=nil -> v", "The item of a key, else the default." },
    { "pop", pop, "key:v, default:v=nil -> v",
      "Take an entry out, give its item; KeyError where no default is given." },
    { "popitem", popitem, "-> [v]", "Take the last entry out." },
    { "setdefault", setdefault, "key:v, default:v=nil -> v", "The item of a key, which is set to the default first." },
    { "update", update, "other:v", "Set all entries of a map, or of a list of pairs." },
    { "copy", copy, "-> {vv}", "The map by value." },
    { "clear", clear, NULL, "Take all entries out." },
    { 0 },
};
