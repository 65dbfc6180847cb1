/* Makes an object of a class that far-actor serves from a shared object, counter_module.c.
 *
 *     $ far-actor --name host --module ./counter.so &
 *     $ ./module
 *     sum: 42
 *     the counter: 41, 51
 *     OverflowError: 51 + 9223372036854775807
 *     $ far ls host counter
 *     OFFERS                          WHAT IT DOES
 *     sum(a: int32, b: int32) -> int  a + b
 *     Counter(start: int = 0)         A number.
 *       .add(amount: int = 1) -> int  Add amount; the new total.
 *     $ far call host counter.sum 2 40
 *     42
 *     $ kill %1
 */
#include <farcall.h>
#include <inttypes.h>
#include <stdio.h>

int main (void)
{
    far_actor_t *me = far_actor_new (NULL, NULL);
    if (!me)
        return far_print_error ("the broker");
    far_process_t *host = far_find (me, "host");
    if (!host)
        return far_print_error ("host");

    int64_t total, next;
    far_proxy_t *module = far_import_deferred (host, "counter");
    if (far_call (module, "sum", "ii>l", 40, 2, &total))
        return far_print_error ("sum");
    printf ("sum: %" PRId64 "\n", total);

    far_proxy_t *counter = far_new (host, "counter.Counter", "l", (int64_t)40); /* lives there, for us */
    if (far_call (counter, "add", ">l", &total) || far_call (counter, "add", "amount:l>l", (int64_t)10, &next))
        return far_print_error ("add");
    printf ("the counter: %" PRId64 ", %" PRId64 "\n", total, next);
    if (far_call (counter, "add", "l", INT64_MAX) == FAR_E_RAISED)
        printf ("%s: %s\n", far_error_class (far_last_error ()), far_error_message (far_last_error ()));

    far_proxy_destroy (&counter); /* with the last proxy the object ends */
    far_proxy_destroy (&module);
    far_process_destroy (&host);
    far_actor_destroy (&me);
    return 0;
}
