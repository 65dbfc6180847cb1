/* What goes out. A message is submitted under the lock, where the references in it are counted and numbered, and sent
 * by whoever gets hold of the socket: the submitting thread, or the one that has it already. */
#include "actor/outbox.h"
#include "actor/chain.h"
#include "base/error.h"
#include "base/limits.h"
#include "proxy/reference.h"

#include <assert.h>
#include <inttypes.h>

enum {
    DRAINED_AT_ONCE = 512,
    BURST_NS = 20000 /* messages that follow each other within this are a burst */
};

static far_status_t field_of_object (far_actor_t *actor, far_object_t *object, far_process_id_t to, far_field_t *out)
{
    *out = (far_field_t){ .tag = FAR_FIELD_REFERENCE, .reference = { .owner = actor->id } };
    return far_exports_grant (actor->exports, object, to, &out->reference.object);
}

/* We are the owner: what a proxy of ours to an object of our own stands for is sent like the object. */
static far_status_t field_of_own_proxy (far_actor_t *actor, const far_proxy_t *proxy, far_process_id_t to,
                                        far_field_t *out)
{
    far_object_t *object = far_exports_home (actor->exports, proxy->object);
    if (!object)
        return far_fail (FAR_E_STALE, "object %" PRIu64 " of this process is gone", proxy->object.value);
    far_status_t status = field_of_object (actor, object, to, out);
    far_handle_drop (&object->handle); /* not the last owner: the table has one, since the proxy is counted */
    return status;
}

/* The reference's owner and object as they stand now; fails if it belongs to a session that is over. */
static far_status_t field_of_proxy (far_actor_t *actor, const far_proxy_t *proxy, far_process_id_t to, far_field_t *out)
{
    if (proxy->process->caller != &actor->caller)
        return far_fail (FAR_E_NOT_SERIALIZABLE, "a proxy of another actor can't be sent by this one");
    if (!proxy->process->listed && proxy->process->down)
        return far_fail_with (far_error_retain (proxy->process->down));
    if (proxy->object.value && far_process_id_equals (proxy->process->id, actor->id))
        return field_of_own_proxy (actor, proxy, to, out);
    *out = (far_field_t){ .tag = FAR_FIELD_REFERENCE,
                          .reference = { .owner = proxy->process->id, .object = proxy->object } };
    return FAR_OK;
}

/* Takes back what was counted for the first count references. */
static void take_back (far_actor_t *actor, const far_outgoing_t *out, const uint8_t *fields, size_t size)
{
    far_field_t field;
    far_fields_t walk;
    far_fields_start (&walk, fields, size);
    while (far_fields_next (&walk, &field)) {
        if (field.tag != FAR_FIELD_REFERENCE || !far_process_id_equals (field.reference.owner, actor->id))
            continue;
        far_object_t *gone =
            far_exports_release (actor->exports, field.reference.object, (far_process_id_t){ out->header.party }, 1);
        if (gone) /* the writer of the message has another owner of it */
            far_handle_drop (&gone->handle);
    }
}

/* Adds a REFERENCE field for each reference that the body speaks of. */
static far_status_t count_references (far_actor_t *actor, far_outgoing_t *out)
{
    far_process_id_t to = { out->header.party };
    far_status_t status = FAR_OK;
    for (size_t i = 0; i < out->writer.reference_count && !status; i++) {
        far_handle_t *handle = out->writer.references[i];
        far_proxy_t *proxy = far_proxy_from_handle (handle);
        far_object_t *object = far_object_from_handle (handle);
        far_field_t field;
        assert (proxy || object);
        status = proxy ? field_of_proxy (actor, proxy, to, &field) : field_of_object (actor, object, to, &field);
        if (!status)
            far_field_append (&out->fields, &field);
    }
    if (!status && out->fields.failed)
        status = far_fail (FAR_E_NO_MEMORY, "no memory for a message");
    return status;
}

static far_status_t push (far_actor_t *actor, far_outgoing_t *out)
{
    far_buffer_t *fields = &out->fields;
    if (out->header.type == FAR_DEL &&
        far_outqueue_join (&actor->outqueue, out->header.party, fields->data, fields->size))
        return FAR_OK;
    far_message_finish (&out->buffer, &out->header, fields->data, fields->size);
    if (out->buffer.failed || !far_outqueue_push (&actor->outqueue, &out->buffer))
        return far_fail (FAR_E_NO_MEMORY, "no memory for a message");
    return FAR_OK;
}

far_handle_t *far_outbox_own_proxy (far_actor_t *actor, far_object_t *object)
{
    far_proxy_t *proxy = NULL;
    far_object_id_t id;
    pthread_mutex_lock (&actor->caller.lock);
    if (actor->stage != FAR_STAGE_READY)
        far_fail (FAR_E_BROKER_LOST, "not connected to the broker");
    else if (!far_exports_grant (actor->exports, object, actor->id, &id))
        proxy = far_proxy_receive (&actor->caller, actor->id, id);
    if (proxy && !proxy->class_name)
        proxy->class_name = strdup (far_object_class_name (object));
    pthread_mutex_unlock (&actor->caller.lock);
    return proxy ? &proxy->handle : NULL;
}

far_status_t far_outbox_submit (far_actor_t *actor, far_outgoing_t *out)
{
    if (actor->stage != FAR_STAGE_READY)
        return far_fail_with (actor->refused ? far_error_retain (actor->refused)
                                             : far_error_new (FAR_E_BROKER_LOST, "not connected to the broker"));
    if (far_message_role (out->header.type) == FAR_ROLE_REQUEST && far_chain_mark (actor, out))
        return far_last_status ();
    size_t size = out->buffer.size + out->fields.size + out->writer.reference_count * FAR_REFERENCE_FIELD_SIZE;
    if (size > actor->message_bytes)
        return far_fail (FAR_E_LIMIT, "a message of %zu bytes; the broker takes at most %zu", size,
                         actor->message_bytes);
    size_t before = out->fields.size;
    far_status_t status = out->writer.reference_count ? count_references (actor, out) : FAR_OK;
    if (!status)
        status = push (actor, out);
    if (status && out->writer.reference_count) {
        take_back (actor, out, out->fields.data + before, out->fields.size - before);
        out->fields.size = before;
    }
    return status;
}

far_status_t far_outbox_submit_session (far_actor_t *actor, far_outgoing_t *out)
{
    far_status_t status = far_writer_status (&out->writer);
    return status ? status : push (actor, out);
}

void far_outbox_drain (far_actor_t *actor)
{
    far_outqueue_entry_t entries[DRAINED_AT_ONCE];
    while (far_link_is_clear (&actor->link)) {
        pthread_mutex_lock (&actor->caller.lock);
        bool was_full = far_outqueue_is_full (&actor->outqueue);
        size_t count = far_outqueue_take (&actor->outqueue, entries, DRAINED_AT_ONCE);
        if (was_full && !far_outqueue_is_full (&actor->outqueue))
            pthread_cond_broadcast (&actor->caller.room);
        pthread_mutex_unlock (&actor->caller.lock);
        if (!count)
            return;
        far_link_send (&actor->link, entries, count);
    }
}

static bool is_empty (far_actor_t *actor)
{
    pthread_mutex_lock (&actor->caller.lock);
    bool empty = !actor->outqueue.count;
    pthread_mutex_unlock (&actor->caller.lock);
    return empty;
}

void far_outbox_flush (far_actor_t *actor)
{
    /* Who fails to get the socket leaves its message to who has it, and who has it looks again after giving it up: so
     * no message stays behind. Reading the events is a must after each use: it takes the edge off the descriptor that
     * the actor's thread sleeps on, so if there is something to read that thread must be told. */
    do {
        if (pthread_mutex_trylock (&actor->socket_lock))
            return;
        bool stuck = true, wake = false;
        if (actor->link.socket) {
            far_link_events_t events;
            do {
                far_outbox_drain (actor);
                events = far_link_events (&actor->link);
                stuck = actor->link.has_unsent;
            } while (stuck && events.writable);
            wake = events.readable && actor->sleeping;
        }
        pthread_mutex_unlock (&actor->socket_lock);
        if (wake)
            far_actor_wake (actor);
        if (stuck)
            return; /* the actor's thread goes on when there is room */
    } while (!is_empty (actor));
}

void far_outbox_flush_rest (far_actor_t *actor)
{
    if (!is_empty (actor))
        far_outbox_flush (actor);
}

void far_outbox_flush_soon (far_actor_t *actor)
{
    /* Alone, a message is sent at once. In a burst it is left to the actor's thread, and while that comes to it more
     * pile up, which travel in one frame: those do not even look at the clock. Unless a method occupies that thread: then
     * nobody knows when it comes. The order matters: the message was queued before left, in_method and sleeping are read
     * here, and the thread sets them before it looks at the queue for the last time. */
    bool occupied = atomic_load (&actor->in_method);
    if (!occupied && atomic_load (&actor->left))
        return;
    int64_t now = far_clock_ns ();
    int64_t before = atomic_exchange_explicit (&actor->submitted_at, now, memory_order_relaxed);
    if (now - before > BURST_NS || occupied) {
        far_outbox_flush (actor);
        return;
    }
    atomic_store (&actor->left, true);
    if (atomic_load (&actor->sleeping) && atomic_exchange (&actor->sleeping, false))
        far_actor_wake (actor);
}

void far_outbox_take_left (far_actor_t *actor)
{
    if (atomic_exchange (&actor->left, false)) /* and the burst goes on */
        atomic_store_explicit (&actor->submitted_at, far_clock_ns (), memory_order_relaxed);
    far_outbox_drain (actor);
}
