/* Proxies between real processes: arguments that are kept at the caller, references at any depth, paths that are resolved
 * where they are used, and one proxy for one object. */
#include "support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

typedef struct fixture {
    world_t *world;
    far_actor_t *me;
    far_process_t *host, *other;
    far_proxy_t *probe, *shelf; /* of host, and of other */
} fixture_t;

static int set_up (void **state)
{
    fixture_t *fixture = test_calloc (1, sizeof *fixture);
    fixture->world = world_new ();
    world_host (fixture->world, "host");
    world_host_module (fixture->world, "other", "shelf");
    fixture->me = world_actor (fixture->world, "me");
    fixture->host = far_find (fixture->me, "host");
    fixture->other = far_find (fixture->me, "other");
    fixture->probe = far_import (fixture->host, "probe");
    fixture->shelf = far_import (fixture->other, "shelf");
    assert_made (fixture->probe);
    assert_made (fixture->shelf);
    *state = fixture;
    return 0;
}

static int tear_down (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_destroy (&fixture->probe);
    far_proxy_destroy (&fixture->shelf);
    far_process_destroy (&fixture->host);
    far_process_destroy (&fixture->other);
    far_actor_destroy (&fixture->me);
    world_destroy (&fixture->world);
    test_free (fixture);
    return 0;
}

static void check_types (far_proxy_t *shelf, const far_setting_t *settings, const char *expected)
{
    char *a, *b, *named, all[64];
    assert_ok (far_call_with (shelf, settings, NULL, "types_of", "[ll] i named:{sl} > [sss]", (int64_t)1, (int64_t)2, 3,
                              "k", (int64_t)4, &a, &b, &named));
    snprintf (all, sizeof all, "%s %s %s", a, b, named);
    assert_string_equal (all, expected);
    far_string_free (&a);
    far_string_free (&b);
    far_string_free (&named);
}

static void S21_arguments_of_other_types_are_sent_as_proxies (void **state)
{
    fixture_t *fixture = *state;
    const far_setting_t on[] = { { FAR_OPTION_AUTO_PROXY, 1 }, { 0 } };
    const far_setting_t off[] = { { FAR_OPTION_AUTO_PROXY, 0 }, { 0 } };
    const far_setting_t ints[] = { { FAR_OPTION_AUTO_PROXY, 1 }, { FAR_OPTION_BY_VALUE, FAR_BY_VALUE_MAP }, { 0 } };
    int scalars = FAR_BY_VALUE_USUAL & ~(FAR_BY_VALUE_LIST | FAR_BY_VALUE_MAP);
    check_types (fixture->shelf, on, "list int map");
    assert_ok (far_actor_set (fixture->me, FAR_OPTION_BY_VALUE, scalars));
    check_types (fixture->shelf, NULL, "list int map");
    check_types (fixture->shelf, on, "reference int reference"); /* the keyword argument too */
    check_types (fixture->shelf, ints, "reference reference map");
    assert_ok (far_process_set (fixture->other, FAR_OPTION_AUTO_PROXY, 1));
    check_types (fixture->shelf, NULL, "reference int reference");
    assert_ok (far_proxy_set (fixture->shelf, FAR_OPTION_AUTO_PROXY, 0));
    check_types (fixture->shelf, NULL, "list int map");
    assert_ok (far_proxy_set (fixture->shelf, FAR_OPTION_AUTO_PROXY, 1));
    check_types (fixture->shelf, off, "list int map");
    int64_t first = 0, second = 0;
    assert_ok (far_call (fixture->shelf, "value_of", "[ll]>[ll]", (int64_t)5, (int64_t)6, &first, &second));
    assert_int_equal (first, 5); /* asked of us, who keep it */
    assert_int_equal (second, 6);
}

static void S21_values_are_kept_here_too (void **state)
{
    fixture_t *fixture = *state;
    assert_ok (far_proxy_set (fixture->shelf, FAR_OPTION_AUTO_PROXY, 1));
    assert_ok (far_proxy_set (fixture->shelf, FAR_OPTION_BY_VALUE, FAR_BY_VALUE_INT));
    far_value_t *arguments = far_value_new ("[[l]]", (int64_t)9), *keywords = far_value_new ("{ss}", "named", "text");
    far_value_t *types = NULL;
    far_request_t *request = far_call_values (fixture->shelf, "types_of", arguments, keywords);
    far_value_destroy (&arguments);
    far_value_destroy (&keywords);
    far_proxy_t *kept = NULL; /* their list is nothing that comes by value either */
    assert_ok (far_request_result (request, "P", &kept));
    assert_ok (far_get_value (kept, "v", &types));
    assert_int_equal (far_value_count (types), 3);
    assert_string_equal (far_value_bytes (far_value_item (types, 0)).data, "reference");
    assert_string_equal (far_value_bytes (far_value_item (types, 1)).data, "nil");
    assert_string_equal (far_value_bytes (far_value_item (types, 2)).data, "reference");
    far_value_destroy (&types);
    far_proxy_destroy (&kept);
    far_request_destroy (&request);
}

static far_status_t answer_42 (far_call_t *call, void *context)
{
    (void)context;
    return far_call_return (call, "i", 42);
}

static void S23_references_at_any_depth_and_of_several_owners (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *counter = far_new (fixture->host, "probe.Counter", "l", (int64_t)1);
    far_proxy_t *number = far_new (fixture->other, "shelf.Number", "l", (int64_t)2);
    far_proxy_t *add = far_attr (counter, "add");
    far_object_t *mine = far_function (fixture->me, answer_42, NULL, "-> i");
    assert_made (mine);
    far_value_t *sent = far_value_new ("{s[P[P{sO}P]]}", "all", counter, number, "mine", mine, add), *got = NULL;
    assert_made (sent);
    assert_ok (far_call (fixture->probe, "echo", "v>v", sent, &got));
    far_proxy_t *counter_again, *number_again, *add_again;
    far_object_t *mine_again;
    assert_ok (
        far_value_get (got, "{s[P[P{sO}P]]}", "all", &counter_again, &number_again, "mine", &mine_again, &add_again));
    assert_true (far_proxy_equals (counter, counter_again));
    assert_true (far_proxy_equals (number, number_again));
    assert_ptr_equal (mine, mine_again);
    int64_t total = 0;
    assert_ok (far_call (add_again, NULL, "l>l", (int64_t)4, &total)); /* the bound method */
    assert_int_equal (total, 5);
    far_value_destroy (&sent);
    far_value_destroy (&got);
    far_object_destroy (&mine);
    far_object_destroy (&mine_again);
    far_proxy_destroy (&add);
    far_proxy_destroy (&add_again);
    far_proxy_destroy (&counter);
    far_proxy_destroy (&counter_again);
    far_proxy_destroy (&number);
    far_proxy_destroy (&number_again);
}

static void S26_paths_are_resolved_where_they_are_used (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *far_away = far_import_deferred (fixture->host, "no_such_module"); /* no error yet */
    far_proxy_t *path = far_attr (fixture->probe, "echo.nothing.more");
    assert_made (far_away);
    assert_made (path);
    assert_status (far_call (far_away, "f", ""), FAR_E_NO_SUCH_MODULE);
    assert_status (far_call (path, NULL, ""), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_non_null (strstr (far_error_message (far_last_error ()), "'nothing'")); /* the part that failed */
    assert_null (far_getattr (fixture->probe, "nothing"));
    assert_int_equal (far_last_status (), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_ok (far_proxy_set (fixture->probe, FAR_OPTION_DEFER_GETATTR, 1));
    far_proxy_t *deferred = far_getattr (fixture->probe, "nothing");
    assert_made (deferred);
    assert_status (far_call (deferred, NULL, ""), FAR_E_NO_SUCH_ATTRIBUTE);
    far_proxy_destroy (&deferred);
    far_proxy_destroy (&far_away);
    far_proxy_destroy (&path);
}

static void S27_undefer_gives_the_object_itself (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *deferred = far_import_deferred (fixture->host, "probe"), *module = far_undefer (deferred);
    assert_made (module);
    assert_true (far_proxy_equals (module, fixture->probe));
    assert_false (far_proxy_equals (module, deferred));
    far_proxy_t *same = far_undefer (module);
    assert_ptr_equal (same, module);
    far_proxy_t *echo = far_attr (module, "echo"), *resolved = far_undefer (echo), *got = far_getattr (module, "echo");
    int64_t out = 0;
    assert_ok (far_call (resolved, NULL, "l>l", (int64_t)3, &out));
    assert_int_equal (out, 3);
    assert_ok (far_call (got, NULL, "l>l", (int64_t)4, &out));
    assert_int_equal (out, 4);
    far_proxy_t *answer = far_getattr (module, "answer"); /* a copy of it, as it is a plain value */
    assert_ok (far_get_value (answer, "l", &out));
    assert_int_equal (out, 42);
    far_proxy_t *none = far_attr (module, "none");
    assert_null (far_undefer (none));
    assert_int_equal (far_last_status (), FAR_E_NO_SUCH_ATTRIBUTE);
    far_proxy_t **all[] = { &deferred, &module, &same, &echo, &resolved, &got, &answer, &none };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        far_proxy_destroy (all[i]);
}

static void S28_a_deferred_child_keeps_its_parent (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *counter = far_new (fixture->host, "probe.Counter", "l", (int64_t)1);
    assert_ok (far_proxy_set (counter, FAR_OPTION_TIMEOUT_MS, 7777));
    far_proxy_t *add = far_attr (counter, "add");
    far_proxy_destroy (&counter);
    int64_t out = 0;
    assert_ok (far_call (add, NULL, "l>l", (int64_t)1, &out));
    assert_int_equal (out, 2);
    assert_ok (far_call (fixture->probe, "alive", ">l", &out));
    assert_int_equal (out, 1);
    assert_int_equal (far_proxy_option (add, FAR_OPTION_TIMEOUT_MS), 7777); /* its options too */
    far_proxy_destroy (&add);
    assert_ok (far_call (fixture->probe, "alive", ">l", &out)); /* behind the release */
    assert_int_equal (out, 0);
}

static void S31_the_same_object_is_the_same_proxy (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *counter = far_new (fixture->host, "probe.Counter", ""),
                *other = far_new (fixture->host, "probe.Counter", "");
    far_proxy_t *back = NULL;
    assert_ok (far_call (fixture->probe, "hold", "P", counter));
    assert_ok (far_call (fixture->probe, "held", ">P", &back));
    assert_ptr_equal (back, counter);
    assert_true (far_proxy_hash (back) == far_proxy_hash (counter));
    assert_false (far_proxy_equals (counter, other));
    assert_true (far_proxy_hash (counter) != far_proxy_hash (other));
    far_proxy_t *a = far_attr (counter, "a.b"), *a_only = far_attr (counter, "a"), *b = far_attr (a_only, "b");
    assert_true (far_proxy_equals (a, b)); /* the same path, made in another way */
    assert_true (far_proxy_hash (a) == far_proxy_hash (b));
    assert_false (far_proxy_equals (a, a_only));
    assert_true (far_proxy_hash (a) != far_proxy_hash (a_only));
    assert_int_equal (far_proxy_hash (NULL), 0);
    assert_ok (far_call (fixture->probe, "drop", ""));
    far_proxy_t **all[] = { &a, &a_only, &b, &back, &counter, &other };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        far_proxy_destroy (all[i]);
}

static void S02_a_list_of_names_gives_each_in_order (void **state)
{
    fixture_t *fixture = *state;
    far_proxy_t *echo = NULL, *of = NULL;
    int64_t answer = 0;
    assert_ok (far_import_names (fixture->host, "probe", "echo, answer Counter", "[PlP]", &echo, &answer, &of));
    assert_int_equal (answer, 42);
    assert_ok (far_call (echo, NULL, "l>l", (int64_t)6, &answer));
    assert_int_equal (answer, 6);
    far_proxy_t *counter = NULL;
    assert_ok (far_call (of, NULL, "l>P", (int64_t)8, &counter));
    assert_ok (far_get_value (counter, "l", &answer));
    assert_int_equal (answer, 8);
    far_proxy_t *constant = NULL;
    assert_ok (far_import_names (fixture->host, "probe", "answer", "[P]", &constant)); /* all as proxies */
    assert_status (far_import_names (fixture->host, "probe", "echo none", "[PP]", &echo, &of), FAR_E_NO_SUCH_ATTRIBUTE);
    assert_status (far_import_names (fixture->host, "nothing", "echo", "[P]", &echo), FAR_E_NO_SUCH_MODULE);
    far_value_t *none = NULL;
    assert_ok (far_import_names (fixture->host, "probe", " ", "v", &none));
    assert_int_equal (far_value_count (none), 0);
    far_value_destroy (&none);
    far_proxy_t **all[] = { &echo, &of, &counter, &constant };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        far_proxy_destroy (all[i]);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (S21_arguments_of_other_types_are_sent_as_proxies, set_up, tear_down),
        cmocka_unit_test_setup_teardown (S21_values_are_kept_here_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown (S23_references_at_any_depth_and_of_several_owners, set_up, tear_down),
        cmocka_unit_test_setup_teardown (S26_paths_are_resolved_where_they_are_used, set_up, tear_down),
        cmocka_unit_test_setup_teardown (S27_undefer_gives_the_object_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown (S28_a_deferred_child_keeps_its_parent, set_up, tear_down),
        cmocka_unit_test_setup_teardown (S31_the_same_object_is_the_same_proxy, set_up, tear_down),
        cmocka_unit_test_setup_teardown (S02_a_list_of_names_gives_each_in_order, set_up, tear_down),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
