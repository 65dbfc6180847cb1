/* Results of a method that come one by one: to the report of a caller that has one, else into a list. */
#include "object/call.h"
#include <farcall/stream.h>

static far_status_t gather (far_call_t *call, far_value_t **value_p)
{
    if (!call->gathered && !(call->gathered = far_value_list ())) {
        far_value_destroy (value_p);
        return far_last_status ();
    }
    return far_value_append (call->gathered, value_p);
}

far_status_t far_call_yield (far_call_t *call, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_value_t *value = far_value_from_picture (picture, &arguments);
    va_end (arguments.list);
    if (!value)
        return far_last_status ();
    if (!call->report || !call->host || !call->host->yield)
        return gather (call, &value);
    far_status_t status = call->host->yield (call->host, call, value);
    far_value_destroy (&value);
    return status;
}

void far_call_progress (far_call_t *call, double done, double total, const char *text)
{
    if (call->report && call->host && call->host->progress)
        call->host->progress (call->host, call, done, total, text ? text : "");
}
