/* What the flow tests host: functions that echo, fail, wait, call back and hold on to what they are given, and a class
 * whose objects are counted. */
#include "support/counter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static far_status_t probe_pid (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "l", (int64_t)getpid ());
}

static far_status_t probe_fail (far_call_t *call, void *self)
{
    (void)self;
    const char *error_class, *message;
    if (far_call_args (call, &error_class, &message))
        return far_call_status (call);
    return far_call_fail (call, error_class, "%s", message);
}

/* Occupies the process, as a long computation does. */
static far_status_t probe_busy (far_call_t *call, void *self)
{
    (void)self;
    int64_t ms;
    far_proxy_t *started;
    far_status_t status = far_call_args (call, &ms, &started);
    if (!status && started)
        status = far_send (started, NULL, "");
    if (status)
        return status;
    struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    nanosleep (&time, NULL);
    return far_call_return (call, "l", ms);
}

/* Says that it has started, and runs until it is cancelled. */
static far_status_t probe_until_cancelled (far_call_t *call, void *self)
{
    _Atomic int64_t *cancelled = self;
    far_proxy_t *started;
    far_status_t status = far_call_args (call, &started);
    if (!status)
        status = far_send (started, NULL, "");
    if (status)
        return status;
    while (!far_call_cancelled (call)) {
        struct timespec time = { .tv_nsec = 1000000 };
        nanosleep (&time, NULL);
    }
    ++*cancelled;
    return far_call_fail (call, "GaveUp", "cancelled in the middle");
}

static far_status_t probe_cancelled (far_call_t *call, void *self)
{
    _Atomic int64_t *cancelled = self;
    return far_call_return (call, "l", (int64_t)*cancelled);
}

/* Calls what it is given, with a value, and gives what that gives. */
static far_status_t probe_call (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *callee;
    const far_value_t *argument;
    far_value_t *result;
    far_status_t status = far_call_args (call, &callee, &argument);
    if (!status)
        status = far_call (callee, NULL, "v>v", argument, &result);
    if (status)
        return status;
    status = far_call_return (call, "v", result);
    far_value_destroy (&result);
    return status;
}

/* The same with one argument more, a proxy that is handed on. */
static far_status_t probe_call_with (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *callee, *with;
    const far_value_t *argument;
    far_value_t *result;
    far_status_t status = far_call_args (call, &callee, &with, &argument);
    if (!status)
        status = far_call (callee, NULL, "Pv>v", with, argument, &result);
    if (status)
        return status;
    status = far_call_return (call, "v", result);
    far_value_destroy (&result);
    return status;
}

/* Adds to a Counter that is one of this process, without a call of its method. */
static far_status_t probe_add_here (far_call_t *call, void *self)
{
    (void)self;
    far_object_t *object;
    int64_t amount;
    if (far_call_args (call, &object, &amount))
        return far_call_status (call);
    counter_t *counter = far_object_data (object);
    if (!counter)
        return far_call_fail (call, "TypeError", "this is no Counter of this process");
    return far_call_return (call, "l", counter->total += amount);
}

/* Wants no answer. */
static far_status_t probe_tell (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *callee;
    const far_value_t *argument;
    far_status_t status = far_call_args (call, &callee, &argument);
    return status ? status : far_send (callee, NULL, "v", argument);
}

/* The same as call, with an error of its own where that fails. */
static far_status_t probe_wrap (far_call_t *call, void *self)
{
    far_status_t status = probe_call (call, self);
    return status ? far_call_fail (call, "WrapError", "what was called failed") : FAR_OK;
}

/* A -> B -> A -> ... depth times, between the functions `bounce` of two processes. */
static far_status_t probe_bounce (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *here, *there;
    int64_t depth, reached = 0;
    far_status_t status = far_call_args (call, &here, &there, &depth);
    if (!status && depth)
        status = far_call (there, NULL, "PPl>l", there, here, depth - 1, &reached);
    return status ? status : far_call_return (call, "l", reached + 1);
}

static void say_goodbye (void)
{
    fputs ("probe: an exit handler has run\n", stderr);
}

/* Has the end of the process show in its log. */
static far_status_t probe_say_goodbye (far_call_t *call, void *self)
{
    (void)call, (void)self;
    atexit (say_goodbye);
    return FAR_OK;
}

static far_proxy_t *held, *held_too;

static far_status_t keep (far_call_t *call, far_proxy_t **place)
{
    far_proxy_t *proxy;
    if (far_call_args (call, &proxy))
        return far_call_status (call);
    far_proxy_retain (proxy);
    far_proxy_destroy (place);
    *place = proxy;
    return FAR_OK;
}

static far_status_t probe_hold (far_call_t *call, void *self)
{
    (void)self;
    return keep (call, &held);
}

static far_status_t probe_hold_too (far_call_t *call, void *self)
{
    (void)self;
    return keep (call, &held_too);
}

static far_status_t probe_drop (far_call_t *call, void *self)
{
    (void)call, (void)self;
    far_proxy_destroy (&held);
    far_proxy_destroy (&held_too);
    return FAR_OK;
}

static far_status_t probe_held (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "P", held);
}

static far_status_t probe_add_to_held (far_call_t *call, void *self)
{
    (void)self;
    int64_t total;
    far_status_t status = far_call (held, "add", "l>l", (int64_t)1, &total);
    return status ? status : far_call_return (call, "l", total);
}

static far_status_t probe_bytes (far_call_t *call, void *self)
{
    (void)self;
    int64_t size;
    if (far_call_args (call, &size))
        return far_call_status (call);
    far_bytes_t bytes = { .data = calloc (1, (size_t)size), .size = (size_t)size };
    far_status_t status = far_call_return (call, "y", &bytes);
    far_bytes_free (&bytes);
    return status;
}

FAR_MODULE (probe)
{
    static _Atomic int64_t cancelled; /* methods may run on a pool */
    far_module_set_doc (module, "What the flow tests host.");
    far_module_set_data (module, &cancelled, NULL);
    far_module_class (module, &counter_class);
    far_module_class (module, &opaque_class);
    far_module_function (module, "alive", counters_alive, "-> l", "Live objects of Counter.");
    far_module_function (module, "pid", probe_pid, "-> l", "The process that runs this.");
    far_module_function (module, "echo", echo_value, "value:v -> v", "What it is given.");
    far_module_function (module, "fail", probe_fail, "class:s, message:s", "Fails.");
    far_module_function (module, "busy", probe_busy, "ms:l, started:P=nil -> l", "Occupies the process.");
    far_module_function (module, "until_cancelled", probe_until_cancelled, "started:P", "Runs until it is cancelled.");
    far_module_function (module, "cancelled", probe_cancelled, "-> l", "How many were cancelled.");
    far_module_function (module, "call", probe_call, "callee:P, argument:v -> v", "Calls what it is given.");
    far_module_function (module, "call_with", probe_call_with, "callee:P, with:P, argument:v -> v", "Hands it on.");
    far_module_function (module, "add_here", probe_add_here, "counter:O, amount:l -> l", "Adds to an object at home.");
    far_module_function (module, "tell", probe_tell, "callee:P, argument:v", "Calls it, off.");
    far_module_function (module, "wrap", probe_wrap, "callee:P, argument:v -> v", "Calls it, and fails if that fails.");
    far_module_function (module, "bounce", probe_bounce, "here:P, there:P, depth:l -> l", "Calls back and forth.");
    far_module_function (module, "say_goodbye", probe_say_goodbye, "", "Has its end logged.");
    far_module_function (module, "hold", probe_hold, "object:P", "Keeps a proxy.");
    far_module_function (module, "hold_too", probe_hold_too, "object:P", "Keeps a second proxy.");
    far_module_function (module, "drop", probe_drop, "", "Lets go of both.");
    far_module_function (module, "held", probe_held, "-> P", "The proxy that is kept.");
    far_module_function (module, "add_to_held", probe_add_to_held, "-> l", "Calls add of it.");
    far_module_function (module, "bytes", probe_bytes, "size:l -> y", "That many zeros.");
    far_module_constant (module, "answer", "i", 42);
}
