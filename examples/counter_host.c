/* Holds a number that all processes share: the object `shared` of class Counter, in the module `counter` of the process
 * `host`. Prints nothing, and serves until it is ended: counter.c uses it. */
#include <farcall.h>

typedef struct {
    int64_t total;
} counter_t;

static far_status_t counter_add (far_call_t *call, void *self)
{
    counter_t *counter = self;
    int64_t amount;
    if (far_call_args (call, &amount))
        return far_call_status (call);
    counter->total += amount; /* no lock: methods run one after the other */
    return far_call_return (call, "l", counter->total);
}

static const far_method_t counter_methods[] = {
    { "add", counter_add, "amount:l=1 -> l", "Add amount; the new total." },
    { 0 },
};

static const far_class_t counter_class = {
    .name = "Counter",
    .doc = "A number that processes share.",
    .size = sizeof (counter_t),
    .methods = counter_methods,
};

FAR_MODULE (counter)
{
    far_object_t *shared = far_object_new (far_module_actor (module), &counter_class, NULL);
    far_module_object (module, "shared", &shared);
}

int main (void)
{
    const far_offer_t offers[] = { { "counter", far_module_counter }, { 0 } };
    far_actor_options_t options = { .name = "host", .offers = offers };
    far_actor_t *me = far_actor_open (&options);
    if (!me)
        return far_print_error ("counter_host");
    far_actor_wait_closed (me, FAR_FOREVER);
    far_actor_destroy (&me);
    return 0;
}
