/* What test_peer.py has far-actor host: objects that are counted, functions that fail, call back and hold on to what they
 * are given, and one that calls a process by its name. */
#include "support/counter.h"

#include <time.h>

/* A Counter that has more: what the page calls properties, operators, constants and a base. */
typedef struct box {
    counter_t counter;
    int64_t step;
} box_t;

static far_status_t box_plus (far_call_t *call, void *self)
{
    int64_t other;
    if (far_call_args (call, &other))
        return far_call_status (call);
    return far_call_return (call, "l", ((box_t *)self)->counter.total + other);
}

static far_status_t box_subtract_here (far_call_t *call, void *self)
{
    int64_t other;
    if (far_call_args (call, &other))
        return far_call_status (call);
    ((box_t *)self)->counter.total -= other;
    return FAR_OK;
}

static far_status_t box_items (far_call_t *call, void *self)
{
    far_value_t *items = far_value_list ();
    for (int64_t i = 0; i < ((box_t *)self)->counter.total; i++) {
        far_value_t *item = far_value_new ("l", i);
        far_value_append (items, &item);
    }
    far_status_t status = far_call_return (call, "v", items);
    far_value_destroy (&items);
    return status;
}

static const far_property_t box_properties[] = {
    { "step", "l", "To be set.", FAR_FIELD (box_t, step) },
    { "total", "l", "To be read.", FAR_FIELD_READ_ONLY (box_t, counter.total) },
    { 0 },
};

static const far_operation_t box_operators[] = {
    { FAR_ADD, box_plus, "other:l -> l", "The sum." },
    { FAR_ISUB, box_subtract_here, "other:l", "Less." },
    { FAR_ITER, box_items, "-> [l]", "The numbers below it." },
    { 0 },
};

static const far_constant_t box_constants[] = { { "MOST", "9", "The most." }, { 0 } };

static const far_class_t box_class = {
    .name = "Box",
    .size = sizeof (box_t),
    .properties = box_properties,
    .operators = box_operators,
    .constants = box_constants,
    .base = &counter_class,
};

/* The total of a Counter of this process that came home. */
static far_status_t objects_total_of (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *value;
    far_object_t *object;
    if (far_call_args (call, &value))
        return far_call_status (call);
    far_status_t status = far_value_get (value, "O", &object);
    if (status)
        return status;
    status = far_call_return (call, "l", ((counter_t *)far_object_data (object))->total);
    far_object_destroy (&object);
    return status;
}

/* A Counter whose proxies want no answers. */
static far_status_t objects_unheard (far_call_t *call, void *self)
{
    (void)self;
    far_object_t *counter = far_object_new (far_call_actor (call), &counter_class, "");
    far_status_t status = counter ? far_object_set (counter, FAR_OPTION_MODE, FAR_MODE_OFF) : far_last_status ();
    if (!status)
        status = far_object_set (counter, FAR_OPTION_TIMEOUT_MS, 1500);
    if (!status)
        status = far_call_return (call, "O", counter);
    far_object_destroy (&counter);
    return status;
}

/* What holds for calls of a proxy: its options by number, but the end of the list and reentrancy. */
static far_status_t objects_options_of (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *proxy;
    if (far_call_args (call, &proxy))
        return far_call_status (call);
    return far_call_return (
        call, "[llllll]", far_proxy_option (proxy, FAR_OPTION_MODE), far_proxy_option (proxy, FAR_OPTION_TIMEOUT_MS),
        far_proxy_option (proxy, FAR_OPTION_RETURNS), far_proxy_option (proxy, FAR_OPTION_AUTO_PROXY),
        far_proxy_option (proxy, FAR_OPTION_DEFER_GETATTR), far_proxy_option (proxy, FAR_OPTION_BY_VALUE));
}

/* Calls a method of a proxy with one value, and gives what it gives. */
static far_status_t relay (far_call_t *call, far_proxy_t *callee, const char *method, const far_value_t *argument)
{
    far_value_t *result;
    far_status_t status = far_call (callee, method, "v>v", argument, &result);
    if (status)
        return status;
    status = far_call_return (call, "v", result);
    far_value_destroy (&result);
    return status;
}

static far_status_t objects_apply (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *callback;
    const far_value_t *argument;
    if (far_call_args (call, &callback, &argument))
        return far_call_status (call);
    return relay (call, callback, NULL, argument);
}

/* The same, with an error of its own where that fails. */
static far_status_t objects_wrap (far_call_t *call, void *self)
{
    far_status_t status = objects_apply (call, self);
    return status ? far_call_fail (call, "WrapError", "it failed") : FAR_OK;
}

/* Wants no answer of the callback. */
static far_status_t objects_tell (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *callback;
    const far_value_t *argument;
    if (far_call_args (call, &callback, &argument))
        return far_call_status (call);
    return far_send (callback, NULL, "v", argument);
}

/* Off calls of sink.take, with numbers from 0 on. */
static far_status_t objects_flood (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *sink;
    int64_t count;
    far_status_t status = far_call_args (call, &sink, &count);
    for (int64_t i = 0; i < count && !status; i++)
        status = far_send (sink, "take", "l", i);
    return status;
}

static far_proxy_t *kept;

static far_status_t objects_keep (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *thing;
    if (far_call_args (call, &thing))
        return far_call_status (call);
    thing = far_proxy_retain (thing);
    far_proxy_destroy (&kept);
    kept = thing;
    return FAR_OK;
}

static far_status_t objects_kept (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "P", kept);
}

static far_status_t objects_use (far_call_t *call, void *self)
{
    (void)self;
    const char *method;
    const far_value_t *argument;
    if (far_call_args (call, &method, &argument))
        return far_call_status (call);
    return relay (call, kept, method, argument);
}

static far_status_t objects_drop (far_call_t *call, void *self)
{
    (void)call, (void)self;
    far_proxy_destroy (&kept);
    return FAR_OK;
}

/* Goes over what is held, as a list. */
static far_status_t objects_gather (far_call_t *call, void *self)
{
    (void)self;
    far_value_t *items = far_value_list (), *item;
    far_iterator_t *iterator = far_iterate (kept);
    while (far_next (iterator, "v", &item))
        far_value_append (items, &item);
    far_status_t status = far_iterator_status (iterator);
    if (!status)
        status = far_call_return (call, "v", items);
    far_iterator_destroy (&iterator);
    far_value_destroy (&items);
    return status;
}

/* Finds a process, imports its module, calls a function of it. */
static far_status_t objects_call_named (far_call_t *call, void *self)
{
    (void)self;
    const char *process_name, *module_name, *function;
    const far_value_t *argument;
    if (far_call_args (call, &process_name, &module_name, &function, &argument))
        return far_call_status (call);
    far_process_t *process = far_find (far_call_actor (call), process_name);
    far_proxy_t *module = process ? far_import (process, module_name) : NULL;
    far_status_t status = module ? relay (call, module, function, argument) : far_error_kind (far_last_error ());
    far_proxy_destroy (&module);
    far_process_destroy (&process);
    return status;
}

/* Calls back with a deadline. */
static far_status_t objects_within (far_call_t *call, void *self)
{
    (void)self;
    int ms;
    far_proxy_t *callback;
    far_value_t *result;
    if (far_call_args (call, &ms, &callback))
        return far_call_status (call);
    const far_setting_t settings[] = { { FAR_OPTION_DEADLINE_MS, ms }, { FAR_OPTION_TIMEOUT_MS, FAR_FOREVER }, { 0 } };
    far_status_t status = far_call_with (callback, settings, NULL, NULL, ">v", &result);
    if (status)
        return status;
    status = far_call_return (call, "v", result);
    far_value_destroy (&result);
    return status;
}

static far_status_t objects_time_left (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "i", far_call_time_left_ms (call));
}

/* Calls `open` of a process with an argument, goes on with the answer by a chain before it has come, and gives what that
 * leads to, and what `same` of the process makes of the answer and of its attribute `name`. */
static far_status_t go_on (far_call_t *call, far_proxy_t *module, const far_value_t *argument, const char *chain)
{
    far_request_t *opened = far_call_promise (module, "open", "v", argument);
    far_proxy_t *end = far_then (opened, chain), *name = far_then (opened, "name"), *whole = far_then (opened, NULL);
    far_value_t *result = NULL, *same = NULL;
    far_request_t *asked = end ? far_call_async (end, NULL, "") : NULL;
    far_status_t status = asked ? far_call (module, "same", "PP>v", whole, name, &same) : far_last_status ();
    if (!status)
        status = far_request_result (asked, "v", &result);
    if (!status)
        status = far_call_return (call, "[vv]", result, same);
    far_value_destroy (&result);
    far_value_destroy (&same);
    far_request_destroy (&asked);
    far_proxy_destroy (&end);
    far_proxy_destroy (&name);
    far_proxy_destroy (&whole);
    far_request_destroy (&opened);
    return status;
}

static far_status_t objects_go_on (far_call_t *call, void *self)
{
    (void)self;
    const char *process_name, *module_name, *chain;
    const far_value_t *argument;
    if (far_call_args (call, &process_name, &module_name, &argument, &chain))
        return far_call_status (call);
    far_process_t *process = far_find (far_call_actor (call), process_name);
    far_proxy_t *module = process ? far_import_deferred (process, module_name) : NULL;
    far_status_t status = module ? go_on (call, module, argument, chain) : far_last_status ();
    far_proxy_destroy (&module);
    far_process_destroy (&process);
    return status;
}

/* Says that it runs, then runs until it is cancelled. */
static far_status_t objects_until_cancelled (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *started;
    if (far_call_args (call, &started) || far_send (started, NULL, ""))
        return far_call_status (call);
    while (!far_call_cancelled (call)) {
        struct timespec pause = { .tv_nsec = 1000000 };
        nanosleep (&pause, NULL);
    }
    return far_call_fail (call, "GaveUp", "cancelled while it ran");
}

/* Gives 0 to most - 1, tells how far it is, and returns most. */
static far_status_t objects_count (far_call_t *call, void *self)
{
    (void)self;
    int64_t most;
    if (far_call_args (call, &most))
        return far_call_status (call);
    for (int64_t i = 0; i < most; i++) {
        far_call_progress (call, (double)(i + 1), (double)most, "going on");
        if (far_call_yield (call, "l", i))
            return far_last_status ();
    }
    return far_call_return (call, "l", most);
}

/* The same for a caller that wants them all at once. */
static far_status_t objects_listed (far_call_t *call, void *self)
{
    (void)self;
    int64_t most;
    if (far_call_args (call, &most))
        return far_call_status (call);
    for (int64_t i = 0; i < most; i++)
        if (far_call_yield (call, "l", i))
            return far_last_status ();
    return FAR_OK;
}

/* Sums what another process gives, one by one; and what that returned. */
static far_status_t objects_sum_of (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *source;
    int64_t most, item, sum = 0;
    if (far_call_args (call, &source, &most))
        return far_call_status (call);
    far_stream_t *stream = far_stream (source, NULL, "l", most);
    while (far_stream_next (stream, "l", &item))
        sum += item;
    char *returned = NULL;
    far_status_t status = far_stream_status (stream);
    if (!status)
        status = far_stream_result (stream, "s", &returned);
    far_stream_destroy (&stream);
    if (!status)
        status = far_call_return (call, "[ls]", sum, returned);
    far_string_free (&returned);
    return status;
}

FAR_MODULE (peer_objects)
{
    far_module_set_doc (module, "What the Python peer calls.");
    far_module_class (module, &counter_class);
    far_module_class (module, &box_class);
    far_module_class (module, &opaque_class);
    far_module_function (module, "live", counters_alive, "-> l", "Objects of Counter.");
    far_module_function (module, "echo", echo_value, "value:v -> v", "What it is given.");
    far_module_function (module, "total_of", objects_total_of, "counter:v -> l", "Of a Counter of this process.");
    far_module_function (module, "unheard", objects_unheard, "-> O", "A Counter that gives no answers.");
    far_module_function (module, "options_of", objects_options_of, "of:P -> [l]", "What holds for its calls.");
    far_module_function (module, "apply", objects_apply, "callback:P, argument:v=nil -> v", "Calls it.");
    far_module_function (module, "wrap", objects_wrap, "callback:P, argument:v=nil -> v", "Calls it, and says so.");
    far_module_function (module, "tell", objects_tell, "callback:P, argument:v=nil", "Calls it, off.");
    far_module_function (module, "flood", objects_flood, "sink:P, count:l",
                         "Calls its method take, off, again and again.");
    far_module_function (module, "keep", objects_keep, "thing:P", "Holds on to it.");
    far_module_function (module, "kept", objects_kept, "-> P", "What is held.");
    far_module_function (module, "use", objects_use, "method:s, argument:v=nil -> v", "Calls what is held.");
    far_module_function (module, "gather", objects_gather, "-> v", "Goes over what is held.");
    far_module_function (module, "drop", objects_drop, "", "Lets go of it.");
    far_module_function (module, "call_named", objects_call_named, "process:s, module:s, function:s, argument:v -> v",
                         "Calls a function of another process.");
    far_module_function (module, "within", objects_within, "ms:i, callback:P -> v", "Calls it with a deadline.");
    far_module_function (module, "time_left", objects_time_left, "-> i", "What the caller still waits.");
    far_module_function (module, "go_on", objects_go_on, "process:s, module:s, argument:v, chain:s -> v",
                         "Goes on with an answer that has not come.");
    far_module_function (module, "until_cancelled", objects_until_cancelled, "started:P",
                         "Runs until it is cancelled.");
    far_module_function (module, "count", objects_count, "most:l -> l", "Gives numbers.");
    far_module_function (module, "listed", objects_listed, "most:l -> v", "Gives numbers and returns nothing.");
    far_module_function (module, "sum_of", objects_sum_of, "source:P, most:l -> v", "Sums what source gives.");
    far_module_constant (module, "answer", "i", 42);
    far_module_t *limits = far_module_submodule (module, "limits", "A module inside.");
    if (limits)
        far_module_constant (limits, "most", "i", 100);
}
