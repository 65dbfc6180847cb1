/* The pipelines of a broker: processes inside it. Towards pushers each is the callee, towards its stages the caller. */
#ifndef BROKER_PIPELINES_H
#define BROKER_PIPELINES_H

#include "pipeline.h"
#include "resident.h"

typedef struct pipeline_process {
    resident_t resident;
    pipeline_t pipeline;
    bool closed;
    uint64_t done, failed; /* inputs that have come out, one way or the other */
} pipeline_process_t;

/* NULL if it is none. */
pipeline_process_t *pipelines_as_pipeline (const resident_t *resident);
/* The pipeline of this name; NULL if there is none. */
pipeline_process_t *pipelines_find (const residents_t *self, const char *name);
typedef struct pipeline_plan {
    const char *stages, *sink; /* as pipeline.h says */
    const char *name;          /* "": one is made up */
    size_t window;
} pipeline_plan_t;

/* A new one. NULL with the last error: BadArguments, NameTaken, Overloaded, NoMemory. */
pipeline_process_t *pipelines_open (residents_t *self, session_t *owner, const pipeline_plan_t *plan);
/* It takes nothing more; what is inside ends with Closed, and it leaves. */
void pipelines_close (pipeline_process_t *pipeline);

#endif
