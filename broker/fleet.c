/* Jobs on their way through a fleet. Each that waits is in one queue: among the delayed, in the common one, or, once its
 * key has a worker, in that worker's. Each that runs is in the list of its worker. Owns jobs, workers and callers. */
#include "fleet.h"

#include <assert.h>
#include <stdlib.h>

#define BACKOFF_DOUBLINGS 16

void fleet_init (fleet_t *self, const fleet_settings_t *settings)
{
    *self = (fleet_t){ .settings = *settings,
                       .ready.before = job_is_before,
                       .delayed.before = job_starts_before,
                       .timed.before = job_ends_before };
}

/* The queue that it waits in. */
static far_heap_t *queue_of (fleet_t *self, fleet_job_t *job)
{
    if (job->state == JOB_DELAYED)
        return &self->delayed;
    return job->worker ? &job->worker->queue : &self->ready;
}

static void enqueue (fleet_t *self, fleet_job_t *job, int64_t now_ns)
{
    job->state = job->not_before > now_ns ? JOB_DELAYED : JOB_QUEUED;
    job->worker = job->state == JOB_QUEUED && job->wishes.has_key ? keys_worker (&self->keys, job->wishes.key) : NULL;
    self->keyed += job->worker != NULL;
    far_heap_put (queue_of (self, job), &job->waiting);
}

static void dequeue (fleet_t *self, fleet_job_t *job)
{
    far_heap_remove (queue_of (self, job), &job->waiting);
    self->keyed -= job->worker != NULL;
    job->worker = NULL;
    job->state = JOB_NEW;
}

static void start (fleet_t *self, fleet_job_t *job, fleet_worker_t *worker)
{
    job->state = JOB_RUNNING;
    job->worker = worker;
    job->next = NULL;
    job->previous = worker->last;
    *(worker->last ? &worker->last->next : &worker->first) = job;
    worker->last = job;
    worker->running++;
    worker->given = ++self->givings;
}

static void stop (fleet_t *self, fleet_job_t *job)
{
    fleet_worker_t *worker = job->worker;
    *(job->previous ? &job->previous->next : &worker->first) = job->next;
    *(job->next ? &job->next->previous : &worker->last) = job->previous;
    worker->running--;
    far_map_remove (&self->running, job->attempt);
    job->worker = NULL;
    job->state = JOB_NEW;
}

static void end_timing (fleet_t *self, fleet_job_t *job)
{
    if (job->deadline != FAR_DEADLINE_NEVER)
        far_heap_remove (&self->timed, &job->timed);
    job->deadline = FAR_DEADLINE_NEVER;
}

static void drop_caller_if_idle (fleet_t *self, fleet_caller_t *caller)
{
    if (caller->jobs)
        return;
    far_map_remove (&self->callers, caller->id.value);
    far_map_deinit (&caller->requests);
    free (caller);
}

void fleet_abandon (fleet_t *self, fleet_job_t *job)
{
    fleet_caller_t *caller = job->caller;
    if (!caller)
        return;
    if (job->request)
        far_map_remove (&caller->requests, job->request);
    *(job->elder ? &job->elder->sibling : &caller->jobs) = job->sibling;
    if (job->sibling)
        job->sibling->elder = job->elder;
    job->caller = NULL;
    drop_caller_if_idle (self, caller);
    end_timing (self, job);
}

void fleet_take (fleet_t *self, fleet_job_t *job)
{
    if (job->state == JOB_RUNNING)
        stop (self, job);
    else
        dequeue (self, job);
    fleet_abandon (self, job);
    self->bytes -= job->size;
}

void fleet_deinit (fleet_t *self)
{
    fleet_job_t *job;
    while ((job = job_of_waiting (self->ready.first)) || (job = job_of_waiting (self->delayed.first))) {
        fleet_take (self, job);
        free (job);
    }
    while (self->workers) {
        fleet_worker_t *worker = self->workers;
        while ((job = worker->first) || (job = job_of_waiting (worker->queue.first))) {
            fleet_take (self, job);
            free (job);
        }
        self->workers = worker->next;
        free (worker);
    }
    assert (!self->callers.count && !self->running.count && !self->bytes);
    far_map_deinit (&self->callers);
    far_map_deinit (&self->running);
    keys_deinit (&self->keys);
}

fleet_worker_t *fleet_worker (const fleet_t *self, far_process_id_t id)
{
    fleet_worker_t *worker = self->workers;
    while (worker && !far_process_id_equals (worker->id, id))
        worker = worker->next;
    return worker;
}

fleet_worker_t *fleet_join (fleet_t *self, session_t *session, unsigned slots)
{
    fleet_worker_t *worker = fleet_worker (self, session->id);
    if (!worker && (worker = malloc (sizeof *worker))) {
        *worker = (fleet_worker_t){
            .next = self->workers, .session = session, .id = session->id, .leaving = true, .queue.before = job_is_before
        };
        session_describe (session, worker->label, sizeof worker->label);
        self->workers = worker;
    }
    if (!worker)
        return NULL;
    self->worker_count += worker->leaving;
    worker->leaving = false;
    worker->slots = slots;
    return worker;
}

void fleet_turn_away (fleet_t *self, fleet_worker_t *worker)
{
    if (!worker->leaving)
        self->worker_count--;
    worker->leaving = true;
    keys_drop (&self->keys, worker);
    fleet_job_t *job;
    while ((job = job_of_waiting (worker->queue.first))) {
        dequeue (self, job);
        enqueue (self, job, INT64_MAX);
    }
}

static int64_t backoff (const fleet_t *self, const fleet_job_t *job)
{
    unsigned doublings = job->deaths - 1 < BACKOFF_DOUBLINGS ? job->deaths - 1 : BACKOFF_DOUBLINGS;
    return self->settings.backoff_ns << doublings;
}

void fleet_again (fleet_t *self, fleet_job_t *job, int64_t not_before)
{
    stop (self, job);
    job->not_before = not_before;
    enqueue (self, job, not_before ? not_before - 1 : 0);
}

/* So many workers may die that have it, and one fewer than that may be given it once more. */
static unsigned deaths_most (const fleet_t *self, const fleet_job_t *job)
{
    const fleet_settings_t *settings = &self->settings;
    unsigned most = job->wishes.idempotent ? settings->attempts : 1;
    return settings->poison && settings->poison < most ? settings->poison : most;
}

static void free_worker (fleet_t *self, fleet_worker_t *worker)
{
    fleet_worker_t **at = &self->workers;
    while (*at != worker)
        at = &(*at)->next;
    *at = worker->next;
    free (worker);
}

fleet_job_t *fleet_lose (fleet_t *self, fleet_worker_t *worker, int64_t now_ns)
{
    if (!worker->leaving)
        fleet_turn_away (self, worker);
    while (worker->first) {
        fleet_job_t *job = worker->first;
        job->deaths++;
        /* As many as it has slots are the likeliest cause. Which ones it had begun only it knew: answers die with it. */
        bool suspected = worker->slots > 0;
        worker->slots -= suspected;
        if (job->caller && !job->given_up_at && job->deaths < deaths_most (self, job)) {
            fleet_again (self, job, suspected && self->settings.backoff_ns ? now_ns + backoff (self, job) : 0);
            continue;
        }
        return job;
    }
    free_worker (self, worker);
    return NULL;
}

bool fleet_is_open (const fleet_t *self)
{
    return fleet_is_served (self) || self->settings.queue_without_worker;
}

far_status_t fleet_room (const fleet_t *self, size_t size)
{
    size_t waiting = fleet_waiting (self);
    if (!fleet_is_open (self))
        return FAR_E_NO_WORKER;
    if (waiting >= self->settings.queue_requests || (self->bytes && self->bytes + size > self->settings.queue_bytes))
        return FAR_E_OVERLOADED;
    return FAR_OK;
}

static fleet_caller_t *caller_of (fleet_t *self, session_t *session)
{
    fleet_caller_t *caller = far_map_get (&self->callers, session->id.value);
    if (caller || !(caller = calloc (1, sizeof *caller)))
        return caller;
    caller->session = session;
    caller->id = session->id;
    if (!far_map_put (&self->callers, session->id.value, caller)) {
        free (caller);
        return NULL;
    }
    return caller;
}

far_status_t fleet_add (fleet_t *self, session_t *session, fleet_job_t *job, int64_t now_ns)
{
    fleet_caller_t *caller = caller_of (self, session);
    if (!caller)
        return FAR_E_NO_MEMORY;
    bool taken = job->request && far_map_get (&caller->requests, job->request);
    if (taken || (job->request && !far_map_put (&caller->requests, job->request, job))) {
        drop_caller_if_idle (self, caller);
        return taken ? FAR_E_PROTOCOL_ERROR : FAR_E_NO_MEMORY;
    }
    job->caller = caller;
    job->asker = caller->id;
    job->elder = NULL;
    job->sibling = caller->jobs;
    if (caller->jobs)
        caller->jobs->elder = job;
    caller->jobs = job;
    job->order = ++self->orders;
    job->came_at = now_ns;
    job->not_before = job->wishes.delay_ns ? now_ns + job->wishes.delay_ns : 0;
    self->bytes += job->size;
    if (job->deadline != FAR_DEADLINE_NEVER)
        far_heap_put (&self->timed, &job->timed);
    enqueue (self, job, now_ns);
    return FAR_OK;
}

/* What is sent ahead may lose an attempt without having been begun: so the last attempt is always with a free slot. */
static bool may_go_ahead (const fleet_t *self, const fleet_job_t *job)
{
    return job->wishes.idempotent && job->deaths + 1 < deaths_most (self, job);
}

static bool has_room (const fleet_t *self, const fleet_worker_t *worker, const fleet_job_t *job)
{
    size_t room = (size_t)worker->slots + (may_go_ahead (self, job) ? self->settings.prefetch : 0);
    return !worker->leaving && worker->running < room;
}

/* Does a have less to do for its slots than b? Of equals, the one that was given something longer ago. */
static bool is_freer (const fleet_worker_t *a, const fleet_worker_t *b)
{
    uint64_t load_a = (uint64_t)a->running * b->slots, load_b = (uint64_t)b->running * a->slots;
    return load_a != load_b ? load_a < load_b : a->given < b->given;
}

static fleet_worker_t *least_loaded (const fleet_t *self, const fleet_job_t *job)
{
    fleet_worker_t *best = NULL;
    for (fleet_worker_t *worker = self->workers; worker; worker = worker->next)
        if (has_room (self, worker, job) && (!best || is_freer (worker, best)))
            best = worker;
    return best;
}

/* The most urgent one that waits for a worker which has room. */
static fleet_job_t *first_keyed (const fleet_t *self)
{
    fleet_job_t *best = NULL;
    for (const fleet_worker_t *worker = self->workers; self->keyed && worker; worker = worker->next) {
        fleet_job_t *job = job_of_waiting (worker->queue.first);
        if (job && has_room (self, worker, job) && (!best || job_is_before (&job->waiting, &best->waiting)))
            best = job;
    }
    return best;
}

/* The delayed whose time has come are delayed no more. */
static void wake_delayed (fleet_t *self, int64_t now_ns)
{
    fleet_job_t *job;
    while ((job = job_of_waiting (self->delayed.first)) && job->not_before <= now_ns) {
        dequeue (self, job);
        enqueue (self, job, now_ns);
    }
}

static fleet_job_t *hand_out (fleet_t *self, fleet_job_t *job, fleet_worker_t *worker)
{
    if (!far_map_put (&self->running, self->attempts + 1, job))
        return NULL; /* without memory it waits on */
    dequeue (self, job);
    job->attempt = ++self->attempts;
    if (job->wishes.has_key && !keys_worker (&self->keys, job->wishes.key))
        keys_bind (&self->keys, job->wishes.key, worker);
    start (self, job, worker);
    return job;
}

/* Those behind the first of the common queue whose key has got a worker since they came stand in the wrong queue. */
static fleet_job_t *first_ready (fleet_t *self)
{
    for (;;) {
        fleet_job_t *job = job_of_waiting (self->ready.first);
        if (!job || !job->wishes.has_key || !keys_worker (&self->keys, job->wishes.key))
            return job;
        dequeue (self, job);
        enqueue (self, job, INT64_MAX);
    }
}

fleet_job_t *fleet_next (fleet_t *self, int64_t now_ns)
{
    wake_delayed (self, now_ns);
    if (self->mode != FLEET_RUNS)
        return NULL;
    fleet_job_t *ready = first_ready (self), *keyed = first_keyed (self);
    if (keyed && (!ready || job_is_before (&keyed->waiting, &ready->waiting)))
        return hand_out (self, keyed, keyed->worker);
    /* If the first can't be had by anybody, those behind it wait too: or a worker would be given one idempotent request
     * after the other, and never have a slot free for it. */
    fleet_worker_t *worker = ready ? least_loaded (self, ready) : NULL;
    return worker ? hand_out (self, ready, worker) : NULL;
}

fleet_job_t *fleet_unserved (fleet_t *self)
{
    if (fleet_is_open (self))
        return NULL;
    const far_heap_node_t *first = self->ready.first ? self->ready.first : self->delayed.first;
    for (const fleet_worker_t *worker = self->workers; !first && worker; worker = worker->next)
        first = worker->queue.first;
    return job_of_waiting (first);
}

fleet_job_t *fleet_find (const fleet_t *self, far_process_id_t id, uint64_t request)
{
    const fleet_caller_t *caller = far_map_get (&self->callers, id.value);
    return caller && request ? far_map_get (&caller->requests, request) : NULL;
}

fleet_job_t *fleet_attempt (const fleet_t *self, far_process_id_t worker, uint64_t attempt)
{
    fleet_job_t *job = far_map_get (&self->running, attempt);
    return job && far_process_id_equals (job->worker->id, worker) ? job : NULL;
}

fleet_job_t *fleet_of_caller (const fleet_t *self, far_process_id_t id)
{
    const fleet_caller_t *caller = far_map_get (&self->callers, id.value);
    return caller ? caller->jobs : NULL;
}

fleet_job_t *fleet_expired (fleet_t *self, int64_t now_ns)
{
    fleet_job_t *job = job_of_timed (self->timed.first);
    if (!job || job->deadline > now_ns)
        return NULL;
    end_timing (self, job);
    return job;
}

far_deadline_t fleet_next_time (const fleet_t *self)
{
    const fleet_job_t *timed = job_of_timed (self->timed.first), *delayed = job_of_waiting (self->delayed.first);
    far_deadline_t end = timed ? timed->deadline : FAR_DEADLINE_NEVER;
    return delayed && delayed->not_before < end ? delayed->not_before : end;
}
