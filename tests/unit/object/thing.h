/* An object that only says whether it has been released. */
#ifndef FAR_TEST_OBJECT_THING_H
#define FAR_TEST_OBJECT_THING_H

#include "support.h"

typedef struct thing {
    far_object_t base;
    bool released;
} thing_t;

static const char *thing_class_name (const far_object_t *object)
{
    (void)object;
    return "Thing";
}

static void thing_release (far_object_t *object)
{
    thing_t *self = (thing_t *)object;
    assert_false (self->released);
    self->released = true;
}

static const far_object_ops_t thing_ops = { .class_name = thing_class_name, .release = thing_release };

#endif
