/* Can go wrong in several ways: the module `calc`, in a process that is found by the name given as argument. Prints
 * nothing, and serves until it is told to leave: errors.c calls two of them. */
#include <farcall.h>
#include <stdlib.h>

static far_status_t divide (far_call_t *call, void *self)
{
    (void)self;
    int a, b;
    if (far_call_args (call, &a, &b))
        return far_call_status (call);
    if (b == 0)
        return far_call_fail (call, "ZeroDivisionError", "%d / 0", a);
    return far_call_return (call, "i", a / b);
}

/* What another process does for this one: its error goes on to the caller, with one hop more. */
static far_status_t delegate (far_call_t *call, void *self)
{
    (void)self;
    const char *name;
    int a, b, quotient = 0;
    if (far_call_args (call, &name, &a, &b))
        return far_call_status (call);
    far_process_t *other = far_find (far_call_actor (call), name);
    if (!other)
        return far_last_status ();
    far_proxy_t *calc = far_import_deferred (other, "calc");
    far_process_destroy (&other);
    far_status_t status = far_call (calc, "divide", "ii>i", a, b, &quotient);
    far_proxy_destroy (&calc);
    return status ? status : far_call_return (call, "i", quotient);
}

/* The same, with an error of its own: what it met is the cause. */
static far_status_t share (far_call_t *call, void *self)
{
    if (delegate (call, self))
        return far_call_fail (call, "NobodyThere", "can't share");
    return FAR_OK;
}

static far_status_t die (far_call_t *call, void *self)
{
    (void)call, (void)self;
    abort ();
}

FAR_MODULE (calc)
{
    far_module_function (module, "divide", divide, "a:i, b:i -> i", "a / b");
    far_module_function (module, "delegate", delegate, "to:s, a:i, b:i -> i", "a / b, by another process");
    far_module_function (module, "share", share, "to:s, a:i, b:i -> i", "a / b, for b persons");
    far_module_function (module, "die", die, NULL, "End the process at once.");
}

int main (int argc, char **argv)
{
    const far_offer_t offers[] = { { "calc", far_module_calc }, { 0 } };
    far_actor_options_t options = { .name = argc > 1 ? argv[1] : "host", .offers = offers };
    far_actor_t *me = far_actor_open (&options);
    if (!me)
        return far_print_error ("errors_host");
    far_actor_wait_closed (me, FAR_FOREVER);
    far_actor_destroy (&me);
    return 0;
}
