/* Does a job in steps and reports each one to whom it was told to: `job.run` of the process `host`. The report is a proxy
 * of something that lives with the caller. Prints nothing, and serves until it is told to leave: callback.c calls it. */
#include <farcall.h>

static far_status_t run (far_call_t *call, void *self)
{
    (void)self;
    int steps;
    far_proxy_t *report;
    if (far_call_args (call, &steps, &report))
        return far_call_status (call);
    for (int done = 1; done <= steps; done++) {
        bool go_on;
        far_status_t status = far_call (report, NULL, "ii>b", done, steps, &go_on); /* NULL: the object itself */
        if (status)
            return status;
        if (!go_on)
            return far_call_return (call, "s", "stopped");
    }
    return far_call_return (call, "s", "finished");
}

FAR_MODULE (job)
{
    far_module_function (module, "run", run, "steps:i, report:P -> s",
                         "Do it; report (done, steps) says whether to go on.");
}

int main (void)
{
    const far_offer_t offers[] = { { "job", far_module_job }, { 0 } };
    far_actor_options_t options = { .name = "host", .offers = offers };
    far_actor_t *me = far_actor_open (&options);
    if (!me)
        return far_print_error ("callback_host");
    far_actor_wait_closed (me, FAR_FOREVER);
    far_actor_destroy (&me);
    return 0;
}
