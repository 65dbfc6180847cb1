/* Offers a function to other processes: `greet`, in a module `hello`, in a process that is found by the name `host`.
 * Prints nothing, and serves until it is told to leave: hello.c calls it. */
#include <farcall.h>
#include <stdio.h>

static far_status_t greet (far_call_t *call, void *self)
{
    (void)self;
    const char *name;
    char text[100];
    if (far_call_args (call, &name))
        return far_call_status (call);
    snprintf (text, sizeof text, "Hello, %s!", name);
    return far_call_return (call, "s", text);
}

FAR_MODULE (hello)
{
    far_module_function (module, "greet", greet, "name:s='world' -> s", "A greeting.");
}

int main (void)
{
    const far_offer_t offers[] = { { "hello", far_module_hello }, { 0 } };
    far_actor_options_t options = { .name = "host", .offers = offers };
    far_actor_t *me = far_actor_open (&options);
    if (!me)
        return far_print_error ("hello_host");
    far_actor_wait_closed (me, FAR_FOREVER);
    far_actor_destroy (&me);
    return 0;
}
