/* 200,000 random events against what must hold whatever happens: every request ends once, none that may not be repeated
 * is handed out twice, nobody has more than it has slots for, nothing is late, early, or out of its turn. */
#include "fleet_fixture.h"

enum { EVENTS = 200000, REQUESTS = EVENTS, WORKERS = 6, CALLERS = 5, KEYS = 8, DEATHS = 3 };

/* What the model knows of a request. */
typedef struct request {
    char caller;
    wish_t wish;
    int64_t asked;
    bool open;   /* the caller waits for it */
    char worker; /* that has it; 0: none */
    unsigned handed, died;
} request_t;

typedef struct model {
    fleet_t fleet;
    request_t *requests; /* by ID, from 1 */
    uint64_t last;
    unsigned slots[WORKERS]; /* 0: is not there */
    bool leaving[WORKERS];
    char keys[KEYS]; /* the worker that has the key; 0: none */
    int64_t now;
    unsigned seed;
    size_t ended, handed, repeated, expired;
} model_t;

static unsigned below (model_t *self, unsigned most)
{
    return (unsigned)rand_r (&self->seed) % most;
}

static request_t *request_of (model_t *self, const fleet_job_t *job)
{
    assert_in_range (job->request, 1, self->last);
    return &self->requests[job->request];
}

static char letter (unsigned worker)
{
    return (char)('A' + worker);
}

static void end (model_t *self, fleet_job_t *job)
{
    request_t *request = request_of (self, job);
    request->open = false;
    request->worker = 0;
    self->ended++;
    fleet_take (&self->fleet, job);
    free (job);
}

static void check_handed_out (model_t *self, const fleet_job_t *job)
{
    request_t *request = request_of (self, job);
    unsigned worker = (unsigned)(job->worker->id.value - 'A');
    const job_wishes_t *wishes = &request->wish.wishes;
    bool ahead = wishes->idempotent && request->died + 1 < DEATHS;
    size_t room = self->slots[worker] + (ahead ? self->fleet.settings.prefetch : 0);
    assert_true (request->open);
    assert_int_equal (request->worker, 0);
    assert_true (self->slots[worker] && !self->leaving[worker]);
    assert_true (job->worker->running <= room);
    assert_true (request->died < (wishes->idempotent ? DEATHS : 1));
    assert_true (!request->wish.deadline || request->wish.deadline > self->now);
    assert_true (request->asked + wishes->delay_ns <= self->now);
    if (wishes->has_key) {
        char *holder = &self->keys[wishes->key];
        assert_true (!*holder || *holder == letter (worker));
        *holder = letter (worker);
    }
    const fleet_job_t *next = job_of_waiting (self->fleet.ready.first);
    if (next && !wishes->has_key && !next->wishes.has_key)
        assert_true (job_is_before (&job->waiting, &next->waiting));
    self->repeated += request->handed++ > 0;
    self->handed++;
    request->worker = letter (worker);
}

static void hand_out (model_t *self)
{
    fleet_job_t *job;
    while ((job = fleet_expired (&self->fleet, self->now))) {
        self->expired++;
        assert_true (request_of (self, job)->wish.deadline <= self->now);
        if (job->state == JOB_RUNNING) {
            request_of (self, job)->open = false;
            fleet_abandon (&self->fleet, job);
        } else {
            end (self, job);
        }
    }
    while ((job = fleet_next (&self->fleet, self->now)))
        check_handed_out (self, job);
    const fleet_job_t *waits = job_of_waiting (self->fleet.ready.first);
    for (const fleet_worker_t *worker = self->fleet.workers; waits && worker; worker = worker->next)
        assert_true (worker->leaving || worker->running >= worker->slots);
}

static void do_ask (model_t *self)
{
    wish_t wish = { .wishes = { .priority = (int32_t)below (self, 3) - 1,
                                .idempotent = below (self, 2),
                                .has_key = below (self, 4) == 0,
                                .key = below (self, KEYS),
                                .delay_ns = below (self, 5) ? 0 : below (self, 40) } };
    if (below (self, 3) == 0)
        wish.deadline = self->now + 1 + below (self, 100);
    char caller = (char)('a' + below (self, CALLERS));
    size_t waiting = fleet_waiting (&self->fleet), bytes = self->fleet.bytes;
    far_status_t status = ask (&self->fleet, caller, self->last + 1, wish, self->now);
    bool full = waiting >= self->fleet.settings.queue_requests ||
                (bytes && bytes + FAR_HEADER_SIZE > self->fleet.settings.queue_bytes);
    assert_int_equal (status, full ? FAR_E_OVERLOADED : FAR_OK);
    if (!status)
        self->requests[++self->last] = (request_t){ .caller = caller, .wish = wish, .asked = self->now, .open = true };
}

/* Any one that the model says has been handed out, or waits; 0 if a few tries do not find one. */
static uint64_t pick (model_t *self, bool running)
{
    for (int tries = 0; tries < 30 && self->last; tries++) {
        uint64_t recent = self->last < 200 ? self->last : 200, id = self->last - below (self, (unsigned)recent);
        const request_t *request = &self->requests[id];
        if (running ? request->worker != 0 : request->open && !request->worker)
            return id;
    }
    return 0;
}

static fleet_job_t *job_of (model_t *self, uint64_t id)
{
    return fleet_find (&self->fleet, who (self->requests[id].caller)->id, id);
}

static void do_answer (model_t *self)
{
    uint64_t id = pick (self, true);
    fleet_job_t *job = id ? job_of (self, id) : NULL;
    if (job) {
        assert_int_equal (job->state, JOB_RUNNING);
        end (self, job);
    }
}

/* Answers the oldest of a worker, which may be one that nobody waits for. */
static void do_answer_oldest (model_t *self)
{
    fleet_worker_t *worker = fleet_worker (&self->fleet, who (letter (below (self, WORKERS)))->id);
    if (worker && worker->first)
        end (self, worker->first);
}

static void do_cancel (model_t *self)
{
    uint64_t id = pick (self, false);
    fleet_job_t *job = id ? job_of (self, id) : NULL;
    if (!id)
        return;
    assert_non_null (job);
    assert_true (job->state != JOB_RUNNING);
    end (self, job);
}

static void do_caller_leaves (model_t *self)
{
    char caller = (char)('a' + below (self, CALLERS));
    fleet_job_t *job;
    while ((job = fleet_of_caller (&self->fleet, who (caller)->id))) {
        fleet_abandon (&self->fleet, job);
        request_of (self, job)->open = false;
        if (job->state != JOB_RUNNING)
            end (self, job);
    }
}

static void do_join (model_t *self)
{
    unsigned worker = below (self, WORKERS);
    if (self->leaving[worker])
        return;
    self->slots[worker] = 1 + below (self, 4);
    assert_non_null (fleet_join (&self->fleet, who (letter (worker)), self->slots[worker]));
}

static void forget_keys (model_t *self, unsigned worker)
{
    for (int key = 0; key < KEYS; key++)
        if (self->keys[key] == letter (worker))
            self->keys[key] = 0;
}

static void do_turn_away (model_t *self)
{
    unsigned worker = below (self, WORKERS);
    fleet_worker_t *leaving = fleet_worker (&self->fleet, who (letter (worker))->id);
    if (!leaving)
        return;
    fleet_turn_away (&self->fleet, leaving);
    self->leaving[worker] = true;
    forget_keys (self, worker);
    fleet_job_t *last = leaving->last;
    if (last && last->caller && last->wishes.idempotent) {
        request_of (self, last)->worker = 0;
        fleet_again (&self->fleet, last, 0);
    }
}

static void do_die (model_t *self)
{
    unsigned worker = below (self, WORKERS);
    fleet_worker_t *gone = fleet_worker (&self->fleet, who (letter (worker))->id);
    if (!gone)
        return;
    for (const fleet_job_t *job = gone->first; job; job = job->next) {
        request_t *request = request_of (self, job);
        request->worker = 0;
        request->died++;
    }
    forget_keys (self, worker);
    self->slots[worker] = 0;
    self->leaving[worker] = false;
    fleet_job_t *job;
    while ((job = fleet_lose (&self->fleet, gone, self->now))) {
        const request_t *request = request_of (self, job);
        assert_true (!request->open || !request->wish.wishes.idempotent || request->died >= DEATHS);
        end (self, job);
    }
}

static void do_time (model_t *self)
{
    self->now += below (self, 10);
    far_deadline_t next = fleet_next_time (&self->fleet);
    if (below (self, 20) == 0 && next != FAR_DEADLINE_NEVER && next > self->now)
        self->now = next;
}

static void check_counts (const model_t *self)
{
    size_t open = 0, with_worker = 0;
    for (uint64_t id = 1; id <= self->last; id++) {
        open += self->requests[id].open;
        with_worker += self->requests[id].worker != 0;
    }
    size_t kept = self->last - self->ended;
    assert_int_equal (self->fleet.running.count, with_worker);
    assert_int_equal (fleet_waiting (&self->fleet) + with_worker, kept);
    assert_int_equal (self->fleet.bytes, kept * FAR_HEADER_SIZE);
    assert_true (open <= kept);
}

static void whatever_happens (void **state)
{
    (void)state;
    static const struct {
        void (*event) (model_t *self);
        unsigned often;
    } events[] = { { do_ask, 1600 },     { do_answer, 1000 }, { do_answer_oldest, 400 },
                   { do_time, 480 },     { do_cancel, 160 },  { do_join, 240 },
                   { do_turn_away, 40 }, { do_die, 80 },      { do_caller_leaves, 1 } };
    unsigned all = 0;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        all += events[i].often;
    model_t self = { .seed = 7, .requests = calloc (REQUESTS + 1, sizeof *self.requests) };
    fleet_settings_t settings = plain;
    settings.queue_requests = 200;
    settings.queue_bytes = 250 * FAR_HEADER_SIZE;
    settings.prefetch = 2;
    settings.attempts = DEATHS;
    settings.backoff_ns = 5;
    fleet_init (&self.fleet, &settings);
    for (int i = 0; i < EVENTS; i++) {
        unsigned choice = below (&self, all);
        size_t which = 0;
        while (choice >= events[which].often)
            choice -= events[which++].often;
        events[which].event (&self);
        if (below (&self, 3))
            hand_out (&self);
        if (i % 5000 == 0)
            check_counts (&self);
    }
    print_message ("%zu requests, %zu times handed out, %zu of them again, %zu expired\n", (size_t)self.last,
                   self.handed, self.repeated, self.expired);
    assert_true (self.repeated > 100 && self.expired > 100);
    for (char caller = 'a'; caller < 'a' + CALLERS; caller++)
        for (fleet_job_t *job; (job = fleet_of_caller (&self.fleet, who (caller)->id));)
            end (&self, job);
    while (self.fleet.workers)
        do_die (&self);
    assert_int_equal (self.ended, self.last);
    assert_int_equal (self.fleet.bytes + self.fleet.callers.count + self.fleet.running.count, 0);
    fleet_deinit (&self.fleet);
    free (self.requests);
}

int main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (whatever_happens) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
