/* The sessions by connection number, the live processes by ID and by name, and who has exchanged messages with whom. */
#ifndef BROKER_PROCESSES_H
#define BROKER_PROCESSES_H

#include "session.h"
#include "wire/fields.h"

typedef struct processes processes_t;

/* incarnation is not 0. NULL without memory. */
processes_t *processes_new (uint32_t incarnation);
/* Asserts that it is empty. */
void processes_destroy (processes_t **self_p);

/* A connection that nobody knows yet. The table owns it until processes_close. NULL without memory. */
session_t *processes_open (processes_t *self, uint32_t connection, const peer_t *peer);
session_t *processes_by_connection (const processes_t *self, uint32_t connection);
/* Frees a session that is not live, and has nothing parked. */
void processes_close (processes_t *self, session_t **session_p);

/* Makes the session a live process: gives it an ID, and the name in hello, which is not taken. Consumes hello. false
 * without memory: then nothing has changed. */
bool processes_admit (processes_t *self, session_t *session, hello_t *hello);
/* A live process without a connection, with this name, which is not taken: inside the broker. It is met, found and
 * named like any other. processes_dismiss ends it. NULL without memory. */
session_t *processes_admit_resident (processes_t *self, resident_t *resident, const char *name);
/* It has parted from all. */
void processes_dismiss (processes_t *self, session_t **session_p);
/* The live process with this ID, or name; NULL if there is none. */
session_t *processes_find (const processes_t *self, far_process_id_t id);
session_t *processes_named (const processes_t *self, const char *name, size_t size);
/* Was the ID given out by this broker, its own included? */
bool processes_were_given (const processes_t *self, far_process_id_t id);
far_process_id_t processes_broker_id (const processes_t *self);

static inline bool processes_have_met (const session_t *a, const session_t *b)
{
    return a->met[b->slot / 64] >> b->slot % 64 & 1;
}

static inline void processes_meet (session_t *a, session_t *b)
{
    a->met[b->slot / 64] |= (uint64_t)1 << b->slot % 64;
    b->met[a->slot / 64] |= (uint64_t)1 << a->slot % 64;
}

/* Takes one of those away that the session has met; NULL when none is left. */
session_t *processes_part (processes_t *self, session_t *session);
/* A live process that has parted from all is down: its ID and its name are found no more. */
void processes_retire (processes_t *self, session_t *session, far_down_how_t how);
/* How a process that is down came to be so: known of the last that left, else that it died. */
far_down_how_t processes_ended_how (const processes_t *self, far_process_id_t id);

/* Goes through the live ones, residents too: start with *position = 0; NULL at the end. */
session_t *processes_next (const processes_t *self, size_t *position);
/* Any session; NULL when there is none. */
session_t *processes_any (const processes_t *self);
/* Without residents. */
size_t processes_count (const processes_t *self);
size_t processes_sessions (const processes_t *self);

#endif
