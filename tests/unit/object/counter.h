/* For the tests of dispatch: a table-driven class, a module that offers it, and an object of it. Some of its methods are
 * as wrong as a method can be. */
#ifndef FAR_TEST_OBJECT_COUNTER_H
#define FAR_TEST_OBJECT_COUNTER_H

#include "support.h"

typedef struct counter {
    int64_t total;
} counter_t;

static far_status_t counter_init (far_call_t *call, void *self)
{
    return far_call_args (call, &((counter_t *)self)->total);
}

static far_status_t counter_add (far_call_t *call, void *self)
{
    counter_t *counter = self;
    int64_t amount, sum;
    if (far_call_args (call, &amount))
        return far_call_status (call);
    if (__builtin_add_overflow (counter->total, amount, &sum))
        return far_call_fail (call, "OverflowError", "%d is too much", (int)amount);
    return far_call_return (call, "l", counter->total = sum);
}

static far_status_t counter_reset (far_call_t *call, void *self)
{
    (void)call;
    ((counter_t *)self)->total = 0;
    return FAR_OK;
}

static far_status_t counter_value (far_call_t *call, void *self)
{
    return far_call_return (call, "{sl}", "total", ((counter_t *)self)->total);
}

static UNUSED int returns_status; /* what `nonsense` gives */

static far_status_t counter_nonsense (far_call_t *call, void *self)
{
    (void)call;
    (void)self;
    return (far_status_t)returns_status;
}

static far_status_t counter_relay (far_call_t *call, void *self)
{
    (void)call;
    (void)self;
    far_error_t *inner = far_error_from (FAR_E_PEER_DIED, "PeerDied", 8, "the printer died", 16);
    far_hop_t hop = { .process = "printer", .object = "Printer", .method = "print", .file = "p.c", .line = 7 };
    far_error_t *error = far_error_with_hop (inner, &hop);
    far_error_release (&inner);
    return far_fail_with (error);
}

/* Fails because what it called did. */
static far_status_t counter_wrap (far_call_t *call, void *self)
{
    counter_relay (call, self);
    return far_call_fail (call, "WrapError", "no print: %s", far_error_message (far_last_error ()));
}

static far_status_t counter_careless (far_call_t *call, void *self)
{
    (void)self;
    far_call_fail (call, "CarelessError", "nobody looked");
    return FAR_OK;
}

static far_status_t counter_recover (far_call_t *call, void *self)
{
    (void)self;
    far_call_fail (call, "CarelessError", "made good below");
    far_call_return (call, "s", "\xff");
    if (far_call_status (call) != FAR_E_NOT_SERIALIZABLE)
        return FAR_E_SYSTEM;
    return far_call_return (call, "s", "recovered");
}

static far_status_t counter_bad_text (far_call_t *call, void *self)
{
    (void)self;
    far_call_return (call, "s", "\xff\xfe");
    return FAR_OK;
}

static far_status_t counter_bad_error (far_call_t *call, void *self)
{
    (void)self;
    return far_call_fail (call, "TextError", "it said \xff");
}

static far_status_t counter_twice (far_call_t *call, void *self)
{
    (void)self;
    far_call_return (call, "O", NULL);
    return far_call_return (call, "s", "the second");
}

static far_status_t counter_self (far_call_t *call, void *self)
{
    return far_call_return (call, "l",
                            (int64_t)far_call_caller (call).value + (far_call_cancelled (call) ? 100 : 0) +
                                (self && !far_call_actor (call) ? 0 : 1000));
}

static const far_method_t counter_methods[] = {
    { "reset", counter_reset, NULL, "Back to 0." },
    { "add", counter_add, "amount:l=1 -> l", "Add amount; the new total." },
    { "nonsense", counter_nonsense, "", "Gives a status." },
    { "relay", counter_relay, "", "Fails as another process did." },
    { "wrap", counter_wrap, "", "Fails because another process did." },
    { "careless", counter_careless, "", "Fails, and says it did not." },
    { "recover", counter_recover, "", "Fails, and then does not." },
    { "bad_text", counter_bad_text, "", "Answers with what is no text." },
    { "bad_error", counter_bad_error, "", "Fails with what is no text." },
    { "twice", counter_twice, "", "Answers twice." },
    { "whoami", counter_self, "", "The caller." },
    { "__call__", counter_add, "amount:l=1", "As add." },
    { 0 },
};

static const far_class_t counter_class = {
    .name = "Counter",
    .doc = "A number that processes share.",
    .size = sizeof (counter_t),
    .init = counter_init,
    .init_takes = "start:l=0",
    .methods = counter_methods,
    .value = counter_value,
};

static far_status_t function_sum (far_call_t *call, void *self)
{
    (void)self;
    int64_t a, b;
    if (far_call_args (call, &a, &b))
        return far_call_status (call);
    return far_call_return (call, "l", a + b);
}

FAR_MODULE (counter)
{
    far_module_class (module, &counter_class);
    far_module_function (module, "sum", function_sum, "a:l, b:l -> l", "a + b.");
    far_module_constant (module, "limit", "i", 1000);
    far_module_constant (module, "table", "{sisi}", "one", 1, "two", 2);
    far_object_t *shared = far_object_new (NULL, &counter_class, "i", 7);
    far_module_object (module, "shared", &shared);
    far_module_t *inner = far_module_submodule (module, "inner", "A module inside.");
    far_module_function (inner, "sum", function_sum, "a:l, b:l -> l", "a + b.");
}

typedef struct fixture {
    far_host_t host;
    exchange_t exchange;
    far_object_t *object; /* a Counter at 40 */
} fixture_t;

static UNUSED int setup (void **state)
{
    fixture_t *self = calloc (1, sizeof *self);
    assert_non_null (self);
    self->host.process_name = "tester";
    self->exchange.host = &self->host;
    self->exchange.registry = far_registry_new (&self->host);
    assert_non_null (self->exchange.registry);
    if (far_registry_add (self->exchange.registry, "counter", far_module_counter))
        fail_msg ("%s", far_error_message (far_last_error ()));
    self->object = far_object_new (NULL, &counter_class, "i", 40);
    assert_non_null (self->object);
    *state = self;
    return 0;
}

static UNUSED int teardown (void **state)
{
    fixture_t *self = *state;
    exchange_end (&self->exchange);
    far_object_destroy (&self->object);
    far_registry_destroy (&self->exchange.registry);
    free (self);
    return 0;
}

#endif
