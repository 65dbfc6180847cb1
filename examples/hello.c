/* Calls a function of another process, hello_host.c, and then tells that process to leave.
 *
 *     $ ./hello_host &
 *     $ ./hello
 *     Hello, world!
 *     Hello, reader!
 */
#include <farcall.h>
#include <stdio.h>

int main (void)
{
    far_actor_t *me = far_actor_new (NULL, NULL); /* at the user's broker, which is started if none runs */
    if (!me)
        return far_print_error ("the broker");
    far_process_t *host = far_find (me, "host"); /* waits until there is one */
    if (!host)
        return far_print_error ("host");
    far_proxy_t *hello = far_import (host, "hello");
    if (!hello)
        return far_print_error ("hello");

    char *text;
    if (far_call (hello, "greet", ">s", &text)) /* without the argument: it has a default */
        return far_print_error ("greet");
    puts (text);
    far_string_free (&text);
    if (far_call (hello, "greet", "s>s", "reader", &text))
        return far_print_error ("greet");
    puts (text);
    far_string_free (&text);

    far_proxy_destroy (&hello);
    far_process_close (host, true);
    far_process_destroy (&host);
    far_actor_destroy (&me);
    return 0;
}
