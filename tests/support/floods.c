/* Floods, from the point of view of a test that has others make them. */
#include "support/floods.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

flooder_t flooder_new (world_t *world, far_actor_t *me, const char *name)
{
    flooder_t self = { 0 };
    world_host_module (world, name, "flood");
    assert_made (self.process = far_find (me, name));
    assert_made (self.flood = far_import_deferred (self.process, "flood"));
    return self;
}

void flooder_end (flooder_t *self)
{
    far_proxy_destroy (&self->flood);
    far_process_destroy (&self->process);
}

far_request_t *flooder_begin (const flooder_t *self, const flooder_t *to, int sender, int64_t count, int64_t size)
{
    far_request_t *request = far_call_async (self->flood, "flood", "Plll", to->flood, (int64_t)sender, count, size);
    assert_made (request);
    return request;
}

void floods_end (far_request_t **requests, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_ok (far_request_wait (requests[i], 120000));
        assert_ok (far_request_result (requests[i], NULL));
        far_request_destroy (&requests[i]);
    }
}

void flooder_assert_taken (const flooder_t *self, int sender, int64_t expected)
{
    for (int64_t taken = 0; taken < expected;)
        assert_ok (far_call (self->flood, "taken", "l>l", (int64_t)sender, &taken));
}
