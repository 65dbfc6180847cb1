/* Reads a thermometer ten times a second and answers questions about it, in one loop around poll, on one thread: what
 * answers needs no locks. Any loop will do that can wait for a descriptor.
 *
 *     $ ./poll &
 *     $ far call thermometer thermometer.warmest
 *     2...
 *     $ far close thermometer
 */
#include <farcall.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

static double warmest = 20;

static far_status_t answer (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "f", warmest);
}

FAR_MODULE (thermometer)
{
    far_module_function (module, "warmest", answer, "-> f", "The highest temperature so far.");
}

static void read_thermometer (int timer)
{
    uint64_t ticks;
    double now = 20 + rand () % 50 / 10.0;
    if (read (timer, &ticks, sizeof ticks) > 0 && now > warmest)
        warmest = now;
}

int main (void)
{
    const far_offer_t offers[] = { { "thermometer", far_module_thermometer }, { 0 } };
    far_actor_options_t options = { .name = "thermometer", .offers = offers, .serve_by_caller = true };
    far_actor_t *me = far_actor_open (&options);
    if (!me)
        return far_print_error ("poll");

    const struct itimerspec often = { .it_interval.tv_nsec = 100000000, .it_value.tv_nsec = 100000000 };
    int timer = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK);
    timerfd_settime (timer, 0, &often, NULL);
    struct pollfd fds[] = { { .fd = timer, .events = POLLIN }, { .fd = far_actor_fd (me), .events = POLLIN } };
    far_status_t status = FAR_OK;
    while (!status && poll (fds, 2, -1) >= 0) {
        if (fds[0].revents)
            read_thermometer (timer);
        if (fds[1].revents)
            status = far_actor_process_requests (me, 10, NULL); /* so many, then the timer has its turn */
    }
    int code = status == FAR_E_CLOSED ? 0 : far_print_error ("poll"); /* closed: by whoever asked for it */
    close (timer);
    far_actor_destroy (&me);
    return code;
}
