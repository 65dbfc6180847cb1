/* Which session ends when a descriptor is told to have ended, though its number may be in use again. */
#include "support/cm.h"

#include "broker/connections.h"

static session_t first, second;

static void one_after_the_other (void **state)
{
    (void)state;
    connections_t table;
    bool sure;
    connections_init (&table);
    for (int i = 0; i < 3; i++) {
        connection_t *connection = connections_accepted (&table, 300);
        assert_int_equal (table.count, 1);
        assert_ptr_equal (connections_attach (&table, 300, &first, &sure), connection);
        assert_true (sure);
        assert_null (connections_attach (&table, 300, &second, &sure));
        assert_ptr_equal (connections_ended (&table, 300), connection);
        assert_null (connections_ended (&table, 300));
        assert_int_equal (table.count, 0);
        assert_ptr_equal (connections_remove_ended (&table), &first);
        assert_null (connections_oldest (&table, 300));
    }
    connections_deinit (&table);
}

static void number_is_used_again_before_the_first_was_read (void **state)
{
    (void)state;
    connections_t table;
    bool sure;
    connections_init (&table);
    connection_t *old = connections_accepted (&table, 7);
    connections_attach (&table, 7, &first, &sure);
    connections_ended (&table, 7);
    connection_t *young = connections_accepted (&table, 7);
    assert_ptr_equal (connections_attach (&table, 7, &second, &sure), young);
    assert_true (sure);
    assert_ptr_equal (connections_oldest (&table, 7), old);
    assert_ptr_equal (connections_ended (&table, 7), young);
    assert_ptr_equal (connections_remove_ended (&table), &first);
    assert_ptr_equal (connections_remove_ended (&table), &second);
    assert_null (table.first_ended);
    connections_deinit (&table);
}

static void message_that_could_be_of_two_is_not_sure (void **state)
{
    (void)state;
    connections_t table;
    bool sure;
    connections_init (&table);
    connection_t *old = connections_accepted (&table, 7);
    connections_handshaken (&table, 7);
    connections_ended (&table, 7);
    connections_accepted (&table, 7);
    assert_ptr_equal (connections_attach (&table, 7, &first, &sure), old);
    assert_false (sure);
    connections_deinit (&table);
}

static void one_that_ended_before_the_handshake_said_nothing (void **state)
{
    (void)state;
    connections_t table;
    bool sure;
    connections_init (&table);
    connections_accepted (&table, 7);
    connections_ended (&table, 7);
    connections_handshaken (&table, 7); /* told of none that has ended */
    connection_t *young = connections_accepted (&table, 7);
    connections_handshaken (&table, 7);
    assert_ptr_equal (connections_attach (&table, 7, &first, &sure), young);
    assert_true (sure);
    assert_null (connections_remove_ended (&table));
    connections_handshaken (&table, 99999);
    connections_deinit (&table);
}

static void refused_and_unknown_ones_get_no_session (void **state)
{
    (void)state;
    connections_t table;
    bool sure;
    connections_init (&table);
    connections_accepted (&table, 7)->refused = true;
    assert_null (connections_attach (&table, 7, &first, &sure));
    assert_null (connections_attach (&table, 8, &first, &sure));
    assert_null (connections_attach (&table, 100000, &first, &sure));
    assert_null (connections_attach (&table, -1, &first, &sure));
    assert_null (connections_ended (&table, 100000));
    assert_null (connections_accepted (&table, -1));
    connections_deinit (&table);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (one_after_the_other),
        cmocka_unit_test (number_is_used_again_before_the_first_was_read),
        cmocka_unit_test (message_that_could_be_of_two_is_not_sure),
        cmocka_unit_test (one_that_ended_before_the_handshake_said_nothing),
        cmocka_unit_test (refused_and_unknown_ones_get_no_session),
    };
    return cmocka_run_group_tests_name ("connections", tests, NULL, NULL);
}
