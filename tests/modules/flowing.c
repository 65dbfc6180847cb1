/* What the tests of streams and of late answers host: methods that give many results, and one that lets another thread
 * answer. */
#include <farcall.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_llong given, cancelled;

/* Gives 0 to count - 1, tells how far it is, and returns count. */
static far_status_t count (far_call_t *call, void *self)
{
    (void)self;
    int64_t most;
    if (far_call_args (call, &most))
        return far_call_status (call);
    for (int64_t i = 0; i < most; i++) {
        far_call_progress (call, (double)i, (double)most, i ? "going on" : "beginning");
        if (far_call_yield (call, "l", i))
            return far_last_status ();
    }
    return far_call_return (call, "l", most);
}

/* The same without an answer of its own. */
static far_status_t gather (far_call_t *call, void *self)
{
    (void)self;
    int64_t most;
    if (far_call_args (call, &most))
        return far_call_status (call);
    for (int64_t i = 0; i < most; i++)
        if (far_call_yield (call, "[ls]", i, "text"))
            return far_last_status ();
    return FAR_OK;
}

/* Gives results until nobody wants more. */
static far_status_t endless (far_call_t *call, void *self)
{
    (void)self;
    far_status_t status;
    while (!(status = far_call_yield (call, "u", (uint64_t)atomic_fetch_add (&given, 1))))
        ;
    if (status == FAR_E_CANCELLED || status == FAR_E_PEER_DIED || status == FAR_E_TIMEOUT)
        atomic_fetch_add (&cancelled, 1);
    return status;
}

static far_status_t fails (far_call_t *call, void *self)
{
    (void)self;
    for (int i = 0; i < 3; i++)
        if (far_call_yield (call, "i", i))
            return far_last_status ();
    return far_call_fail (call, "Broken", "after 3 results");
}

static far_status_t state (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "[ll]", (int64_t)atomic_load (&given), (int64_t)atomic_load (&cancelled));
}

/* Sums what a method of another process gives. */
static far_status_t sum_of (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *source;
    int64_t most, item, sum = 0;
    if (far_call_args (call, &source, &most))
        return far_call_status (call);
    far_stream_t *stream = far_stream (source, "count", "l", most);
    while (far_stream_next (stream, "l", &item))
        sum += item;
    far_status_t status = far_stream_status (stream);
    far_stream_destroy (&stream);
    return status ? status : far_call_return (call, "l", sum);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static far_reply_t *waiting;

/* Is answered when somebody calls `settle`. */
static far_status_t later (far_call_t *call, void *self)
{
    (void)self;
    far_reply_t *reply = far_call_defer (call);
    if (!reply)
        return far_last_status ();
    pthread_mutex_lock (&lock);
    far_reply_destroy (&waiting);
    waiting = reply;
    pthread_mutex_unlock (&lock);
    return FAR_OK;
}

static far_reply_t *take_waiting (void)
{
    pthread_mutex_lock (&lock);
    far_reply_t *reply = waiting;
    waiting = NULL;
    pthread_mutex_unlock (&lock);
    return reply;
}

static void *answer (void *reply_p)
{
    far_reply_t *reply = reply_p;
    far_reply_return (&reply, "s", "at last");
    return NULL;
}

/* By a thread of its own. */
static far_status_t settle (far_call_t *call, void *self)
{
    (void)self;
    bool fail;
    if (far_call_args (call, &fail))
        return far_call_status (call);
    far_reply_t *reply = take_waiting ();
    bool was_there = reply;
    pthread_t thread;
    if (fail)
        far_reply_fail (&reply, "Refused", "after all");
    else if (!pthread_create (&thread, NULL, answer, reply))
        pthread_join (thread, NULL);
    return far_call_return (call, "b", was_there);
}

static far_status_t forget (far_call_t *call, void *self)
{
    (void)self;
    far_reply_t *reply = take_waiting ();
    bool was_cancelled = far_reply_cancelled (reply);
    far_reply_destroy (&reply);
    return far_call_return (call, "b", was_cancelled);
}

/* Answers before it ends, what it returns is nothing; and can't be put off twice. */
static far_status_t at_once (far_call_t *call, void *self)
{
    (void)self;
    far_reply_t *reply = far_call_defer (call);
    far_reply_t *again = far_call_defer (call);
    far_reply_return (&reply, "b", again == NULL && far_last_status () == FAR_E_BAD_ARGUMENTS);
    return far_call_fail (call, "Nobody", "looks at this");
}

FAR_MODULE (flowing)
{
    far_module_function (module, "count", count, "most:l -> l", "Gives 0 to most - 1.");
    far_module_function (module, "gather", gather, "most:l -> v", "Gives lists.");
    far_module_function (module, "endless", endless, "", "Gives numbers until nobody wants more.");
    far_module_function (module, "fails", fails, "", "Gives three results and fails.");
    far_module_function (module, "state", state, "-> [l]", "What endless has given, and how often it ended.");
    far_module_function (module, "sum_of", sum_of, "source:P, most:l -> l", "Sums what source gives.");
    far_module_function (module, "later", later, "-> s", "Is answered later.");
    far_module_function (module, "settle", settle, "fail:b=false -> b", "Answers it.");
    far_module_function (module, "forget", forget, "-> b", "Lets it go; was it cancelled?");
    far_module_function (module, "at_once", at_once, "-> b", "Answers before it ends.");
}
