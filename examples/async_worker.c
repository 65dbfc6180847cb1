/* Counts primes for async.c: the function `count` of the module `primes`, in a process that is found by the name given as
 * argument. Prints nothing, and serves until it is told to leave. */
#include <farcall.h>

static bool is_prime (int number)
{
    for (int divisor = 2; divisor <= number / divisor; divisor++)
        if (number % divisor == 0)
            return false;
    return number > 1;
}

static far_status_t count (far_call_t *call, void *self)
{
    (void)self;
    int from, to, primes = 0;
    if (far_call_args (call, &from, &to))
        return far_call_status (call);
    for (int number = from; number < to; number++)
        primes += is_prime (number);
    return far_call_return (call, "i", primes);
}

FAR_MODULE (primes)
{
    far_module_function (module, "count", count, "from:i, to:i -> i", "How many primes are there in from .. to - 1?");
}

int main (int argc, char **argv)
{
    const far_offer_t offers[] = { { "primes", far_module_primes }, { 0 } };
    far_actor_options_t options = { .name = argc > 1 ? argv[1] : "worker-1", .offers = offers };
    far_actor_t *me = far_actor_open (&options);
    if (!me)
        return far_print_error ("async_worker");
    far_actor_wait_closed (me, FAR_FOREVER);
    far_actor_destroy (&me);
    return 0;
}
