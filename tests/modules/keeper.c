/* What the soak test's holders host: they keep some of what they are given, and use an owner themselves meanwhile. */
#include <farcall.h>

enum { KEPT = 16 };

static far_proxy_t *kept[KEPT];

static far_status_t keep (far_call_t *call, void *self)
{
    static size_t next;
    (void)self;
    far_proxy_t *object;
    if (far_call_args (call, &object))
        return far_call_status (call);
    far_proxy_destroy (&kept[next]);
    kept[next] = far_proxy_retain (object);
    next = (next + 1) % KEPT;
    return FAR_OK;
}

static far_status_t cycle (far_proxy_t *class)
{
    far_proxy_t *object;
    far_status_t status = far_call (class, NULL, ">P", &object);
    if (status)
        return status;
    status = far_call (object, "add", "");
    far_proxy_destroy (&object);
    return status;
}

static far_status_t churn (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *class;
    int64_t cycles;
    far_status_t status = far_call_args (call, &class, &cycles);
    for (; !status && cycles; cycles--)
        status = cycle (class);
    return status;
}

static far_status_t drop (far_call_t *call, void *self)
{
    (void)call, (void)self;
    for (size_t i = 0; i < KEPT; i++)
        far_proxy_destroy (&kept[i]);
    return FAR_OK;
}

FAR_MODULE (keeper)
{
    far_module_function (module, "keep", keep, "object:P", "Keeps a proxy, and lets go of the one before the last 16.");
    far_module_function (module, "churn", churn, "class:P, cycles:l", "Creates, uses and drops that many objects.");
    far_module_function (module, "drop", drop, "", "Lets go of all that is kept.");
}
