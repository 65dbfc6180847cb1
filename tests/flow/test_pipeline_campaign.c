/* A pipeline whose processes are killed all the time: workers of the fleets of its first and last stage, and the process of
 * the one in between, which is started again. Every input comes out once, with what the stages make of it, and none with an
 * error.
 *
 *     flow-pipeline_campaign [INPUTS KILLS] */
#include "support/fleets.h"
#include "support/pipelines.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WORKERS = 3, WINDOW = 256 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static unsigned input_count = 2000, kill_count = 40;
#else
static unsigned input_count = 10000, kill_count = 200;
#endif

/* Every stage adds 1; an attempt is lost with each kill, so there have to be enough. */
static const char stages[] = "stages.slowly @ readers | stages.slowly @ middle attempts=1000 | stages.slowly @ writers";
enum { SUM = 3 };

static const char configuration[] =
    "fleet\n    name = %s\n    modules = %s/tests/modules/stages.so\n    workers = %d\n    restart_ms = 0\n"
    "    restarts = 0\n    backoff_ms = 0\n    poison = 0\n    attempts = 1000\n";

typedef enum victim { READER, MIDDLE, WRITER, VICTIMS } victim_t;
static const char *const names[VICTIMS] = { "readers", "middle", "writers" };

typedef struct campaign {
    world_t *world;
    far_actor_t *me;
    far_proxy_t *fleets;
    far_pipeline_t *line;
    pid_t middle;
    unsigned *outcomes; /* by input: how often it came out */
    unsigned taken, kills[VICTIMS];
    unsigned seed;
} campaign_t;

static void start (campaign_t *self)
{
    char text[2048];
    int size = snprintf (text, sizeof text, configuration, names[READER], FAR_BUILD_DIR, WORKERS);
    snprintf (text + size, sizeof text - (size_t)size, configuration, names[WRITER], FAR_BUILD_DIR, WORKERS);
    *self = (campaign_t){ .world = world_new_configured (text), .seed = 1 };
    const far_actor_options_t patient = { .timeout_ms = FAR_FOREVER };
    self->me = world_open (self->world, &patient);
    self->fleets = fleets_of (self->me);
    self->middle = world_host_module (self->world, names[MIDDLE], "stages");
    const far_pipeline_options_t options = {
        .stages = stages, .name = "line", .window = WINDOW, .results = FAR_PIPELINE_AS_DONE
    };
    self->line = far_pipeline_open (self->me, &options);
    assert_made (self->line);
    self->outcomes = test_calloc (input_count, sizeof *self->outcomes);
}

static void end (campaign_t *self)
{
    test_free (self->outcomes);
    far_pipeline_destroy (&self->line);
    far_proxy_destroy (&self->fleets);
    far_actor_destroy (&self->me);
    world_destroy (&self->world);
}

/* The broker is told to, since it alone knows that the pid is still the worker's. It has none if all are just starting. */
static bool kill_worker (campaign_t *self, const char *fleet)
{
    far_value_t *members;
    int64_t pid = 0;
    assert_ok (far_call (self->fleets, "show", "s>{sv}", fleet, "members", &members));
    size_t count = far_value_count (members);
    if (count)
        assert_ok (far_value_get (far_value_item (members, (size_t)rand_r (&self->seed) % count), "{sl}", "pid", &pid));
    far_value_destroy (&members);
    return pid && !far_call (self->fleets, "kill", "l", pid);
}

static bool kill_middle (campaign_t *self)
{
    world_signal (self->world, self->middle, SIGKILL);
    pipeline_wait_gone (self->me, names[MIDDLE]);
    self->middle = world_host_module (self->world, names[MIDDLE], "stages");
    return true;
}

static void kill_one (campaign_t *self)
{
    victim_t victim = (victim_t)(rand_r (&self->seed) % VICTIMS);
    self->kills[victim] += victim == MIDDLE ? kill_middle (self) : kill_worker (self, names[victim]);
}

static void take_one (campaign_t *self)
{
    int64_t result;
    assert_ok (far_pipeline_next (self->line, "l", &result));
    assert_in_range (result, SUM, SUM + input_count - 1);
    self->outcomes[result - SUM]++;
    self->taken++;
}

static void no_input_is_lost_and_none_comes_twice (void **state)
{
    (void)state;
    campaign_t campaign, *self = &campaign;
    unsigned killed = 0;
    start (self);
    for (unsigned i = 0; i < input_count; i++) {
        assert_ok (far_pipeline_push (self->line, "l", (int64_t)i));
        if ((uint64_t)i * kill_count / input_count >= killed) {
            killed++;
            kill_one (self);
        }
        while (far_pipeline_left (self->line) > WINDOW)
            take_one (self);
    }
    while (far_pipeline_left (self->line))
        take_one (self);
    assert_int_equal (self->taken, input_count);
    for (unsigned i = 0; i < input_count; i++)
        assert_int_equal (self->outcomes[i], 1);
    assert_int_equal (pipeline_shown (self->me, "line", 0, "done"), input_count);
    assert_int_equal (pipeline_shown (self->me, "line", 0, "failed"), 0);
    uint64_t again[VICTIMS] = { fleet_shown (self->me, names[READER], "retried"),
                                pipeline_shown (self->me, "line", 2, "repeated"),
                                fleet_shown (self->me, names[WRITER], "retried") };
    for (victim_t victim = 0; victim < VICTIMS; victim++) {
        print_message ("    %-8s %4u kills, %5u runs repeated\n", names[victim], self->kills[victim],
                       (unsigned)again[victim]);
        assert_true (self->kills[victim] && again[victim]); /* else nothing was tried */
    }
    end (self);
}

int main (int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (no_input_is_lost_and_none_comes_twice) };
    if (argc == 3) {
        input_count = (unsigned)strtoul (argv[1], NULL, 10);
        kill_count = (unsigned)strtoul (argv[2], NULL, 10);
    }
    return cmocka_run_group_tests (tests, NULL, NULL);
}
