/* Pipelines: values that travel through stages, from one process or fleet to the next, without coming back in between.
 *
 *     far_pipeline_t *line = far_pipeline_new (me, "reader.read @ readers | tokens.count @ counters | merge.add @ merger");
 *     while (next (&path))
 *         far_pipeline_push (line, "s", path);
 *     far_pipeline_finish (line);
 *
 * A stage is a function and the name of the process or fleet that it is called at; it need not be there yet. What is
 * pushed is its arguments; what it returns is the only argument of the next stage. The broker keeps the input of each
 * stage until it has been answered: what a process did not live to answer is asked again, of whoever has its name next.
 * So a stage may be run more than once for one input. An error ends its input, and the others go on.
 *
 * Stages are a text, in which settings may follow the name, `tokens.count @ counters attempts=2 most=8`, or records:
 *
 *     const far_pipeline_stage_t stages[] = {
 *         { .path = "reader.read", .at = "readers" },
 *         { .path = "tokens.count", .at = "counters", .attempts = 2, .most = 8 },
 *         { 0 }
 *     };
 *     far_pipeline_t *line = far_pipeline_open (me, &(far_pipeline_options_t){ .table = stages });
 *
 * One thread at a time uses a pipeline. It does not outlive the session with the broker. */
#ifndef FARCALL_PIPELINE_H
#define FARCALL_PIPELINE_H

#include <farcall/actor.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct far_pipeline far_pipeline_t;

typedef enum far_pipeline_results {
    FAR_PIPELINE_NO_RESULTS, /* what the last stage returns is let go of */
    FAR_PIPELINE_IN_ORDER,   /* far_pipeline_next gives the results in the order of pushing */
    FAR_PIPELINE_AS_DONE     /* it gives them as they come */
} far_pipeline_results_t;

/* A stage. What is 0 is as usual; the text has the same settings under the same names. */
typedef struct far_pipeline_stage {
    const char *path; /* the function */
    const char *at;   /* the process or fleet that it is called at */
    int attempts;     /* processes that may die of one input, up to 1,000; the last attempt is made alone. 0: 5 */
    int pause_ms;     /* after a process took no more (Overloaded), or was about to leave; up to an hour. 0: 20 */
    int most;         /* inputs that are with it at a time, up to 4,096. 0: as many as there are */
    int timeout_ms;   /* of a run, from handing out; then it ends with Timeout; up to a day. 0: as long as it takes */
} far_pipeline_stage_t;

/* Told of each input that failed: which (the first that was pushed is 1), and how. error is borrowed until it returns. Runs
 * in far_pipeline_push, far_pipeline_next or far_pipeline_finish; it must not use the pipeline. */
typedef void far_pipeline_error_fn (void *context, uint64_t input, const far_error_t *error);

/* All zero is the default of each, but stages. */
typedef struct far_pipeline_options {
    const char *stages;
    const far_pipeline_stage_t *table; /* in their place: records, and a zero one */
    const char *name; /* for others, who may push to it too by calling it, and for people; NULL: one is made up */
    int window;       /* at most so many inputs are inside, 1 to 4,096; 0: 256 */
    int deadline_ms;  /* how long an input may take, from end to end; 0: as long as it takes */
    far_pipeline_results_t results;
    /* Where inputs go that failed at a stage, like a stage `path @ name`; NULL: nowhere. It is called with the number of the
     * stage and of the input (from 1, two integers), the error (a map: "kind", "class", "message", "text") and what the
     * stage was called with (a list). What it returns is the result of the input, in the place of an error. If it fails, or
     * if the input was given up (Cancelled, Closed, its deadline), the error comes out as if there was no such place. */
    const char *errors;
    far_pipeline_error_fn *on_error; /* NULL: far_pipeline_finish gives the first error */
    void *context;
} far_pipeline_options_t;

/* Makes a pipeline in the broker. Waits as long as calls wait. Copies all. NULL with BadArguments (says which stage is
 * wrong, and what was expected), NameTaken, Overloaded (too many pipelines), NoMemory, and the errors of a call. */
FAR_EXPORT far_pipeline_t *far_pipeline_new (far_actor_t *actor, const char *stages);
FAR_EXPORT far_pipeline_t *far_pipeline_open (far_actor_t *actor, const far_pipeline_options_t *options);
/* Ends what is inside, and lets go. Waits for nothing. */
FAR_EXPORT void far_pipeline_destroy (far_pipeline_t **pipeline_p);

/* Pushes one input: the arguments of the first stage, by a picture without results. If as many are inside as the window
 * says, it waits for one of them to come out. The errors of sending; those of stages are told as above. */
FAR_EXPORT far_status_t far_pipeline_push (far_pipeline_t *pipeline, const char *picture, ...);
/* The result of one input, by a picture of one value (NULL or "": only the status), waiting until it is there; the error of
 * that input if it failed. NoSuchAttribute if there is none left to take, or the pipeline keeps none. Results that nobody
 * takes stay in memory. */
FAR_EXPORT far_status_t far_pipeline_next (far_pipeline_t *pipeline, const char *picture, ...);
/* How many results far_pipeline_next has left to give, those that are still under way too. */
FAR_EXPORT size_t far_pipeline_left (const far_pipeline_t *pipeline);
/* Waits until nothing is inside. FAR_OK, or the first error of an input that on_error was not told of. Results can be taken,
 * and more pushed, after it too. */
FAR_EXPORT far_status_t far_pipeline_finish (far_pipeline_t *pipeline);

#ifdef __cplusplus
}
#endif

#endif
