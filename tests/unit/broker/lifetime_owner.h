/* The owner of the lifetime model as it really is: an export table, put into the counts of a state before each step. */
#ifndef FAR_TESTS_BROKER_LIFETIME_OWNER_H
#define FAR_TESTS_BROKER_LIFETIME_OWNER_H

#include "lifetime_state.h"

#include "base/limits.h"
#include "object/exports.h"

typedef struct thing {
    far_object_t base;
    bool released;
} thing_t;

typedef struct owner {
    far_exports_t *exports;
    thing_t thing;
} owner_t;

static inline const char *thing_class_name (const far_object_t *object)
{
    (void)object;
    return "Thing";
}

static inline void thing_release (far_object_t *object)
{
    ((thing_t *)object)->released = true;
}

static const far_object_ops_t thing_ops = { .class_name = thing_class_name, .release = thing_release };

static inline far_process_id_t process (size_t party)
{
    return (far_process_id_t){ 0x500000000 + 2 + party };
}

static inline void let_go (far_object_t *object)
{
    far_object_destroy (&object);
}

static inline uint8_t owner_grant (owner_t *self, size_t to)
{
    far_object_id_t id;
    assert_int_equal (far_exports_grant (self->exports, &self->thing.base, process (to), &id), FAR_OK);
    assert_true (id.value < IDS);
    return (uint8_t)id.value;
}

/* A table that has given out facts->last_id ids, and has the counts. */
static inline void owner_init (owner_t *self, const facts_t *facts)
{
    self->exports = far_exports_new (FAR_LIMIT_REFERENCES);
    self->thing.released = false;
    far_object_init (&self->thing.base, &thing_ops);
    for (uint8_t id = 1; id <= facts->last_id; id++) {
        assert_int_equal (owner_grant (self, O), id); /* for a moment, so that the table gives the id out */
        for (size_t p = S; p <= D; p++)
            for (size_t n = 0; n < facts->counts[p][id]; n++)
                assert_int_equal (owner_grant (self, p), id);
        let_go (far_exports_release (self->exports, (far_object_id_t){ id }, process (O), 1));
    }
    if (!facts->own)
        let_go (&self->thing.base);
}

/* Reads the counts back, and ends the table. */
static inline void owner_end (owner_t *self, facts_t *facts, bool ids_begin_again)
{
    for (size_t p = S; p <= D; p++)
        for (uint8_t id = 1; id < IDS; id++)
            facts->counts[p][id] =
                (uint8_t)far_exports_references (self->exports, (far_object_id_t){ id }, process (p));
    assert_int_equal (self->thing.released, !exists (facts));
    if (ids_begin_again && !far_exports_count (self->exports))
        facts->last_id = 0;
    for (far_object_t *object; (object = far_exports_clear (self->exports));)
        let_go (object);
    if (facts->own)
        let_go (&self->thing.base);
    assert_true (self->thing.released);
    far_exports_destroy (&self->exports);
}

/* One more for a process; gives the id. */
static inline uint8_t owner_export (owner_t *self, facts_t *facts, size_t to)
{
    uint8_t id = owner_grant (self, to);
    if (id > facts->last_id)
        facts->last_id = id;
    return id;
}

static inline void owner_clear (owner_t *self)
{
    for (far_object_t *object; (object = far_exports_clear (self->exports));)
        let_go (object);
}

/* What O does about a message. */
static inline void owner_take (owner_t *self, facts_t *facts, message_t message)
{
    far_object_id_t id = { message.id };
    switch ((kind_t)message.kind) {
    case GRANT:
        assert_int_equal (far_exports_hand_on (self->exports, id, process (message.a), process (message.b)), FAR_OK);
        break;
    case DEL:
        let_go (far_exports_release (self->exports, id, process (message.a), message.n));
        break;
    case DOWN:
        for (far_object_t *object; (object = far_exports_drop_holder (self->exports, process (message.a)));)
            let_go (object);
        facts->owner_knows_dead[message.a] = 1;
        break;
    default:
        fail_msg ("nothing that the broker sends to an owner");
    }
}

#endif
