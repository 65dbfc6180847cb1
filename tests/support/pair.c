/* Two processes. */
#include "support/pair.h"

#include <stdlib.h>

int pair_set_up (void **state, const char *module, int timeout_ms)
{
    pair_t *self = calloc (1, sizeof *self);
    self->world = world_new ();
    self->pid = world_host_module (self->world, "host", module);
    self->me = world_open (self->world, &(far_actor_options_t){ .name = "me", .timeout_ms = timeout_ms });
    self->host = far_find (self->me, "host");
    assert_made (self->host);
    self->module = far_import (self->host, module);
    assert_made (self->module);
    *state = self;
    return 0;
}

int pair_tear_down (void **state)
{
    pair_t *self = *state;
    far_proxy_destroy (&self->module);
    far_process_destroy (&self->host);
    far_actor_destroy (&self->me);
    world_destroy (&self->world);
    free (self);
    return 0;
}
