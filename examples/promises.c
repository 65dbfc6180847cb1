/* Goes on with answers that have not come yet: `shelf.open ("poem").read ().split ()` in another process, promises_host.c.
 * Three calls are sent one behind the other, and one round trip later the answer to the last is there.
 *
 *     $ ./promises_host &
 *     $ ./promises
 *     8 words, the last one is "infinite"
 *     prose: Raised (NoBook): there is no prose here
 */
#include <farcall.h>
#include <stdio.h>

static void count_words (far_proxy_t *shelf, const char *name)
{
    far_request_t *opened = far_call_promise (shelf, "open", "s", name);
    far_proxy_t *words = far_then (opened, "read ().split ()"); /* a list over there */
    far_request_t *last = far_call_promise (words, "__getitem__", "i", -1);
    size_t count;
    char *text = NULL;
    if (far_len (words, &count) || far_request_result (last, "s", &text)) { /* the one wait */
        const far_error_t *error = far_last_error ();
        printf ("%s: %s (%s): %s\n", name, far_status_name (far_error_kind (error)), far_error_class (error),
                far_error_message (error));
    } else {
        printf ("%zu words, the last one is \"%s\"\n", count, text);
    }
    far_string_free (&text);
    far_request_destroy (&last);
    far_proxy_destroy (&words);
    far_request_destroy (&opened);
}

int main (void)
{
    far_actor_t *me = far_actor_new (NULL, NULL);
    if (!me)
        return far_print_error ("the broker");
    far_process_t *host = far_find (me, "host");
    if (!host)
        return far_print_error ("host");

    far_proxy_t *shelf = far_import_deferred (host, "shelf");
    count_words (shelf, "poem");
    count_words (shelf, "prose"); /* the error of the first call is the error of all that hang on it */

    far_proxy_destroy (&shelf);
    far_process_close (host, true);
    far_process_destroy (&host);
    far_actor_destroy (&me);
    return 0;
}
