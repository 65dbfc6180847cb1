/* Processes inside the broker, of several kinds. Each has a place among the processes, is met, found and sent messages
 * like any other, and speaks under its own ID. */
#ifndef BROKER_RESIDENT_H
#define BROKER_RESIDENT_H

#include "base/allotment.h"
#include "base/clock.h"
#include "pack.h"
#include "router.h"
#include "supervise.h"
#include <farcall/value.h>

typedef struct residents residents_t;

/* Where a request is: what is known of it there, and under which ID it was sent on. */
typedef struct where {
    far_process_id_t place;
    far_value_t *map; /* NULL without memory */
    far_process_id_t caller;
    uint64_t request; /* 0: it was not sent on */
} where_t;

/* What residents of a kind do. But for where, each is called while the residents have actions and a time. */
typedef struct resident_kind {
    const char *name; /* "fleet", for people */
    /* Takes a message that the router has looked at. */
    void (*take) (residents_t *all, resident_t *self, session_t *from, const far_message_t *message);
    /* The process is down, or on its way to that; cause is how it ended, NULL where that is not known. */
    void (*left) (residents_t *all, resident_t *self, far_process_id_t id, const char *cause);
    /* Does what can be done now, if it is stirred or its time has come. */
    void (*run) (residents_t *all, resident_t *self);
    /* When to run, without being stirred. */
    far_deadline_t (*next_time) (const resident_t *self);
    /* Has it this request of that caller? Then it is described. */
    bool (*where) (const residents_t *all, const resident_t *self, far_process_id_t caller, uint64_t request,
                   where_t *out);
    /* Is there nothing in it that anybody would miss? NULL: there always is. */
    bool (*is_idle) (const resident_t *self);
    /* Frees it; its place among the processes is gone. */
    void (*destroy) (resident_t *self);
} resident_kind_t;

/* The beginning of each. */
struct resident {
    const resident_kind_t *kind;
    resident_t *next;
    session_t *session;        /* its ID and name */
    far_process_id_t maker;    /* the process that it was made for; 0: the broker's configuration */
    far_allotment_t allotment; /* of what others may send it; resident_credit.c */
    far_map_t senders;
    bool starves; /* somebody has used up what it may send */
    bool stirred; /* something has changed: there may be work to do */
    bool ended;   /* nobody is to reach it any more; it is freed when nothing is under way to it */
};

struct residents {
    router_t *router;
    resident_t *first;
    size_t count;
    resident_t *born; /* the newest, whose name nobody has been told of yet */
    pack_t pack;
    supervise_t
        *workers; /* of fleets, those that the broker starts; borrowed; NULL where the configuration names none */
    /* While something is done. */
    actions_t *actions;
    int64_t now_ns;
};

/* Borrows the router. NULL without memory. */
residents_t *residents_new (router_t *router);
/* All other processes have left. */
void residents_destroy (residents_t **self_p);

/* May this process have one more made? Where there are as many as there may be, the oldest that is idle, and whose maker is
 * gone, ends for it. Overloaded. */
far_status_t residents_room (residents_t *self, far_process_id_t maker);
/* Gives it its place under this name, which is not taken. false without memory. It is freed through its kind. */
bool residents_add (residents_t *self, resident_t *resident, const char *name);
/* It has ended what it did: it leaves like a process, in the next run but one. */
void residents_end (resident_t *resident);

/* A frame for a resident, from a process or from another resident. */
void residents_take (residents_t *self, session_t *to, session_t *from, far_bytes_t frame, int64_t now_ns,
                     actions_t *actions);
/* Is the answer an ERROR of this kind that no method has made? Such a one has no hops. */
bool resident_is_refused (const far_message_t *answer, far_status_t kind);
/* A name is there that was not. */
void residents_joined (residents_t *self);
/* The process is down. */
void residents_left (residents_t *self, far_process_id_t id, const char *cause, int64_t now_ns, actions_t *actions);
/* The session is about to end: what was to be said to it goes nowhere. */
void residents_let_go (residents_t *self, session_t *session);
/* Has all do what they can. After what has come in; no actions are left to do. */
void residents_run (residents_t *self, int64_t now_ns, actions_t *actions);
/* When residents_run has something to do. */
far_deadline_t residents_deadline (const residents_t *self);

#endif
