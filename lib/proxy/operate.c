/* Operators and items: calls of reserved names. What they mean is the callee's matter. */
#include "base/error.h"
#include "base/operator.h"
#include "proxy/invoke.h"
#include <farcall/operate.h>

static far_status_t no_operator (far_operator_t op, const char *wanted)
{
    return far_fail (FAR_E_BAD_ARGUMENTS, "expected an operator%s, found %s%s%d", wanted, far_operator_name (op),
                     *far_operator_name (op) ? ", number " : "", (int)op);
}

/* An object that is called has no name for that on the wire. */
static const char *method_of (far_operator_t op)
{
    return op == FAR_INVOKE ? "" : far_operator_name (op);
}

static bool has_results (const char *picture)
{
    while (picture && *picture && *picture != '>')
        picture++;
    return picture && *picture;
}

static far_status_t operate (far_proxy_t *proxy, far_operator_t op, const char *picture, far_arguments_t *arguments)
{
    if ((unsigned)op >= FAR_OPERATOR_COUNT)
        return no_operator (op, "");
    far_invocation_t call = { .proxy = proxy, .method = method_of (op), .picture = picture };
    return has_results (picture) ? far_invoke (&call, arguments) : far_invoke_or_send (&call, arguments);
}

far_status_t far_operate (far_proxy_t *proxy, far_operator_t op, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_status_t status = operate (proxy, op, picture, &arguments);
    va_end (arguments.list);
    return status;
}

far_status_t far_update (far_proxy_t **proxy_p, far_operator_t op, const char *picture, ...)
{
    if (!proxy_p || !*proxy_p)
        return far_process_missing ();
    if ((unsigned)op >= FAR_OPERATOR_COUNT || far_operator_row (op)->kind != FAR_OPERATOR_IN_PLACE)
        return no_operator (op, " in place");
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_invocation_t call = { *proxy_p, NULL, far_operator_name (op), picture };
    far_proxy_t *updated = far_invoke_for_proxy (&call, &arguments);
    va_end (arguments.list);
    if (!updated)
        return far_last_status ();
    far_proxy_destroy (proxy_p);
    *proxy_p = updated;
    return FAR_OK;
}

far_status_t far_len (far_proxy_t *proxy, size_t *out)
{
    uint64_t count;
    far_status_t status = far_operate (proxy, FAR_LEN, ">u", &count);
    if (!status)
        *out = (size_t)count;
    return status;
}

far_status_t far_bool (far_proxy_t *proxy, bool *out)
{
    return far_operate (proxy, FAR_BOOL, ">b", out);
}

far_status_t far_str (far_proxy_t *proxy, char **out)
{
    return far_operate (proxy, FAR_STR, ">s", out);
}

#define FAR_ITEM_FUNCTION(name, op) \
    far_status_t name (far_proxy_t *proxy, const char *picture, ...) \
    { \
        far_arguments_t arguments; \
        va_start (arguments.list, picture); \
        far_status_t status = operate (proxy, op, picture, &arguments); \
        va_end (arguments.list); \
        return status; \
    }

FAR_ITEM_FUNCTION (far_getitem, FAR_GETITEM)
FAR_ITEM_FUNCTION (far_setitem, FAR_SETITEM)
FAR_ITEM_FUNCTION (far_delitem, FAR_DELITEM)
FAR_ITEM_FUNCTION (far_contains, FAR_CONTAINS)
