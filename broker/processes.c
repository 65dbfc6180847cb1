/* The table of processes. Each live one has a slot, a small number that is used again, so that who has met whom is a
 * matrix of bits: looked up and set for every message, without allocation. IDs are never used again. Knows nothing of
 * the protocol nor of sockets. */
#include "processes.h"
#include "base/map.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 64u
#define REMEMBERED  65536u /* of those that are down, how they went */

struct processes {
    far_map_t connections; /* session by connection number */
    far_map_t live;        /* session by ID */
    far_names_t *names;    /* session by name */
    session_t **slots;
    uint32_t slot_count; /* a multiple of 64 */
    uint32_t incarnation, next_serial, next_resident;
    size_t residents;
    uint64_t opened;         /* sessions, ever */
    uint8_t how[REMEMBERED]; /* far_down_how_t, by serial */
};

processes_t *processes_new (uint32_t incarnation)
{
    assert (incarnation);
    processes_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    self->incarnation = incarnation;
    self->next_serial = FAR_FIRST_SERIAL;
    self->next_resident = FAR_FIRST_RESIDENT;
    self->names = far_names_new ();
    if (!self->names)
        processes_destroy (&self);
    return self;
}

void processes_destroy (processes_t **self_p)
{
    processes_t *self = *self_p;
    if (!self)
        return;
    assert (!self->connections.count && !self->live.count && (!self->names || !far_names_count (self->names)));
    far_map_deinit (&self->connections);
    far_map_deinit (&self->live);
    far_names_destroy (&self->names);
    free (self->slots);
    free (self);
    *self_p = NULL;
}

session_t *processes_open (processes_t *self, uint32_t connection, const peer_t *peer)
{
    session_t *session = calloc (1, sizeof *session);
    if (!session)
        return NULL;
    session->connection = connection;
    session->peer = *peer;
    session->ordinal = ++self->opened;
    session->parked.owner = session;
    if (!far_map_put (&self->connections, connection, session)) {
        free (session);
        return NULL;
    }
    return session;
}

session_t *processes_by_connection (const processes_t *self, uint32_t connection)
{
    return far_map_get (&self->connections, connection);
}

void processes_close (processes_t *self, session_t **session_p)
{
    session_t *session = *session_p;
    assert (session->state != SESSION_LIVE && !session->parked.count && !session->packed);
    far_map_remove (&self->connections, session->connection);
    hello_deinit (&session->hello);
    free (session->met);
    free (session);
    *session_p = NULL;
}

/* Makes room for twice as many slots, in the table and in everybody's bits. */
static bool add_slots (processes_t *self)
{
    uint32_t count = self->slot_count ? self->slot_count * 2 : FIRST_SLOTS;
    session_t **slots = realloc (self->slots, count * sizeof *slots);
    if (!slots)
        return false;
    memset (slots + self->slot_count, 0, (count - self->slot_count) * sizeof *slots);
    self->slots = slots;
    for (uint32_t i = 0; i < self->slot_count; i++) {
        uint64_t *met = slots[i] ? realloc (slots[i]->met, count / 8) : NULL;
        if (!slots[i])
            continue;
        if (!met)
            return false;
        memset (met + self->slot_count / 64, 0, (count - self->slot_count) / 8);
        slots[i]->met = met;
    }
    self->slot_count = count;
    return true;
}

static bool take_slot (processes_t *self, session_t *session)
{
    uint32_t slot = 0;
    while (slot < self->slot_count && self->slots[slot])
        slot++;
    if (slot == self->slot_count && !add_slots (self))
        return false;
    uint64_t *met = calloc (self->slot_count / 64, sizeof *met);
    if (!met)
        return false;
    session->met = met;
    session->slot = slot;
    self->slots[slot] = session;
    return true;
}

static void give_slot_back (processes_t *self, session_t *session)
{
    self->slots[session->slot] = NULL;
    free (session->met);
    session->met = NULL;
}

/* Under this ID, and the name (NULL for none). */
static bool enter (processes_t *self, session_t *session, far_process_id_t id, const char *name)
{
    if (!take_slot (self, session))
        return false;
    bool found = far_map_put (&self->live, id.value, session);
    if (!found || (name && !far_names_add (self->names, name, strlen (name), session))) {
        far_map_remove (&self->live, id.value);
        give_slot_back (self, session);
        return false;
    }
    session->id = id;
    session->state = SESSION_LIVE;
    return true;
}

bool processes_admit (processes_t *self, session_t *session, hello_t *hello)
{
    /* After 2^31 processes there are no IDs left: a broker that has lived that long has to be started again. */
    far_process_id_t id = far_process_id_make (self->incarnation, self->next_serial);
    if (self->next_serial == FAR_FIRST_RESIDENT || !enter (self, session, id, hello->name))
        return false;
    self->how[self->next_serial++ % REMEMBERED] = 0;
    session->hello = *hello;
    *hello = (hello_t){ 0 };
    return true;
}

session_t *processes_admit_resident (processes_t *self, resident_t *resident, const char *name)
{
    session_t *session = calloc (1, sizeof *session);
    char *copy = strdup (name);
    far_process_id_t id = far_process_id_make (self->incarnation, self->next_resident);
    if (!session || !copy || !self->next_resident || !enter (self, session, id, name)) {
        free (session);
        free (copy);
        return NULL;
    }
    self->next_resident++;
    self->residents++;
    session->resident = resident;
    session->hello.name = copy;
    return session;
}

session_t *processes_find (const processes_t *self, far_process_id_t id)
{
    return far_map_get (&self->live, id.value);
}

session_t *processes_named (const processes_t *self, const char *name, size_t size)
{
    return far_names_get (self->names, name, size);
}

far_process_id_t processes_broker_id (const processes_t *self)
{
    return far_process_id_make (self->incarnation, FAR_FIRST_SERIAL - 1);
}

bool processes_were_given (const processes_t *self, far_process_id_t id)
{
    uint32_t serial = far_process_id_serial (id);
    bool used = serial < self->next_serial ||
                (serial >= FAR_FIRST_RESIDENT && (!self->next_resident || serial < self->next_resident));
    return far_process_id_incarnation (id) == self->incarnation && serial >= FAR_FIRST_SERIAL - 1 && used;
}

session_t *processes_part (processes_t *self, session_t *session)
{
    for (uint32_t word = 0; word < self->slot_count / 64; word++) {
        while (session->met[word]) {
            uint32_t slot = word * 64 + (uint32_t)__builtin_ctzll (session->met[word]);
            session_t *other = self->slots[slot];
            session->met[word] &= session->met[word] - 1;
            if (other == session)
                continue;
            other->met[session->slot / 64] &= ~((uint64_t)1 << session->slot % 64);
            if (other->last_peer == session)
                other->last_peer = NULL;
            return other;
        }
    }
    session->last_peer = NULL;
    return NULL;
}

void processes_retire (processes_t *self, session_t *session, far_down_how_t how)
{
    assert (session->state == SESSION_LIVE && !session->last_peer);
    if (!session->resident)
        self->how[far_process_id_serial (session->id) % REMEMBERED] = (uint8_t)how;
    far_map_remove (&self->live, session->id.value);
    if (session->hello.name)
        far_names_remove (self->names, session->hello.name, strlen (session->hello.name));
    give_slot_back (self, session);
    session->state = SESSION_LEFT;
}

void processes_dismiss (processes_t *self, session_t **session_p)
{
    session_t *session = *session_p;
    assert (session->resident);
    processes_retire (self, session, FAR_DOWN_BYE);
    self->residents--;
    hello_deinit (&session->hello);
    free (session);
    *session_p = NULL;
}

far_down_how_t processes_ended_how (const processes_t *self, far_process_id_t id)
{
    uint32_t serial = far_process_id_serial (id);
    if (serial >= FAR_FIRST_RESIDENT)
        return FAR_DOWN_BYE;
    uint8_t how = self->next_serial - serial <= REMEMBERED ? self->how[serial % REMEMBERED] : 0;
    return how ? (far_down_how_t)how : FAR_DOWN_DIED;
}

session_t *processes_next (const processes_t *self, size_t *position)
{
    while (*position < self->slot_count) {
        session_t *session = self->slots[(*position)++];
        if (session)
            return session;
    }
    return NULL;
}

session_t *processes_any (const processes_t *self)
{
    size_t position = 0;
    uint64_t connection;
    return far_map_next (&self->connections, &position, &connection);
}

size_t processes_count (const processes_t *self)
{
    return self->live.count - self->residents;
}

size_t processes_sessions (const processes_t *self)
{
    return self->connections.count;
}
