/* Results that come one by one, and how far the method is: a host that gives the first primes, and a caller that takes
 * them as they come, and stops when it has enough.
 *
 *     $ ./stream
 *     2 is the first
 *     it was stopped after 29
 */
#include <farcall.h>

#include <inttypes.h>
#include <stdio.h>

static bool is_prime (int64_t number)
{
    for (int64_t i = 2; i * i <= number; i++)
        if (number % i == 0)
            return false;
    return true;
}

static far_status_t primes (far_call_t *call, void *self)
{
    (void)self;
    int64_t most, number = 2;
    if (far_call_args (call, &most))
        return far_call_status (call);
    for (int64_t found = 0; found < most; number++) {
        if (!is_prime (number))
            continue;
        far_call_progress (call, (double)found++, (double)most, "");
        if (far_call_yield (call, "l", number))
            return far_last_status (); /* nobody wants more */
    }
    return FAR_OK;
}

FAR_MODULE (numbers)
{
    far_module_function (module, "primes", primes, "most:l -> v", "The first primes, one by one.");
}

int main (void)
{
    far_actor_t *host = far_actor_open (&(far_actor_options_t){
        .name = "host", .offers = (far_offer_t[]){ { "numbers", far_module_numbers }, { 0 } } });
    far_actor_t *me = host ? far_actor_new (NULL, NULL) : NULL;
    if (!me)
        return far_print_error ("no broker");
    far_process_t *process = far_find (me, "host");
    far_proxy_t *numbers = far_import (process, "numbers");
    far_stream_t *stream = far_stream (numbers, "primes", "l", (int64_t)1000);
    int64_t prime = 0;
    if (!far_stream_next (stream, "l", &prime))
        return far_print_error ("primes");
    printf ("%" PRId64 " is the first\n", prime);
    for (int i = 1; i < 10 && far_stream_next (stream, "l", &prime); i++)
        ;
    far_stream_destroy (&stream); /* before its end: the method is told */
    printf ("it was stopped after %" PRId64 "\n", prime);
    far_proxy_destroy (&numbers);
    far_process_destroy (&process);
    far_actor_destroy (&me);
    far_actor_destroy (&host);
}
