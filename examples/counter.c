/* Adds to a number that lives in another process, counter_host.c, and prints what it is then. Each run is a process of
 * its own, and all of them mean the same number.
 *
 *     $ ./counter_host &
 *     $ ./counter 40
 *     40
 *     $ ./counter 2
 *     42
 *     $ ./counter -7
 *     35
 *     $ kill %1
 */
#include <farcall.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int main (int argc, char **argv)
{
    int amount = argc > 1 ? atoi (argv[1]) : 1;
    int64_t total;

    far_actor_t *me = far_actor_new (NULL, NULL);
    if (!me)
        return far_print_error ("the broker");
    far_process_t *host = far_find (me, "host");
    if (!host)
        return far_print_error ("host");
    far_proxy_t *counter = far_import_deferred (host, "counter.shared"); /* asks nothing yet */
    if (far_call (counter, "add", "i>l", amount, &total))
        return far_print_error ("add");
    printf ("%" PRId64 "\n", total);

    far_proxy_destroy (&counter);
    far_process_destroy (&host);
    far_actor_destroy (&me);
    return 0;
}
