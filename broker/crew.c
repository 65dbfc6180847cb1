/* The crew of a fleet. Each place goes through the states of worker_state_t; what is to be done follows from a place's
 * state and the time, and from how many places there should be. */
#include "crew.h"

#include <string.h>

enum { QUEUE_NS = 200000000 /* so long a queue must last before a worker more is started */ };

typedef crew_worker_t worker_t;

static bool is_alive (const worker_t *worker)
{
    return worker->state != WORKER_NONE && worker->state != WORKER_WAITS;
}

/* Is it one of those that the crew should have? */
static bool counts (const worker_t *worker)
{
    return worker->state != WORKER_NONE && worker->state < WORKER_DRAINS && !worker->unwanted;
}

static void free_place (crew_t *self, worker_t *worker)
{
    *worker = (worker_t){ .state = WORKER_NONE };
    while (self->used && self->workers[self->used - 1].state == WORKER_NONE)
        self->used--;
}

static size_t count_places (const crew_t *self, bool old)
{
    size_t count = 0;
    for (size_t i = 0; i < self->used; i++)
        count += counts (&self->workers[i]) && self->workers[i].old == old;
    return count;
}

static size_t clamp (const crew_t *self, size_t wanted)
{
    if (wanted < self->settings.least)
        return self->settings.least;
    return wanted > self->settings.most ? self->settings.most : wanted;
}

void crew_init (crew_t *self, const crew_settings_t *settings)
{
    memset (self, 0, sizeof *self);
    self->settings = *settings;
    self->wanted = settings->least;
}

/* Follows the queue: one more where it lasts, one less where there has been none for long. */
static void adapt (crew_t *self, size_t queue, int64_t now_ns)
{
    int64_t *since = queue ? &self->queue_since : &self->idle_since;
    if (self->held)
        return;
    *(queue ? &self->idle_since : &self->queue_since) = 0;
    if (!*since)
        *since = now_ns;
    if (queue && self->wanted < self->settings.most && now_ns - *since >= QUEUE_NS) {
        self->wanted++;
        *since = now_ns;
    } else if (!queue && self->wanted > self->settings.least && now_ns - *since >= self->settings.idle_ns) {
        self->wanted--;
        *since = now_ns;
    }
}

/* Fills a free place: it is started at once, as nothing is known against it. */
static bool fill_place (crew_t *self, int64_t now_ns)
{
    size_t place = 0;
    while (place < self->used && self->workers[place].state != WORKER_NONE)
        place++;
    if (place == CREW_MOST)
        return false;
    self->used += place == self->used;
    self->workers[place] = (worker_t){ .state = WORKER_WAITS, .at = now_ns, .backoff_ns = self->settings.backoff_ns };
    return true;
}

/* One of those that wait is just forgotten; else one that runs is to be drained. */
static void leave_place (crew_t *self)
{
    worker_t *found = NULL;
    for (size_t i = self->used; i-- > 0;) {
        worker_t *worker = &self->workers[i];
        if (counts (worker) && !worker->old && (!found || worker->state < found->state))
            found = worker;
    }
    if (found && found->state == WORKER_WAITS)
        free_place (self, found);
    else if (found)
        found->unwanted = true;
}

static void fit_places (crew_t *self, int64_t now_ns)
{
    size_t have = count_places (self, false), wanted = self->stopping || self->held ? 0 : clamp (self, self->wanted);
    for (; have < wanted && fill_place (self, now_ns); have++)
        ;
    for (; have > wanted; have--)
        leave_place (self);
    /* An old one goes when as many new ones run as it takes to do without it. */
    size_t old = count_places (self, true), running = 0;
    for (size_t i = 0; i < self->used; i++)
        running += self->workers[i].state == WORKER_RUNS && !self->workers[i].old && !self->workers[i].unwanted;
    for (size_t i = 0; i < self->used && (self->stopping || old + running > wanted); i++) {
        worker_t *worker = &self->workers[i];
        if (!counts (worker) || !worker->old)
            continue;
        if (worker->state == WORKER_WAITS)
            free_place (self, worker);
        else
            worker->unwanted = true;
        old--;
    }
}

static bool too_many_restarts (crew_t *self, int64_t now_ns)
{
    const crew_settings_t *settings = &self->settings;
    if (!settings->restarts)
        return false;
    if (now_ns - self->restarts_since > settings->within_ns) {
        self->restarts_since = now_ns;
        self->restarts = 0;
    }
    return ++self->restarts > settings->restarts;
}

static crew_do_t next_of (crew_t *self, worker_t *worker, int64_t now_ns)
{
    switch (worker->state) {
    case WORKER_WAITS:
        if (now_ns < worker->at || self->resting_until)
            return CREW_NOTHING;
        worker->state = WORKER_STARTING;
        worker->started_at = now_ns;
        return CREW_START;
    case WORKER_STARTING:
    case WORKER_RUNS:
        if (!worker->unwanted)
            return CREW_NOTHING;
        worker->state = WORKER_DRAINS;
        worker->at = now_ns + self->settings.drain_ns;
        return CREW_DRAIN;
    case WORKER_DRAINS:
        if (now_ns < worker->at)
            return CREW_NOTHING;
        worker->state = WORKER_ENDS;
        worker->at = now_ns + self->settings.grace_ns;
        return CREW_TERM;
    case WORKER_ENDS:
        if (now_ns < worker->at)
            return CREW_NOTHING;
        worker->state = WORKER_KILLED;
        return CREW_KILL;
    default:
        return CREW_NOTHING;
    }
}

crew_do_t crew_next (crew_t *self, size_t queue, int64_t now_ns, size_t *worker)
{
    if (self->resting_until < 0) { /* it has just begun to rest */
        self->resting_until = now_ns + self->settings.rest_ns;
        return CREW_REST;
    }
    if (self->resting_until && now_ns >= self->resting_until) {
        self->resting_until = 0;
        self->restarts = 0;
    }
    adapt (self, queue, now_ns);
    fit_places (self, now_ns);
    for (size_t i = 0; i < self->used; i++) {
        crew_do_t what = next_of (self, &self->workers[i], now_ns);
        if (what == CREW_NOTHING)
            continue;
        *worker = i;
        return what;
    }
    return CREW_NOTHING;
}

static void take_earlier (far_deadline_t *earliest, int64_t at)
{
    if (at < *earliest)
        *earliest = at;
}

far_deadline_t crew_next_time (const crew_t *self)
{
    far_deadline_t earliest = self->resting_until > 0 ? self->resting_until : FAR_DEADLINE_NEVER;
    for (size_t i = 0; i < self->used; i++) {
        const worker_t *worker = &self->workers[i];
        bool waits = worker->state == WORKER_WAITS && !self->resting_until;
        if (waits || worker->state == WORKER_DRAINS || worker->state == WORKER_ENDS)
            take_earlier (&earliest, worker->at);
    }
    if (self->queue_since && self->wanted < self->settings.most)
        take_earlier (&earliest, self->queue_since + QUEUE_NS);
    if (self->idle_since && self->wanted > self->settings.least)
        take_earlier (&earliest, self->idle_since + self->settings.idle_ns);
    return earliest;
}

void crew_started (crew_t *self, size_t worker)
{
    if (self->workers[worker].state == WORKER_STARTING)
        self->workers[worker].state = WORKER_RUNS;
}

void crew_ended (crew_t *self, size_t index, int64_t now_ns)
{
    worker_t *worker = &self->workers[index];
    if (!is_alive (worker))
        return;
    if (worker->state >= WORKER_DRAINS || worker->unwanted || worker->old || self->stopping) {
        free_place (self, worker); /* where it is wanted, another one takes its place */
        return;
    }
    bool early = now_ns - worker->started_at < self->settings.early_ns;
    int64_t at = now_ns + (early ? worker->backoff_ns : 0);
    int64_t doubled = early && worker->backoff_ns ? 2 * worker->backoff_ns : self->settings.backoff_ns;
    if (doubled > self->settings.backoff_most_ns)
        doubled = self->settings.backoff_most_ns;
    if (at <= worker->started_at) /* once at one time, or crew_next would have no end where none can be started */
        at = worker->started_at + 1;
    *worker = (worker_t){ .state = WORKER_WAITS, .at = at, .backoff_ns = doubled };
    if (!self->resting_until && too_many_restarts (self, now_ns))
        self->resting_until = -1;
}

void crew_drained (crew_t *self, size_t worker, int64_t now_ns)
{
    if (self->workers[worker].state == WORKER_DRAINS)
        self->workers[worker].at = now_ns;
}

void crew_kill (crew_t *self, size_t index, int64_t now_ns)
{
    worker_t *worker = &self->workers[index];
    if (worker->state < WORKER_STARTING || worker->state > WORKER_DRAINS)
        return;
    worker->state = WORKER_ENDS;
    worker->at = now_ns;
}

void crew_set (crew_t *self, const crew_settings_t *settings, bool changed, int64_t now_ns)
{
    self->settings = *settings;
    self->wanted = clamp (self, self->wanted);
    self->resting_until = 0;
    self->restarts = 0;
    for (size_t i = 0; i < self->used; i++) {
        worker_t *worker = &self->workers[i];
        if (worker->state == WORKER_WAITS)
            *worker = (worker_t){ .state = WORKER_WAITS, .at = now_ns, .backoff_ns = settings->backoff_ns };
        else if (changed && worker->state != WORKER_NONE)
            worker->old = true;
    }
}

void crew_hold (crew_t *self, bool held)
{
    self->held = held;
    self->queue_since = self->idle_since = 0;
}

void crew_stop (crew_t *self, int64_t drain_ns)
{
    self->stopping = true;
    self->settings.drain_ns = drain_ns;
    for (size_t i = 0; i < self->used; i++) {
        worker_t *worker = &self->workers[i];
        if (counts (worker) && worker->state != WORKER_WAITS)
            worker->unwanted = true;
    }
}

size_t crew_count (const crew_t *self, worker_state_t state)
{
    size_t count = 0;
    for (size_t i = 0; i < self->used; i++)
        count += self->workers[i].state == state;
    return count;
}

bool crew_is_gone (const crew_t *self)
{
    for (size_t i = 0; i < self->used; i++)
        if (is_alive (&self->workers[i]))
            return false;
    return true;
}
