/* The same with a fleet, as programs would use it: workers that join it, clients that call it. All that it does is on:
 * calls wait in its queue, each has a deadline, and what a worker that dies has had goes to another one. */
#include "crowd.h"

#include <farcall.h>
#include <stdio.h>

#define FLEET "counters"

enum { PREFETCH = 64, DEADLINE_MS = 60000 };

static far_status_t next (far_call_t *call, void *self)
{
    (void)self;
    int64_t amount;
    if (far_call_args (call, &amount))
        return far_call_status (call);
    return far_call_return (call, "l", amount + 1);
}

FAR_MODULE (next)
{
    far_module_function (module, "next", next, "amount:l -> l", "One more than amount.");
}

static int be_worker (const bench_role_args_t *args, bench_crowd_t *crowd)
{
    const far_offer_t offers[] = { { "next", far_module_next }, { 0 } };
    far_actor_options_t options = { .address = args->address, .offers = offers };
    far_actor_t *actor = far_actor_open (&options);
    if (!actor || far_join (actor, FLEET, 1))
        return far_print_error ("compare: far-worker");
    bench_crowd_meet (crowd);
    far_actor_wait_closed (actor, FAR_FOREVER);
    far_actor_destroy (&actor);
    return 0;
}

int bench_far_workers (const bench_role_args_t *args)
{
    return bench_crowd_serve (args, be_worker);
}

typedef struct client {
    far_actor_t *actor;
    far_process_t *fleet;
    far_proxy_t *module;
    far_request_t *started[BENCH_FLEET_WINDOW]; /* a ring: the oldest at first */
    size_t first, count;
} client_t;

static bool start (void *context, int64_t amount)
{
    client_t *self = context;
    far_request_t *request = far_call_async (self->module, "next", "l", amount);
    if (!request)
        return !far_print_error ("compare: far-client");
    self->started[(self->first + self->count++) % BENCH_FLEET_WINDOW] = request;
    return true;
}

static bool finish (void *context, int64_t *next)
{
    client_t *self = context;
    far_request_t **request_p = &self->started[self->first];
    far_status_t status = far_request_result (*request_p, "l", next);
    if (status)
        far_print_error ("compare: far-client");
    far_request_destroy (request_p);
    self->first = (self->first + 1) % BENCH_FLEET_WINDOW;
    self->count--;
    return !status;
}

static far_status_t set_prefetch (far_actor_t *actor)
{
    far_process_t *broker = far_broker (actor);
    far_proxy_t *fleets = far_import_deferred (broker, "broker.fleets");
    far_status_t status = far_call (fleets, "set", "s{su}", FLEET, "prefetch", (uint64_t)PREFETCH);
    far_proxy_destroy (&fleets);
    far_process_destroy (&broker);
    return status;
}

static bool client_init (client_t *self, const char *address)
{
    self->actor = far_actor_new (address, NULL);
    self->fleet = self->actor && !set_prefetch (self->actor) ? far_find (self->actor, FLEET) : NULL;
    if (self->fleet && !far_process_set (self->fleet, FAR_OPTION_IDEMPOTENT, 1) &&
        !far_process_set (self->fleet, FAR_OPTION_DEADLINE_MS, DEADLINE_MS))
        self->module = far_import (self->fleet, "next");
    return self->module || !far_print_error ("compare: far-client");
}

static void client_deinit (client_t *self)
{
    for (size_t i = 0; i < BENCH_FLEET_WINDOW; i++)
        far_request_destroy (&self->started[i]);
    far_proxy_destroy (&self->module);
    far_process_destroy (&self->fleet);
    far_actor_destroy (&self->actor);
}

static int be_client (const bench_role_args_t *args, bench_crowd_t *crowd)
{
    client_t self = { 0 };
    int status = 1;
    const bench_caller_t caller = { .context = &self, .start = start, .finish = finish };
    if (client_init (&self, args->address)) {
        bench_crowd_meet (crowd);
        status = bench_crowd_run (args, &caller, crowd);
    }
    client_deinit (&self);
    return status;
}

int bench_far_clients (const bench_role_args_t *args)
{
    return bench_crowd_call (args, be_client);
}
