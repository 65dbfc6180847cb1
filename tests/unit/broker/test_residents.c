/* Processes inside the broker, as the router sees them: named, found, granted and met like others, and never sent a
 * frame. */
#include "fixture.h"

typedef struct inside {
    world_t world;
    session_t *fleet;
} inside_t;

static resident_t *const nobody = (resident_t *)1; /* the router does not look into it */

static int set_up (void **state)
{
    inside_t *self = malloc (sizeof *self);
    world_init (&self->world);
    for (char who = 'a'; who <= 'c'; who++)
        world_join (&self->world, who);
    self->fleet = processes_admit_resident (self->world.router->processes, nobody, "crew");
    assert_non_null (self->fleet);
    *state = self;
    return 0;
}

static int tear_down (void **state)
{
    inside_t *self = *state;
    processes_t *processes = self->world.router->processes;
    while (processes_part (processes, self->fleet))
        ;
    processes_dismiss (processes, &self->fleet);
    world_deinit (&self->world);
    free (self);
    return 0;
}

/* What a step with the fleet in it did: the fixture knows no letter for it. */
static const action_t *only (const world_t *world, action_kind_t kind)
{
    const action_t *found = NULL;
    for (size_t i = 0; i < world->actions.count; i++)
        if (world->actions.items[i].kind == kind) {
            assert_null (found);
            found = &world->actions.items[i];
        }
    return found;
}

static void serials_are_their_own (void **state)
{
    inside_t *self = *state;
    const processes_t *processes = self->world.router->processes;
    far_process_id_t id = self->fleet->id;
    assert_int_equal (far_process_id_serial (id), FAR_FIRST_RESIDENT);
    assert_true (far_process_id_is_resident (id));
    assert_true (processes_were_given (processes, id));
    assert_false (processes_were_given (processes, (far_process_id_t){ id.value + 1 }));
    assert_int_equal (processes_count (processes), 3);
    assert_ptr_equal (processes_find (processes, id), self->fleet);
    assert_ptr_equal (processes_named (processes, "crew", 4), self->fleet);
    world_open (&self->world, 'd');
    assert_string_equal (world_hello (&self->world, 'd', "crew"), "d<ERROR 1 NameTaken by broker");
}

static void messages_to_it_stay_inside (void **state)
{
    inside_t *self = *state;
    world_t *world = &self->world;
    world_send (world, 'a', &(sending_t){ FAR_CALL, 0, self->fleet->id.value, 7, { { 0 } } });
    const action_t *action = only (world, ACTION_RESIDE);
    assert_non_null (action);
    assert_int_equal (world->actions.count, 1);
    assert_ptr_equal (action->session, self->fleet);
    assert_ptr_equal (action->sender, world->sessions[0]);
    assert_int_equal (self->fleet->requests, 1);
}

static void what_they_refer_to_is_granted_to_it (void **state)
{
    inside_t *self = *state;
    world_t *world = &self->world;
    sending_t sending = { FAR_CALL, 0, self->fleet->id.value, 7, { { 0 } } };
    sending.fields[0] = (far_field_t){ .tag = FAR_FIELD_REFERENCE, .reference = { { world_id (world, 'b') }, { 5 } } };
    assert_non_null (strstr (world_send (world, 'a', &sending), "b<GRANT 5 a>?"));
    assert_non_null (only (world, ACTION_RESIDE));
    /* And one that claims to be of the fleet is nobody's to grant. */
    sending.party = world_id (world, 'c');
    sending.fields[0].reference.owner = self->fleet->id;
    assert_string_equal (world_send (world, 'a', &sending), "c<CALL 7 from a");
}

static void it_is_not_told_of_the_dead_by_a_frame (void **state)
{
    inside_t *self = *state;
    world_t *world = &self->world;
    world_send (world, 'a', &(sending_t){ FAR_CALL, 0, self->fleet->id.value, 7, { { 0 } } });
    assert_string_equal (world_end (world, 'a'), "left a");
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = { TEST (serials_are_their_own), TEST (messages_to_it_stay_inside),
                                        TEST (what_they_refer_to_is_granted_to_it),
                                        TEST (it_is_not_told_of_the_dead_by_a_frame) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
