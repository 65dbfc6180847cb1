/* The core of a pipeline: its stages, and how far each input has come. Knows nothing of frames, of who has which name, and
 * of time but what it is told. Sessions are names of pushers to it. */
#ifndef BROKER_PIPELINE_H
#define BROKER_PIPELINE_H

#include "base/clock.h"
#include "base/heap.h"
#include "base/map.h"
#include "latency.h"
#include "rate.h"
#include "session.h"

#define PIPELINE_STAGES_MOST 32
#define PIPELINE_WINDOW_MOST 4096

typedef struct pipeline_item pipeline_item_t;

/* Of one kind, the first to the last. */
typedef struct pipeline_list {
    pipeline_item_t *first, *last;
    size_t count;
} pipeline_list_t;

typedef struct pipeline_stage {
    const char *path, *at;   /* what is called, and the name of the process or fleet that it is called at */
    unsigned attempts;       /* processes that may die of one input here */
    int64_t pause_ns;        /* after it could not take one */
    size_t most;             /* that run at a time; 0: as many as are there */
    int64_t timeout_ns;      /* of a run; 0: as long as it takes */
    pipeline_list_t waiting; /* to be handed out */
    size_t running;          /* handed out, not answered */
    size_t bytes;            /* of them */
    bool alone;              /* it is one that runs alone */
    pipeline_item_t *back;   /* the last that was put back since anything was handed out; NULL: none, or it has left */
    int64_t not_before;      /* nothing is handed out until then */
    uint64_t entered, done, failed, repeated;
    rate_t rate;                /* of done and failed */
    latency_t *waited, *worked; /* until handed out, each time; from then until done. NULL: none yet */
} pipeline_stage_t;

/* An input on its way: to be read only. */
struct pipeline_item {
    uint64_t number; /* of its coming, from 1 */
    session_t *pusher;
    far_process_id_t pusher_id;
    uint64_t request;        /* the pusher's ID of it; 0: it wants no answer */
    far_deadline_t deadline; /* of all of it */
    size_t pushed_size;      /* of the push: the bytes that it takes credit for */
    uint32_t returns;        /* what the pusher wants by value */

    unsigned stage;                   /* stage_count: at the sink */
    far_error_t *error;               /* at the sink: how it failed. Owned */
    unsigned deaths;                  /* of processes, while they ran this stage of it */
    uint64_t attempt;                 /* the pipeline's own ID of what is running; 0: it waits */
    far_process_id_t where;           /* RUNNING: who has it */
    int64_t since;                    /* it waits, or runs */
    pipeline_item_t *next, *previous; /* that wait in the stage, or that run in any */
    far_deadline_t ends;              /* the deadline, or, while it runs, the end of that if it is nearer */
    far_heap_node_t timed;            /* while that is not never */
    uint8_t *input;                   /* of the stage under way: fields, then the body of the CALL */
    size_t fields_size, body_size;
};

/* All is to be read only. */
typedef struct pipeline {
    char *text, *sink_text; /* of the stages and of the sink, cut into pieces */
    pipeline_stage_t stages[PIPELINE_STAGES_MOST + 1];
    unsigned stage_count, place_count; /* without and with the sink, which is behind them */
    size_t window;                     /* so many may be inside, and one of each pusher's beside that */
    size_t inside;
    pipeline_list_t running;
    far_map_t attempts; /* item by attempt */
    far_heap_t timed;
    uint64_t pushed, attempt;
} pipeline_t;

/* Reads "path @ name | path @ name" (pipeline_text.h), and in the same way where inputs go that fail ("": nowhere).
 * BadArguments says what was expected where; NoMemory. pipeline_deinit cleans up, also after failure. */
far_status_t pipeline_init (pipeline_t *self, const char *stages, const char *sink, size_t window);
/* Frees what is left in it. */
void pipeline_deinit (pipeline_t *self);

/* One more, which waits for its first stage from like->since on. input (fields, then body) is taken. NULL without memory:
 * then input is still the caller's. */
pipeline_item_t *pipeline_enter (pipeline_t *self, const pipeline_item_t *like);
/* Its stage is done: it waits for the next one, with another input, which is taken. There is a next one. */
void pipeline_pass (pipeline_t *self, pipeline_item_t *item, uint8_t *input, size_t fields_size, size_t body_size,
                    int64_t now_ns);
/* Its stage has failed, of which the sink is told by another input; input and error are taken. There is a sink, and it is
 * not there yet. */
void pipeline_divert (pipeline_t *self, pipeline_item_t *item, uint8_t *input, size_t body_size, far_error_t *error,
                      int64_t now_ns);
/* What it ran in has not done it: it waits for the same stage again, before the others. died counts: an input that may die
 * no more without being given up runs alone, so that nothing ends for what another one did. Those put back without that
 * keep their order. */
void pipeline_repeat (pipeline_t *self, pipeline_item_t *item, bool died, int64_t now_ns);
/* Its stage takes nothing now: nothing is handed out there for a while. */
void pipeline_pause (pipeline_t *self, const pipeline_item_t *item, int64_t now_ns);
/* Out of it, whatever its state, and freed. how counts at its stage. */
typedef enum pipeline_end { PIPELINE_DONE, PIPELINE_FAILED, PIPELINE_DROPPED } pipeline_end_t;
void pipeline_remove (pipeline_t *self, pipeline_item_t *item, pipeline_end_t how, int64_t now_ns);

/* The next that could be handed out at this stage now, if there is somebody. NULL: none. */
pipeline_item_t *pipeline_next (pipeline_t *self, unsigned stage, int64_t now_ns);
/* It has been handed out: under item->attempt from here on. false without memory. */
bool pipeline_start (pipeline_t *self, pipeline_item_t *item, far_process_id_t where, int64_t now_ns);

/* What runs there under this ID; NULL if nothing does. */
pipeline_item_t *pipeline_attempt (const pipeline_t *self, far_process_id_t where, uint64_t attempt);
/* Any one that runs there. */
pipeline_item_t *pipeline_running_at (const pipeline_t *self, far_process_id_t where);
/* What this pusher asked under this ID; 0: any of what it pushed. */
pipeline_item_t *pipeline_of_pusher (const pipeline_t *self, far_process_id_t pusher, uint64_t request);
/* Any one; NULL if it is empty. */
pipeline_item_t *pipeline_any (const pipeline_t *self);
/* One whose deadline has passed, or that has run too long; NULL if there is none. */
pipeline_item_t *pipeline_expired (const pipeline_t *self, int64_t now_ns);
/* When pipeline_expired or pipeline_next may have something that they had not before. */
far_deadline_t pipeline_next_time (const pipeline_t *self);

#endif
