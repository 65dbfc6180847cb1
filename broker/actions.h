/* What a step of the router wants done, in order. */
#ifndef BROKER_ACTIONS_H
#define BROKER_ACTIONS_H

#include "base/buffer.h"
#include "session.h"
#include "wire/message.h"

typedef enum action_kind {
    ACTION_FORWARD, /* the frame of the event, which has been stamped, to session */
    ACTION_SEND,    /* a frame of the broker's own, to session */
    ACTION_CUT,     /* end session's connection */
    ACTION_LOG,     /* a line of text */
    ACTION_RESIDE, /* the frame of the event is for session, which is inside the broker; from sender. It has been looked
                     * at: what it refers to is granted, nobody speaks in the broker's place */
    ACTION_SERVE,  /* the frame of the event is for the broker's own objects; from session */
    ACTION_RELEASE, /* a process inside the broker gives a reference to an object of the broker back */
    ACTION_GRANT,   /* giver handed a reference to an object of the broker on to another */
    ACTION_JOINED,  /* session is a process now */
    ACTION_LEFT     /* the process with this ID is down */
} action_kind_t;

typedef struct action {
    action_kind_t kind;
    session_t *session; /* still there when the action is done, unless it is done after another step */
    union {
        struct {
            size_t offset, size; /* SEND, LOG (NUL-terminated): in bytes */
        } data;
        far_field_t grant; /* GRANT */
        struct {
            far_object_id_t object;
            far_process_id_t holder;
        } release;             /* RELEASE */
        session_t *sender;     /* RESIDE */
        far_process_id_t left; /* LEFT */
    };
} action_t;

typedef struct actions {
    action_t *items;
    size_t count, capacity;
    far_buffer_t bytes;
    bool failed; /* no memory: what is here is not all */
} actions_t;

/* All zero is empty and valid. */
void actions_deinit (actions_t *self);
/* Empties it, and keeps the memory. */
void actions_clear (actions_t *self);
/* One more; NULL without memory. */
action_t *actions_add (actions_t *self, action_kind_t kind, session_t *session);
void actions_log (actions_t *self, const char *format, ...) FAR_PRINTF (2, 3);
const uint8_t *actions_data (const actions_t *self, const action_t *action);

#endif
