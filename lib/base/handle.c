/* Counts the owners of a handle. The last owner goes through kind->last, because only the kind knows which tables can
 * still find the thing, and must look once more with their lock held. Knows nothing of objects and proxies. */
#include "base/handle.h"

#include <assert.h>

void far_handle_init (far_handle_t *self, const far_handle_kind_t *kind)
{
    self->kind = kind;
    atomic_init (&self->owners, 1);
}

far_handle_t *far_handle_retain (far_handle_t *self)
{
    if (self)
        atomic_fetch_add_explicit (&self->owners, 1, memory_order_relaxed);
    return self;
}

void far_handle_release (far_handle_t *self)
{
    if (!self)
        return;
    size_t owners = atomic_load_explicit (&self->owners, memory_order_relaxed);
    assert (owners > 0);
    while (owners > 1)
        if (atomic_compare_exchange_weak_explicit (&self->owners, &owners, owners - 1, memory_order_release,
                                                   memory_order_relaxed))
            return;
    self->kind->last (self);
}

int far_handle_drop (far_handle_t *self)
{
    return atomic_fetch_sub_explicit (&self->owners, 1, memory_order_acq_rel) == 1;
}
