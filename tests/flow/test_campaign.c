/* A fleet whose workers are killed all the time. Both ends write down what they did: the workers in a file that outlives
 * them, the test here. Then the two are compared: every request has ended, with a result that a worker made of it or with
 * the death of one; what is not idempotent ran once at most. Then workers are stopped instead: deadlines hold, and the
 * others go on.
 *
 *     flow-campaign [REQUESTS KILLS]      of each campaign; 100000 1000 takes some minutes */
#include "support/campaign.h"
#include "support/fleets.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    WORKERS = 8,
    WINDOW = 64,          /* requests under way, besides the off calls */
    ATTEMPTS = 2,         /* few, so that some requests use them up */
    AHEAD = 4,            /* of the campaign that hands out ahead */
    KILL_US = 50000,      /* between two kills, on average */
    WORK_US = 3000,       /* of a run, on average */
    RECENT = 64,          /* workers among which the next victim is */
    STOPPED = 3,          /* workers at a time */
    DEADLINE_MS = 300,    /* of requests while workers are stopped */
    OTHERS = 4 * WINDOW,  /* that must have results meanwhile: most of them are younger than the stop */
    PATIENCE_MS = 120000, /* for what must come */
    MOST = 8              /* times the requests asked for, if the kills take longer */
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static unsigned request_count = 3000, kill_count = 30;
#else
static unsigned request_count = 8000, kill_count = 80;
#endif

typedef enum kind { ONCE, AGAIN, OFF_ONCE, OFF_AGAIN, KINDS } kind_t;

static const struct {
    const char *name;
    bool is_off, is_idempotent;
    unsigned weight;
} kinds[KINDS] = {
    [ONCE] = { "not idempotent", false, false, 3 },
    [AGAIN] = { "idempotent", false, true, 3 },
    [OFF_ONCE] = { "off, not idempotent", true, false, 1 },
    [OFF_AGAIN] = { "off, idempotent", true, true, 1 },
};

/* One request, as the caller saw it, and what the log of the workers says of it. */
typedef struct fate {
    kind_t kind;
    far_status_t status; /* how it ended; off calls do not */
    uint64_t token;
    bool used_up;     /* the broker says that more than one worker died of it */
    unsigned runs;    /* that have begun */
    bool was_done;    /* one of them came to its end */
    bool is_produced; /* the token is that of one of them */
} fate_t;

typedef struct pending {
    far_request_t *request;
    unsigned id;
} pending_t;

typedef struct campaign {
    world_t *world;
    far_actor_t *me;
    far_process_t *fleet;
    far_proxy_t *work;   /* the module, at the fleet */
    far_proxy_t *fleets; /* of the broker */
    campaign_log_t *log;
    char log_path[64];
    int64_t deadline_ms;  /* of each request */
    far_status_t trouble; /* how a request may end, other than well */
    fate_t *fates;        /* by id, from 1 */
    unsigned issued, most, wrong;
    unsigned ended_well, ended_running; /* in time; by the deadline while a worker had it */
    pending_t pending[WINDOW];          /* a ring, the oldest first */
    unsigned first, count;
    uint32_t seed;
    pthread_t killer;
    bool is_killing; /* that thread runs */
    atomic_uint kills;
    atomic_bool is_over;
} campaign_t;

static uint32_t random_below (uint32_t *seed, uint32_t limit)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)*seed * limit >> 32);
}

static void pause_us (uint32_t micros)
{
    const struct timespec time = { .tv_sec = micros / 1000000, .tv_nsec = (long)(micros % 1000000) * 1000 };
    nanosleep (&time, NULL);
}

static void map_log (campaign_t *self)
{
    strcpy (self->log_path, "/tmp/far-campaign-XXXXXX");
    int fd = mkstemp (self->log_path);
    if (fd < 0 || ftruncate (fd, sizeof *self->log))
        fail_msg ("%s: %s", self->log_path, strerror (errno));
    self->log = mmap (NULL, sizeof *self->log, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_ptr_not_equal (self->log, MAP_FAILED);
    close (fd);
}

static void start (campaign_t *self, unsigned ahead)
{
    char config[1024];
    map_log (self);
    self->seed = 42;
    self->most = request_count * MOST;
    self->fates = test_calloc (self->most + 1, sizeof *self->fates);
    snprintf (config, sizeof config,
              "fleet\n    name = work\n    modules = %s/tests/modules/campaign.so\n    workers = %d\n"
              "    environment = %s=%s\n    restart_ms = 0\n    restarts = 0\n    backoff_ms = 0\n    poison = 0\n"
              "    attempts = %d\n    prefetch = %u\n",
              FAR_BUILD_DIR, WORKERS, CAMPAIGN_LOG, self->log_path, ATTEMPTS, ahead);
    self->world = world_new_configured (config);
    const far_actor_options_t options = { .address = self->world->endpoint, .timeout_ms = FAR_FOREVER };
    self->me = far_actor_open (&options);
    assert_made (self->me);
    self->fleet = far_find (self->me, "work");
    assert_made (self->fleet);
    self->work = far_import (self->fleet, "campaign");
    assert_made (self->work);
    self->fleets = fleets_of (self->me);
}

/* What broker.fleets.show says of the fleet under this key; a number. */
static uint64_t shown (campaign_t *self, const char *key)
{
    uint64_t value;
    assert_ok (far_call (self->fleets, "show", "s>{su}", "work", key, &value));
    return value;
}

/* Asks until all have joined: there is no event for it. */
static void wait_for_workers (campaign_t *self)
{
    while (shown (self, "workers") != WORKERS)
        pause_us (1000);
}

/* Off calls too have been done or are lost, and late answers have come. */
static void wait_until_idle (campaign_t *self)
{
    uint64_t running, waiting;
    do {
        pause_us (1000);
        assert_ok (far_call (self->fleets, "show", "s>{su su}", "work", "running", &running, "waiting", &waiting));
    } while (running || waiting);
}

static kind_t pick_kind (campaign_t *self)
{
    unsigned sum = 0, at, kind;
    for (kind = 0; kind < KINDS; kind++)
        sum += kinds[kind].weight;
    at = random_below (&self->seed, sum);
    for (kind = 0; at >= kinds[kind].weight; kind++)
        at -= kinds[kind].weight;
    return (kind_t)kind;
}

static void issue (campaign_t *self)
{
    unsigned id = ++self->issued;
    kind_t kind = self->fates[id].kind = pick_kind (self);
    const far_setting_t settings[] = { { FAR_OPTION_MODE, kinds[kind].is_off ? FAR_MODE_OFF : FAR_MODE_ASYNC },
                                       { FAR_OPTION_IDEMPOTENT, kinds[kind].is_idempotent },
                                       { FAR_OPTION_DEADLINE_MS, self->deadline_ms },
                                       { 0 } };
    far_request_t *request = NULL;
    int64_t micros = random_below (&self->seed, 2 * WORK_US);
    assert_ok (far_call_with (self->work, settings, &request, "run", "ul", (uint64_t)id, micros));
    if (request)
        self->pending[(self->first + self->count++) % WINDOW] = (pending_t){ request, id };
}

/* The oldest one's end. */
static void finish (campaign_t *self)
{
    pending_t *oldest = &self->pending[self->first];
    fate_t *fate = &self->fates[oldest->id];
    if (far_request_wait (oldest->request, PATIENCE_MS))
        fail_msg ("request %u (%s) does not end", oldest->id, kinds[fate->kind].name);
    fate->status = far_request_result (oldest->request, "u", &fate->token);
    const char *message = fate->status ? far_error_message (far_last_error ()) : "";
    fate->used_up = strstr (message, "others before it");
    self->ended_well += fate->status == FAR_OK;
    self->ended_running += fate->status == FAR_E_TIMEOUT && strstr (message, "while process");
    if (fate->status && fate->status != self->trouble)
        print_error ("request %u: %s: %s\n", oldest->id, far_status_name (fate->status), message);
    far_request_destroy (&oldest->request);
    self->first = (self->first + 1) % WINDOW;
    self->count--;
}

static void issue_one_more (campaign_t *self)
{
    if (self->count == WINDOW)
        finish (self);
    issue (self);
}

static void finish_all (campaign_t *self)
{
    while (self->count)
        finish (self);
    wait_until_idle (self);
}

/* A child that is neither dead nor stopped. */
static bool is_child_of (pid_t pid, pid_t parent)
{
    char path[64], text[512] = "", state;
    int found = 0;
    snprintf (path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen (path, "re");
    if (!file)
        return false;
    if (!fgets (text, sizeof text, file))
        text[0] = '\0';
    fclose (file);
    const char *after_name = strrchr (text, ')');
    return after_name && sscanf (after_name, ") %c %d", &state, &found) == 2 && !strchr ("ZT", state) &&
           found == parent;
}

/* A descriptor of a worker that lives, whatever it is just about: serving, or joining; -1 if none was found. */
static int open_worker (campaign_t *self, uint32_t *seed)
{
    for (int i = 0; i < 4 * RECENT; i++) {
        unsigned count = atomic_load (&self->log->worker_count);
        unsigned back = random_below (seed, count < RECENT ? count : RECENT);
        pid_t pid = count && count < CAMPAIGN_WORKERS ? atomic_load (&self->log->workers[count - 1 - back]) : 0;
        int worker = pid ? pidfd_open (pid, 0) : -1;
        if (worker >= 0 && is_child_of (pid, self->world->broker))
            return worker;
        if (worker >= 0)
            close (worker);
    }
    return -1;
}

static void *kill_workers (void *context)
{
    campaign_t *self = context;
    uint32_t seed = 7;
    while (!atomic_load (&self->is_over)) {
        pause_us (random_below (&seed, 2 * KILL_US));
        int worker = open_worker (self, &seed);
        if (worker < 0)
            continue;
        if (!pidfd_send_signal (worker, SIGKILL, NULL, 0))
            self->kills++;
        close (worker);
    }
    return NULL;
}

static void read_log (campaign_t *self)
{
    unsigned count = atomic_load (&self->log->run_count);
    assert_true (count <= CAMPAIGN_RUNS);
    for (unsigned i = 0; i < count; i++) {
        unsigned id = atomic_load (&self->log->runs[i].id);
        uint64_t token = atomic_load (&self->log->runs[i].token);
        assert_true (id <= self->issued);
        if (!id)
            continue;
        fate_t *fate = &self->fates[id];
        fate->runs++;
        fate->was_done |= token != 0;
        fate->is_produced |= token && token == fate->token;
    }
}

/* What is wrong with it; NULL for nothing. */
static const char *judge (const campaign_t *self, const fate_t *fate)
{
    if (fate->runs > (kinds[fate->kind].is_idempotent ? ATTEMPTS : 1))
        return "ran too often";
    if (kinds[fate->kind].is_off)
        return NULL;
    if (fate->status == FAR_OK)
        return fate->is_produced ? NULL : "has a result that no worker made of it";
    if (fate->status != self->trouble)
        return "ended with the wrong error";
    if (fate->status == FAR_E_PEER_DIED && kinds[fate->kind].is_idempotent && !fate->used_up)
        return "ended before its attempts were used up";
    return NULL;
}

static void print_kind (const campaign_t *self, kind_t kind)
{
    unsigned count = 0, well = 0, runs = 0, most = 0;
    for (unsigned id = 1; id <= self->issued; id++) {
        const fate_t *fate = &self->fates[id];
        if (fate->kind != kind)
            continue;
        count++;
        well += kinds[kind].is_off ? fate->was_done : fate->status == FAR_OK;
        runs += fate->runs;
        most = fate->runs > most ? fate->runs : most;
    }
    print_message ("    %-20s %6u: %6u done, %4u not; %6u runs, %u at most of one\n", kinds[kind].name, count, well,
                   count - well, runs, most);
}

static void compare_both_ends (campaign_t *self)
{
    unsigned told = 0, not_done = 0;
    read_log (self);
    for (unsigned id = 1; id <= self->issued; id++) {
        const fate_t *fate = &self->fates[id];
        const char *wrong = judge (self, fate);
        if (wrong && self->wrong++ < 10)
            print_error ("request %u (%s) %s: %u runs, %s\n", id, kinds[fate->kind].name, wrong, fate->runs,
                         far_status_name (fate->status));
        told += fate->status != FAR_OK;
        not_done += kinds[fate->kind].is_off && !fate->was_done;
    }
    for (kind_t kind = 0; kind < KINDS; kind++)
        print_kind (self, kind);
    assert_int_equal (self->wrong, 0);
    /* An off call that was not done is known to the fleet: as lost, or as too late. */
    assert_true (shown (self, "lost") + shown (self, "expired") >= told + not_done);
}

static void start_killing (campaign_t *self)
{
    assert_int_equal (pthread_create (&self->killer, NULL, kill_workers, self), 0);
    self->is_killing = true;
}

static void end_killing (campaign_t *self)
{
    atomic_store (&self->is_over, true);
    if (self->is_killing)
        pthread_join (self->killer, NULL);
    self->is_killing = false;
}

static int set_up (void **state)
{
    start (*state = test_calloc (1, sizeof (campaign_t)), 0);
    return 0;
}

static int set_up_ahead (void **state)
{
    start (*state = test_calloc (1, sizeof (campaign_t)), AHEAD);
    return 0;
}

static int tear_down (void **state)
{
    campaign_t *self = *state;
    end_killing (self);
    for (; self->count; self->count--, self->first++)
        far_request_destroy (&self->pending[self->first % WINDOW].request);
    far_proxy_destroy (&self->fleets);
    far_proxy_destroy (&self->work);
    far_process_destroy (&self->fleet);
    far_actor_destroy (&self->me);
    world_destroy (&self->world);
    test_free (self->fates);
    munmap (self->log, sizeof *self->log);
    unlink (self->log_path);
    test_free (self);
    return 0;
}

static double now_s (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void kill_all_the_time (campaign_t *self)
{
    self->deadline_ms = FAR_FOREVER;
    self->trouble = FAR_E_PEER_DIED;
    double before_s = now_s ();
    start_killing (self);
    while (self->issued < self->most && (self->issued < request_count || self->kills < kill_count))
        issue_one_more (self);
    end_killing (self);
    finish_all (self);
    print_message ("%u requests, %u workers killed, in %.1f s; %llu repeated\n", self->issued, self->kills,
                   now_s () - before_s, (unsigned long long)shown (self, "retried"));
    compare_both_ends (self);
    assert_true (self->kills >= kill_count);
}

static void every_request_ends_once_through_kills (void **state)
{
    kill_all_the_time (*state);
}

/* A worker that dies has requests that it had not begun, and the broker can't tell which. */
static void and_where_work_is_handed_out_ahead (void **state)
{
    kill_all_the_time (*state);
}

static void stop_workers (campaign_t *self, int workers[STOPPED])
{
    for (int i = 0; i < STOPPED; i++) {
        while ((workers[i] = open_worker (self, &self->seed)) < 0)
            pause_us (1000); /* they are only being started */
        assert_int_equal (pidfd_send_signal (workers[i], SIGSTOP, NULL, 0), 0);
    }
}

static void go_on (int workers[STOPPED])
{
    for (int i = 0; i < STOPPED; i++) {
        assert_int_equal (pidfd_send_signal (workers[i], SIGCONT, NULL, 0), 0);
        close (workers[i]);
    }
}

static void deadlines_hold_where_workers_are_stopped (void **state)
{
    campaign_t *self = *state;
    self->deadline_ms = DEADLINE_MS;
    self->trouble = FAR_E_TIMEOUT;
    wait_for_workers (self);
    unsigned rounds = kill_count / 20 + 1, round;
    for (round = 0; round < rounds && self->issued < self->most; round++) {
        int workers[STOPPED];
        unsigned well = self->ended_well, running = self->ended_running;
        stop_workers (self, workers);
        while (self->issued < self->most && (self->ended_well < well + OTHERS || self->ended_running == running))
            issue_one_more (self);
        go_on (workers);
        finish_all (self); /* or those that are stopped next have no slot free */
    }
    print_message ("%u requests, %u times %d of %d workers stopped; %u ended while a worker had them\n", self->issued,
                   round, STOPPED, WORKERS, self->ended_running);
    compare_both_ends (self);
    assert_int_equal (round, rounds);
}

int main (int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (every_request_ends_once_through_kills, set_up, tear_down),
        cmocka_unit_test_setup_teardown (and_where_work_is_handed_out_ahead, set_up_ahead, tear_down),
        cmocka_unit_test_setup_teardown (deadlines_hold_where_workers_are_stopped, set_up, tear_down),
    };
    if (argc == 3) {
        request_count = (unsigned)strtoul (argv[1], NULL, 10);
        kill_count = (unsigned)strtoul (argv[2], NULL, 10);
    }
    return cmocka_run_group_tests_name ("campaign", tests, NULL, NULL);
}
