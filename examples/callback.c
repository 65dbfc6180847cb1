/* Hands a function of its own to another process, callback_host.c, which calls it back while the call is under way.
 *
 *     $ ./callback_host &
 *     $ ./callback
 *     step 1 of 5
 *     step 2 of 5
 *     step 3 of 5
 *     that's enough
 *     the job was stopped
 */
#include <farcall.h>
#include <stdio.h>

/* Runs in the thread of the actor, while main waits for the job. */
static far_status_t on_step (far_call_t *call, void *context)
{
    const int *most = context;
    int done, steps;
    if (far_call_args (call, &done, &steps))
        return far_call_status (call);
    if (done > *most)
        puts ("that's enough");
    else
        printf ("step %d of %d\n", done, steps);
    return far_call_return (call, "b", done <= *most);
}

int main (void)
{
    far_actor_t *me = far_actor_new (NULL, NULL);
    if (!me)
        return far_print_error ("the broker");
    far_process_t *host = far_find (me, "host");
    if (!host)
        return far_print_error ("host");

    int most = 3;
    far_object_t *report = far_function (me, on_step, &most, "done:i, steps:i -> b");
    far_proxy_t *job = far_import_deferred (host, "job");
    char *end;
    if (far_call (job, "run", "iO>s", 5, report, &end))
        return far_print_error ("run");
    printf ("the job was %s\n", end);
    far_string_free (&end);

    far_object_destroy (&report);
    far_proxy_destroy (&job);
    far_process_close (host, true);
    far_process_destroy (&host);
    far_actor_destroy (&me);
    return 0;
}
