/* Closing other processes: gently, with and without confirmation, and at once. */
#include "support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

/* A process that logs that an exit handler of its has run, and what a closer needs of it. */
typedef struct closing {
    far_actor_t *me;
    pid_t pid;
    far_process_t *process;
    far_proxy_t *probe;
    int goodbyes; /* in the log before */
} closing_t;

static int goodbyes (const world_t *world)
{
    return world_log_lines (world, "an exit handler has run");
}

static void begin (closing_t *self, world_t *world, const char *option, const char *value)
{
    self->me = world_actor (world, NULL);
    self->pid = world_host_with (world, "leaver", option, value);
    self->process = far_find (self->me, "leaver");
    assert_made (self->process);
    self->probe = far_import (self->process, "probe");
    assert_made (self->probe);
    assert_ok (far_call (self->probe, "say_goodbye", ""));
    self->goodbyes = goodbyes (world);
}

static void end (closing_t *self)
{
    far_proxy_destroy (&self->probe);
    far_process_destroy (&self->process);
    far_actor_destroy (&self->me);
}

static void S09_a_process_that_is_closed_leaves_and_cleans_up (void **state)
{
    world_t *world = *state;
    for (int confirm = 0; confirm <= 1; confirm++) {
        closing_t closing;
        begin (&closing, world, NULL, NULL);
        assert_ok (far_process_close (closing.process, confirm));
        assert_int_equal (world_wait (world, closing.pid), 0);
        assert_int_equal (goodbyes (world), closing.goodbyes + 1);
        assert_status (far_call (closing.probe, "pid", ""), FAR_E_CLOSED);
        end (&closing);
    }
}

/* What was asked before is answered before; so it is on a pool. */
static void S09_what_it_is_doing_is_finished (void **state)
{
    world_t *world = *state;
    for (int pool = 0; pool <= 1; pool++) {
        closing_t closing;
        begin (&closing, world, pool ? "--threads" : NULL, pool ? "2" : NULL);
        far_request_t *request = far_call_async (closing.probe, "busy", "l", (int64_t)100);
        assert_ok (far_process_close (closing.process, true));
        int64_t ms = 0;
        assert_ok (far_request_result (request, "l", &ms));
        assert_int_equal (ms, 100);
        assert_int_equal (world_wait (world, closing.pid), 0);
        far_request_destroy (&request);
        end (&closing);
    }
}

static void S10_a_process_can_be_told_to_exit_at_once (void **state)
{
    world_t *world = *state;
    closing_t closing;
    begin (&closing, world, "--threads", "1"); /* its method stays where it is */
    far_request_t *request = far_call_async (closing.probe, "busy", "l", (int64_t)60000);
    assert_ok (far_process_exit (closing.process));
    int status = world_wait (world, closing.pid);
    assert_true (WIFEXITED (status));
    assert_int_equal (WEXITSTATUS (status), 0);
    assert_int_equal (goodbyes (world), closing.goodbyes);
    assert_status (far_request_result (request, ""), FAR_E_PEER_DIED);
    far_request_destroy (&request);
    end (&closing);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (S09_a_process_that_is_closed_leaves_and_cleans_up),
        cmocka_unit_test (S09_what_it_is_doing_is_finished),
        cmocka_unit_test (S10_a_process_can_be_told_to_exit_at_once),
    };
    return cmocka_run_group_tests_name ("close", tests, world_set_up, world_tear_down);
}
