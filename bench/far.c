/* The same calls through farcall, as a program would make them: a host with a class Counter, a caller with a proxy of
 * one, and the real far-broker between them. Only the public header. */
#include "role.h"

#include <farcall.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HOST "counters"

typedef struct counter {
    int64_t total;
} counter_t;

static far_status_t counter_add (far_call_t *call, void *self)
{
    counter_t *counter = self;
    int64_t amount;
    if (far_call_args (call, &amount))
        return far_call_status (call);
    return far_call_return (call, "l", counter->total += amount);
}

static const far_method_t counter_methods[] = {
    { "add", counter_add, "amount:l -> l", "Add amount; the new total." },
    { 0 },
};

static const far_class_t counter_class = {
    .name = "Counter",
    .doc = "A number that starts at 0.",
    .size = sizeof (counter_t),
    .methods = counter_methods,
};

FAR_MODULE (counter)
{
    far_module_class (module, &counter_class);
}

/* In the place of this process, so that it is bound to its core and dies with the driver. */
int bench_far_broker (const bench_role_args_t *args)
{
    execl (args->far_broker, args->far_broker, "--bind", args->address, (char *)NULL);
    fprintf (stderr, "compare: %s: %m\n", args->far_broker);
    return 1;
}

int bench_far_host (const bench_role_args_t *args)
{
    const far_offer_t offers[] = { { "counter", far_module_counter }, { 0 } };
    far_actor_options_t options = { .address = args->address, .name = HOST, .offers = offers };
    far_actor_t *actor = far_actor_open (&options);
    if (!actor)
        return far_print_error ("compare: far-host");
    bench_role_ready ();
    far_actor_wait_closed (actor, FAR_FOREVER);
    far_actor_destroy (&actor);
    return 0;
}

typedef struct caller {
    far_actor_t *actor;
    far_process_t *host;
    far_proxy_t *counter;
    far_request_t *started[BENCH_WINDOW]; /* a ring: the oldest at first */
    size_t first, count;
} caller_t;

static bool far_ok (far_status_t status)
{
    if (status)
        far_print_error ("compare: far-caller");
    return !status;
}

static bool far_caller_call (void *context, int64_t amount, int64_t *total)
{
    caller_t *self = context;
    return far_ok (far_call (self->counter, "add", "l>l", amount, total));
}

static bool far_caller_start (void *context, int64_t amount)
{
    caller_t *self = context;
    far_request_t *request = far_call_async (self->counter, "add", "l", amount);
    if (!request)
        return !far_print_error ("compare: far-caller");
    self->started[(self->first + self->count++) % BENCH_WINDOW] = request;
    return true;
}

static bool far_caller_finish (void *context, int64_t *total)
{
    caller_t *self = context;
    far_request_t **request_p = &self->started[self->first];
    bool is_ok = far_ok (far_request_result (*request_p, "l", total));
    far_request_destroy (request_p);
    self->first = (self->first + 1) % BENCH_WINDOW;
    self->count--;
    return is_ok;
}

static bool far_caller_send (void *context, int64_t amount)
{
    caller_t *self = context;
    return far_ok (far_send (self->counter, "add", "l", amount));
}

static bool caller_init (caller_t *self, const char *address)
{
    self->actor = far_actor_new (address, NULL);
    self->host = self->actor ? far_find (self->actor, HOST) : NULL;
    self->counter = self->host ? far_new (self->host, "counter.Counter", NULL) : NULL;
    return self->counter || !far_print_error ("compare: far-caller");
}

static void caller_deinit (caller_t *self)
{
    for (size_t i = 0; i < BENCH_WINDOW; i++)
        far_request_destroy (&self->started[i]);
    far_proxy_destroy (&self->counter);
    far_process_destroy (&self->host);
    far_actor_destroy (&self->actor);
}

int bench_far_caller (const bench_role_args_t *args)
{
    caller_t self = { 0 };
    int status = 1;
    const bench_caller_t caller = { &self, far_caller_call, far_caller_start, far_caller_finish, far_caller_send };
    if (caller_init (&self, args->address))
        status = bench_role_call (args, &caller);
    caller_deinit (&self);
    return status;
}
