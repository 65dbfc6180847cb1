/* The export table. It owns one owner of every object in it, and counts, for each holder, how often each was sent to
 * it. Three indexes: entries by object id (what comes in), entries by the object's address (what goes out), and for
 * each holder its shares by object id, so that the end of a holder costs what it held and no more. Knows nothing of
 * messages, nor of who is alive. */
#include "object/exports.h"
#include "base/error.h"
#include "base/map.h"
#include "wire/summary.h"

#include <assert.h>
#include <stdlib.h>

/* An object that somebody else holds. */
typedef struct far_entry far_entry_t;
struct far_entry {
    far_object_t *object; /* one owner */
    far_object_id_t id;
    size_t shares;     /* holders with a count above 0 */
    far_entry_t *next; /* in the list of what was let go */
};

/* What one holder has of one object. */
typedef struct far_share {
    far_entry_t *entry;
    uint64_t count; /* never 0 */
} far_share_t;

typedef struct far_holder {
    far_map_t shares; /* by object id */
} far_holder_t;

struct far_exports {
    far_map_t by_id, by_object, holders;
    size_t held_most; /* objects that one holder may have */
    uint64_t last_id;
    far_entry_t *let_go; /* out of the indexes, to be handed back one by one */
};

far_exports_t *far_exports_new (size_t held_most)
{
    far_exports_t *self = calloc (1, sizeof *self);
    if (!self)
        far_fail (FAR_E_NO_MEMORY, "no memory for an export table");
    else
        self->held_most = held_most;
    return self;
}

void far_exports_destroy (far_exports_t **self_p)
{
    if (!self_p || !*self_p)
        return;
    far_exports_t *self = *self_p;
    *self_p = NULL;
    assert (!self->by_id.count && !self->by_object.count && !self->holders.count && !self->let_go);
    far_map_deinit (&self->by_id);
    far_map_deinit (&self->by_object);
    far_map_deinit (&self->holders);
    free (self);
}

static uint64_t object_key (const far_object_t *object)
{
    return (uint64_t)(uintptr_t)object;
}

static far_entry_t *entry_new (far_exports_t *self, far_object_t *object)
{
    far_entry_t *entry = calloc (1, sizeof *entry);
    if (!entry)
        return NULL;
    entry->id.value = self->last_id + 1;
    if (!far_map_put (&self->by_id, entry->id.value, entry)) {
        free (entry);
        return NULL;
    }
    if (!far_map_put (&self->by_object, object_key (object), entry)) {
        far_map_remove (&self->by_id, entry->id.value);
        free (entry);
        return NULL;
    }
    self->last_id++;
    entry->object = far_object_retain (object);
    return entry;
}

static void entry_unlink (far_exports_t *self, far_entry_t *entry)
{
    far_map_remove (&self->by_id, entry->id.value);
    far_map_remove (&self->by_object, object_key (entry->object));
}

/* Takes an entry that nobody has a share of out of the table; gives its owner of the object. */
static far_object_t *entry_take (far_exports_t *self, far_entry_t *entry)
{
    far_object_t *object = entry->object;
    entry_unlink (self, entry);
    free (entry);
    return object;
}

static void holder_end_if_empty (far_exports_t *self, far_process_id_t id, far_holder_t *holder)
{
    if (holder->shares.count)
        return;
    far_map_remove (&self->holders, id.value);
    far_map_deinit (&holder->shares);
    free (holder);
}

static far_holder_t *holder_get_or_new (far_exports_t *self, far_process_id_t id)
{
    far_holder_t *holder = far_map_get (&self->holders, id.value);
    if (holder)
        return holder;
    holder = calloc (1, sizeof *holder);
    if (holder && !far_map_put (&self->holders, id.value, holder)) {
        free (holder);
        return NULL;
    }
    return holder;
}

static far_share_t *share_find (const far_exports_t *self, far_object_id_t id, far_process_id_t process)
{
    const far_holder_t *holder = far_map_get (&self->holders, process.value);
    return holder ? far_map_get (&holder->shares, id.value) : NULL;
}

/* One more of entry for a process. NoMemory, Overloaded: then nothing has changed. */
static far_status_t share_add (far_exports_t *self, far_entry_t *entry, far_process_id_t process)
{
    far_holder_t *holder = holder_get_or_new (self, process);
    far_share_t *share = holder ? far_map_get (&holder->shares, entry->id.value) : NULL;
    char who[32];
    if (share) {
        share->count++;
        return FAR_OK;
    }
    if (holder && holder->shares.count >= self->held_most)
        return far_fail (FAR_E_OVERLOADED, "process %s holds %zu of our objects, which is all that it may",
                         far_process_text (process.value, who), self->held_most);
    share = holder ? malloc (sizeof *share) : NULL;
    if (!share || !far_map_put (&holder->shares, entry->id.value, share)) {
        free (share);
        if (holder)
            holder_end_if_empty (self, process, holder);
        return far_fail (FAR_E_NO_MEMORY, "no memory to count a reference");
    }
    *share = (far_share_t){ .entry = entry, .count = 1 };
    entry->shares++;
    return FAR_OK;
}

far_status_t far_exports_grant (far_exports_t *self, far_object_t *object, far_process_id_t holder,
                                far_object_id_t *out_id)
{
    far_entry_t *entry = far_map_get (&self->by_object, object_key (object));
    if (!entry)
        entry = entry_new (self, object);
    if (!entry)
        return far_fail (FAR_E_NO_MEMORY, "no memory to export an object");
    far_status_t status = share_add (self, entry, holder);
    if (status && !entry->shares) {
        far_object_t *taken = entry_take (self, entry);
        far_object_destroy (&taken); /* never the last owner: the caller has lent us one */
    }
    if (!status)
        *out_id = entry->id;
    return status;
}

far_status_t far_exports_hand_on (far_exports_t *self, far_object_id_t id, far_process_id_t giver, far_process_id_t to)
{
    far_share_t *given = share_find (self, id, giver);
    return given ? share_add (self, given->entry, to) : FAR_OK;
}

far_object_t *far_exports_use (far_exports_t *self, far_object_id_t id, far_process_id_t holder)
{
    far_share_t *share = share_find (self, id, holder);
    return share ? far_object_retain (share->entry->object) : NULL;
}

far_object_t *far_exports_home (far_exports_t *self, far_object_id_t id)
{
    far_entry_t *entry = far_map_get (&self->by_id, id.value);
    return entry ? far_object_retain (entry->object) : NULL;
}

far_object_t *far_exports_release (far_exports_t *self, far_object_id_t id, far_process_id_t holder, uint64_t receipts)
{
    far_holder_t *from = far_map_get (&self->holders, holder.value);
    far_share_t *share = from ? far_map_get (&from->shares, id.value) : NULL;
    if (!share)
        return NULL;
    if (share->count > receipts) {
        share->count -= receipts;
        return NULL;
    }
    far_entry_t *entry = share->entry;
    far_map_remove (&from->shares, id.value);
    free (share);
    holder_end_if_empty (self, holder, from);
    return --entry->shares ? NULL : entry_take (self, entry);
}

static far_object_t *let_go_take (far_exports_t *self)
{
    far_entry_t *entry = self->let_go;
    if (!entry)
        return NULL;
    self->let_go = entry->next;
    far_object_t *object = entry->object;
    free (entry);
    return object;
}

/* Ends a holder that is out of the index already. */
static void holder_drop (far_exports_t *self, far_holder_t *holder)
{
    size_t position = 0;
    uint64_t id;
    for (far_share_t *share; (share = far_map_next (&holder->shares, &position, &id)); free (share)) {
        far_entry_t *entry = share->entry;
        if (--entry->shares)
            continue;
        entry_unlink (self, entry);
        entry->next = self->let_go;
        self->let_go = entry;
    }
    far_map_deinit (&holder->shares);
    free (holder);
}

far_object_t *far_exports_drop_holder (far_exports_t *self, far_process_id_t holder)
{
    far_holder_t *dropped = far_map_remove (&self->holders, holder.value);
    if (dropped)
        holder_drop (self, dropped);
    return let_go_take (self);
}

far_object_t *far_exports_clear (far_exports_t *self)
{
    size_t position = 0;
    uint64_t id;
    for (far_holder_t *holder; (holder = far_map_next (&self->holders, &position, &id));)
        holder_drop (self, holder);
    far_map_deinit (&self->holders);
    self->holders = (far_map_t){ 0 };
    return let_go_take (self);
}

size_t far_exports_count (const far_exports_t *self)
{
    return self->by_id.count;
}

uint64_t far_exports_references (const far_exports_t *self, far_object_id_t id, far_process_id_t holder)
{
    const far_share_t *share = share_find (self, id, holder);
    return share ? share->count : 0;
}
