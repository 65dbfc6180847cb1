/* Workers of a fleet are killed while requests flow, with unique IDs that both ends note: every request ends; none that
 * may not be repeated is run twice; no result is told that no worker has made; what may be repeated comes to its result,
 * or to PeerDied once as many workers as it has attempts have died of it.
 *
 *     flow-campaign [REQUESTS KILLS]      for example 100000 1000 */
#include "support/world.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WORKERS = 8, WINDOW = 100, ATTEMPTS = 3 };

static int requests_wanted = 10000, kills_wanted = 100;

typedef struct campaign {
    world_t *world;
    far_actor_t *me;
    far_proxy_t *probe;
    char path[128];
    pid_t workers[WORKERS];
    far_request_t *window[WINDOW];
    int64_t ids[WINDOW];       /* what the requests in the window are about */
    unsigned char *runs;       /* by ID, from the workers' notes */
    unsigned char *has_result; /* by ID */
    unsigned seed;
    int64_t last;
    int ended, kills, unknown, in_vain;
} campaign_t;

static bool is_idempotent (int64_t id)
{
    return id % 2;
}

static void begin (campaign_t *self)
{
    self->world = world_new ();
    self->me = world_actor (self->world, NULL);
    snprintf (self->path, sizeof self->path, "%s/notes", self->world->directory);
    self->runs = calloc ((size_t)requests_wanted + 1, 1);
    self->has_result = calloc ((size_t)requests_wanted + 1, 1);
    far_process_t *broker = far_broker (self->me);
    far_proxy_t *fleets = far_import_deferred (broker, "broker.fleets");
    assert_ok (far_call (fleets, "set", "s{si si si si}", "crew", "backoff_ms", 0, "poison", 0, "attempts", ATTEMPTS,
                         "prefetch", 4));
    far_proxy_destroy (&fleets);
    far_process_destroy (&broker);
    for (int i = 0; i < WORKERS; i++)
        self->workers[i] = world_worker (self->world, "crew", 1);
    far_process_t *crew = far_find (self->me, "crew");
    assert_made (crew);
    self->probe = far_import (crew, "probe");
    assert_made (self->probe);
    far_process_destroy (&crew);
}

static void ask (campaign_t *self, size_t place)
{
    const far_setting_t how[] = { { FAR_OPTION_MODE, FAR_MODE_ASYNC },
                                  { FAR_OPTION_TIMEOUT_MS, FAR_FOREVER },
                                  { FAR_OPTION_IDEMPOTENT, is_idempotent (self->last + 1) },
                                  { 0 } };
    self->ids[place] = ++self->last;
    assert_ok (far_call_with (self->probe, how, &self->window[place], "note", "sl", self->path, self->last));
}

static void take (campaign_t *self, size_t place)
{
    int64_t id = self->ids[place], result = 0;
    far_status_t status = far_request_result (self->window[place], "l", &result);
    if (status) {
        assert_int_equal (status, FAR_E_PEER_DIED);
        self->unknown += !is_idempotent (id);
        self->in_vain += is_idempotent (id);
    } else {
        assert_int_equal (result, id);
        self->has_result[id] = 1;
    }
    self->ended++;
    far_request_destroy (&self->window[place]);
}

static void kill_one (campaign_t *self)
{
    size_t which = (size_t)rand_r (&self->seed) % WORKERS;
    world_signal (self->world, self->workers[which], SIGKILL);
    self->workers[which] = world_worker (self->world, "crew", 1);
    self->kills++;
}

static void read_notes (campaign_t *self)
{
    FILE *notes = fopen (self->path, "rb");
    int64_t id;
    assert_non_null (notes);
    while (fread (&id, sizeof id, 1, notes) == 1) {
        assert_in_range (id, 1, self->last);
        self->runs[id]++;
    }
    fclose (notes);
}

static void check (campaign_t *self)
{
    int repeated = 0;
    read_notes (self);
    for (int64_t id = 1; id <= self->last; id++) {
        assert_true (self->runs[id] <= (is_idempotent (id) ? ATTEMPTS : 1));
        assert_true (!self->has_result[id] || self->runs[id]);
        repeated += self->runs[id] > 1;
    }
    assert_int_equal (self->ended, requests_wanted);
    print_message ("%d requests, %d kills: %d of unknown outcome, %d run again, %d in vain\n", self->ended, self->kills,
                   self->unknown, repeated, self->in_vain);
}

static void workers_are_killed (void **state)
{
    (void)state;
    campaign_t self = { .seed = 1 };
    begin (&self);
    for (size_t place = 0; place < WINDOW; place++)
        ask (&self, place);
    while (self.ended < requests_wanted) {
        size_t place;
        assert_ok (far_wait_any (self.window, WINDOW, FAR_FOREVER, &place));
        take (&self, place);
        if (self.last < requests_wanted)
            ask (&self, place);
        if (self.kills < kills_wanted && self.ended % (requests_wanted / kills_wanted) == 0)
            kill_one (&self);
    }
    check (&self);
    free (self.runs);
    free (self.has_result);
    far_proxy_destroy (&self.probe);
    far_actor_destroy (&self.me);
    world_destroy (&self.world);
}

int main (int argc, char **argv)
{
    if (argc == 3) {
        requests_wanted = atoi (argv[1]);
        kills_wanted = atoi (argv[2]);
    }
    const struct CMUnitTest tests[] = { cmocka_unit_test (workers_are_killed) };
    return cmocka_run_group_tests_name ("campaign", tests, NULL, NULL);
}
