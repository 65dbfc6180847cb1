/* Prints errors of all sorts: kind, class, message, the processes that each one came back through, and what caused it. The
 * other processes are errors_host.c, twice.
 *
 *     $ ./errors_host front &
 *     $ ./errors_host back &
 *     $ ./errors
 *     Raised, ZeroDivisionError: 1 / 0
 *         calc.divide in process front, examples/errors_host.c line 13
 *     BadArguments, BadArguments: divide: parameter 'b' takes an integer of 32 bits, and got string
 *         calc.divide in process front
 *     NoSuchAttribute, NoSuchAttribute: module calc has no attribute 'multiply'
 *         calc.multiply in process front
 *     Raised, ZeroDivisionError: 2 / 0
 *         calc.divide in process back, examples/errors_host.c line 13
 *         calc.delegate in process front
 *     Raised, NobodyThere: can't share
 *         calc.share in process front, examples/errors_host.c line 39
 *     caused by Raised, ZeroDivisionError: 6 / 0
 *         calc.divide in process back, examples/errors_host.c line 13
 *     PeerDied, PeerDied: back (...) is gone (its connection ended); the outcome is unknown
 *     PeerDied, PeerDied: back (...) is gone (its connection ended); the outcome is unknown
 */
#include <farcall.h>
#include <stdio.h>

static void print_error (far_status_t status)
{
    const far_error_t *error = status ? far_last_error () : NULL; /* of this thread's last call that failed */
    for (const char *before = ""; error; before = "caused by ", error = far_error_cause (error)) {
        printf ("%s%s, %s: %s\n", before, far_status_name (far_error_kind (error)), far_error_class (error),
                far_error_message (error));
        for (size_t i = 0; i < far_error_hop_count (error); i++) {
            const far_hop_t *hop = far_error_hop (error, i);
            printf ("    %s.%s in process %s", hop->object, hop->method, hop->process);
            if (*hop->file)
                printf (", %s line %d", hop->file, hop->line);
            putchar ('\n');
        }
    }
}

int main (void)
{
    far_actor_t *me = far_actor_new (NULL, NULL);
    if (!me)
        return far_print_error ("the broker");
    far_process_t *front = far_find (me, "front"), *back = far_find (me, "back");
    if (!front || !back)
        return far_print_error ("errors_host");
    far_proxy_t *calc = far_import_deferred (front, "calc"), *other = far_import_deferred (back, "calc");

    print_error (far_call (calc, "divide", "ii", 1, 0));
    print_error (far_call (calc, "divide", "is", 1, "two"));
    print_error (far_call (calc, "multiply", "ii", 6, 7));
    print_error (far_call (calc, "delegate", "sii", "back", 2, 0));
    print_error (far_call (calc, "share", "sii", "back", 6, 0));
    print_error (far_call (other, "die", ""));
    print_error (far_call (other, "divide", "ii", 42, 6));

    far_proxy_destroy (&calc);
    far_proxy_destroy (&other);
    far_process_close (front, true);
    far_process_destroy (&front);
    far_process_destroy (&back);
    far_actor_destroy (&me);
    return 0;
}
