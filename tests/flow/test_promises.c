/* Promises through a real broker: what is asked of answers that have not come. The callee is an actor of this program, so
 * that a test can hold its methods back and see what has been sent meanwhile. */
#include "support/world.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LONG_MS = 20000 };

static sem_t gate;
static sem_t asked; /* posted by who comes to the gate */
static sem_t ended; /* posted by fini of a File */
static atomic_int opened_files;

typedef struct file {
    char *name;
} file_t;

static far_status_t file_init (far_call_t *call, void *self)
{
    file_t *file = self;
    const char *name;
    if (far_call_args (call, &name))
        return far_call_status (call);
    if (strcmp (name, "missing") == 0)
        return far_call_fail (call, "FileError", "there is no file '%s'", name);
    file->name = strdup (name);
    opened_files++;
    return FAR_OK;
}

static void file_fini (void *self)
{
    file_t *file = self;
    if (file->name)
        sem_post (&ended);
    free (file->name);
}

static far_status_t file_read (far_call_t *call, void *self)
{
    (void)self;
    int64_t most;
    const char *end;
    if (far_call_args (call, &most, &end))
        return far_call_status (call);
    char text[64];
    snprintf (text, sizeof text, "%.*s%s", (int)most, "three words here", end);
    return far_call_return (call, "s", text);
}

static const far_method_t file_methods[] = {
    { "read", file_read, "most:l=100, end:s='' -> s", "The first bytes." },
    { 0 },
};

static const far_property_t file_properties[] = {
    { .name = "name", .type = "s=nil", FAR_FIELD_READ_ONLY (file_t, name) },
    { 0 },
};

static const far_class_t file_class = { .name = "File",
                                        .size = sizeof (file_t),
                                        .init = file_init,
                                        .init_takes = "name:s",
                                        .fini = file_fini,
                                        .methods = file_methods,
                                        .properties = file_properties };

static far_status_t give_file (far_call_t *call, const char *name)
{
    far_object_t *file = far_object_new (far_call_actor (call), &file_class, "s", name);
    if (!file)
        return far_last_status ();
    far_status_t status = far_call_return (call, "O", file);
    far_object_destroy (&file);
    return status;
}

/* Opens once the gate is open; keeps the process occupied until then. */
static far_status_t files_open (far_call_t *call, void *self)
{
    (void)self;
    const char *name;
    if (far_call_args (call, &name))
        return far_call_status (call);
    sem_wait (&gate);
    return give_file (call, name);
}

/* Opens once `ask` has answered; the process serves meanwhile. */
static far_status_t files_open_asking (far_call_t *call, void *self)
{
    (void)self;
    const char *name;
    far_proxy_t *ask;
    if (far_call_args (call, &name, &ask))
        return far_call_status (call);
    far_status_t status = far_call (ask, NULL, "");
    return status ? status : give_file (call, name);
}

static far_status_t files_name_of (far_call_t *call, void *self)
{
    (void)self;
    far_object_t *object;
    const char *behind;
    if (far_call_args (call, &object, &behind))
        return far_call_status (call);
    char text[128];
    snprintf (text, sizeof text, "%s%s", ((file_t *)far_object_data (object))->name, behind);
    return far_call_return (call, "s", text);
}

static far_status_t files_same (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *value;
    if (far_call_args (call, &value))
        return far_call_status (call);
    return far_call_return (call, "v", value);
}

static void fill (far_module_t *module)
{
    far_module_class (module, &file_class);
    far_module_function (module, "open", files_open, "name:s -> O", "Opens, once the gate is open.");
    far_module_function (module, "open_asking", files_open_asking, "name:s, ask:P -> O", "Opens, once it may.");
    far_module_function (module, "name_of", files_name_of, "file:O, behind:s='' -> s", "The name of a file.");
    far_module_function (module, "same", files_same, "value:v -> v", "What it is given.");
}

typedef struct fixture {
    world_t *world;
    far_actor_t *host, *me;
    far_process_t *process;
    far_proxy_t *files;
} fixture_t;

static fixture_t *fixture_new (int threads)
{
    fixture_t *self = calloc (1, sizeof *self);
    self->world = world_new ();
    world_host (self->world, "third");
    opened_files = 0;
    sem_init (&gate, 0, 0);
    sem_init (&asked, 0, 0);
    sem_init (&ended, 0, 0);
    const far_offer_t offers[] = { { "files", fill }, { 0 } };
    far_actor_options_t options = {
        .address = self->world->endpoint, .name = "files", .offers = offers, .threads = threads
    };
    self->host = far_actor_open (&options);
    assert_made (self->host);
    self->me = world_actor (self->world, "caller");
    self->process = far_find (self->me, "files");
    assert_made (self->process);
    self->files = far_import (self->process, "files");
    assert_made (self->files);
    far_process_t *third = far_find (self->me, "third"); /* it has started, also where no test asks it */
    assert_made (third);
    far_process_destroy (&third);
    return self;
}

static int set_up (void **state)
{
    *state = fixture_new (0);
    return 0;
}

static int set_up_pool (void **state)
{
    *state = fixture_new (4);
    return 0;
}

static int tear_down (void **state)
{
    fixture_t *self = *state;
    far_proxy_destroy (&self->files);
    far_process_destroy (&self->process);
    far_actor_destroy (&self->me);
    far_actor_destroy (&self->host);
    world_destroy (&self->world);
    free (self);
    return 0;
}

static void assert_posted (sem_t *semaphore)
{
    struct timespec until;
    clock_gettime (CLOCK_MONOTONIC, &until);
    until.tv_sec += LONG_MS / 1000;
    assert_int_equal (sem_clockwait (semaphore, CLOCK_MONOTONIC, &until), 0);
}

/* Every file that was opened is let go by its owner. */
static void assert_all_ended (void)
{
    for (; opened_files; opened_files--)
        assert_posted (&ended);
}

/* What a request gives as a text. */
static void assert_text (far_request_t **request_p, const char *expected)
{
    assert_made (*request_p);
    char *text = NULL;
    assert_ok (far_request_result (*request_p, "s", &text));
    assert_string_equal (text, expected);
    far_string_free (&text);
    far_request_destroy (request_p);
}

/* Everything has been sent, and nothing has been answered; only the last call waits. */
static void chain_takes_one_round_trip (void **state)
{
    fixture_t *self = *state;
    far_request_t *opened = far_call_promise (self->files, "open", "s", "a");
    assert_made (opened);
    far_proxy_t *words = far_then (opened, "read ().split ()");
    assert_made (words);
    far_request_t *first = far_call_async (words, "__getitem__", "i", 0);
    assert_false (far_request_done (opened));
    assert_false (far_request_done (first));
    sem_post (&gate);
    size_t count = 0;
    assert_ok (far_len (words, &count));
    assert_int_equal (count, 3);
    assert_text (&first, "three");
    assert_true (far_request_done (opened));
    far_proxy_destroy (&words);
    far_request_destroy (&opened);
    assert_all_ended ();
}

static void links_take_literals (void **state)
{
    fixture_t *self = *state;
    sem_post (&gate);
    far_request_t *opened = far_call_promise (self->files, "open", "s", "a");
    char *text = NULL;
    far_proxy_t *end = far_then (opened, "read (5, end = '!' ).replace('t', 'T')");
    assert_made (end);
    assert_ok (far_get_value (end, "s", &text));
    assert_string_equal (text, "Three!");
    far_string_free (&text);
    far_proxy_destroy (&end);
    end = far_then (opened, "name"); /* no call: nothing is sent for it */
    assert_ok (far_get (end, NULL, "s", &text));
    assert_string_equal (text, "a");
    far_string_free (&text);
    far_proxy_destroy (&end);
    end = far_then (opened, NULL);
    assert_ok (far_call (end, "read", "l>s", (int64_t)3, &text));
    assert_string_equal (text, "thr");
    far_string_free (&text);
    far_proxy_destroy (&end);
    far_request_destroy (&opened);
}

static void what_is_no_chain_is_refused (void **state)
{
    fixture_t *self = *state;
    sem_post (&gate);
    far_request_t *opened = far_call_promise (self->files, "open", "s", "a"), *plain;
    assert_ok (far_request_wait (opened, LONG_MS));
    static const struct {
        const char *chain, *says;
    } cases[] = {
        { "read (", "position 7" },     { "read ().", "expected a name at position 9" },
        { ".read ()", "position 1" },   { "read ()split ()", "expected `.` or the end at position 8" },
        { "read (1 2)", "`,` or `)`" }, { "read (end='', 3)", "expected a keyword" },
        { "read (end=word)", "nil" },   { "read ('a", "no end" },
        { "a..b", "position 3" },       { "read (99999999999999999999)", "range" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null (far_then (opened, cases[i].chain));
        assert_int_equal (far_last_status (), FAR_E_BAD_ARGUMENTS);
        if (!strstr (far_error_message (far_last_error ()), cases[i].says))
            fail_msg ("'%s' gave: %s", cases[i].chain, far_error_message (far_last_error ()));
    }
    far_request_destroy (&opened);
    plain = far_call_async (self->files, "same", "i", 1);
    assert_null (far_then (plain, "bit_length ()"));
    assert_int_equal (far_last_status (), FAR_E_BAD_ARGUMENTS);
    far_request_destroy (&plain);
    assert_null (far_then (NULL, "read ()"));
    assert_null (far_call_promise (NULL, "open", ""));
}

/* The error of the first is that of all, hops and all. */
static void error_of_the_chain (void **state)
{
    fixture_t *self = *state;
    sem_post (&gate);
    far_request_t *opened = far_call_promise (self->files, "open", "s", "missing");
    far_proxy_t *words = far_then (opened, "read ().split ()"), *file = far_then (opened, NULL);
    size_t count, hops;
    char *text;
    assert_status (far_request_result (opened, NULL), FAR_E_RAISED);
    hops = far_error_hop_count (far_last_error ());
    const far_status_t statuses[] = { far_request_result (opened, NULL), far_len (words, &count),
                                      far_call (self->files, "name_of", "P>s", file, &text),
                                      far_get (file, "name", "s", &text) };
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        assert_int_equal (statuses[i], FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "FileError");
    assert_int_equal (far_error_hop_count (far_last_error ()), hops);
    assert_string_equal (far_error_hop (far_last_error (), hops - 1)->method, "open");
    far_proxy_destroy (&words);
    far_proxy_destroy (&file);
    far_request_destroy (&opened);
}

static void answers_as_arguments (void **state)
{
    fixture_t *self = *state;
    far_request_t *opened = far_call_promise (self->files, "open", "s", "b");
    far_request_t *number = far_call_promise (self->files, "same", "[is]", 7, "seven");
    far_proxy_t *file = far_then (opened, NULL), *name = far_then (opened, "name"), *list = far_then (number, NULL);
    far_request_t *named = far_call_async (self->files, "name_of", "P behind:P", file, name);
    far_value_t *inside = far_value_new ("[P{sP}]", name, "list", list), *got = NULL;
    assert_made (inside);
    far_request_t *same = far_call_async (self->files, "same", "v", inside);
    assert_false (far_request_done (named));
    sem_post (&gate);
    assert_text (&named, "bb");
    char *text[2];
    int seven = 0;
    assert_ok (far_request_result (same, "[s{s[is]}]", &text[0], "list", &seven, &text[1]));
    assert_string_equal (text[0], "b");
    assert_string_equal (text[1], "seven");
    assert_int_equal (seven, 7);
    far_string_free (&text[0]);
    far_string_free (&text[1]);
    far_value_destroy (&inside);
    far_value_destroy (&got);
    far_request_destroy (&same);
    far_proxy_t *copy = NULL;
    assert_ok (far_call (self->files, "same", "P>P", file, &copy)); /* comes back as the same object */
    far_proxy_t *direct = far_undefer (file);
    assert_true (far_proxy_equals (copy, direct));
    far_proxy_destroy (&copy);
    far_proxy_destroy (&direct);
    far_proxy_destroy (&file);
    far_proxy_destroy (&name);
    far_proxy_destroy (&list);
    far_request_destroy (&number);
    far_request_destroy (&opened);
    assert_all_ended ();
}

/* To a process that did not give it the answer goes as what it is, once it is there. */
static void answer_for_another_process (void **state)
{
    fixture_t *self = *state;
    far_proxy_t *probe = world_probe (self->me, "third");
    far_request_t *opened = far_call_promise (self->files, "open", "s", "c");
    far_proxy_t *file = far_then (opened, NULL), *name = far_then (opened, "name"), *back = NULL, *direct = NULL;
    sem_post (&gate);
    assert_ok (far_call (probe, "echo", "P>P", file, &back));
    assert_ok (far_request_result (opened, "P", &direct));
    assert_true (far_proxy_equals (back, direct));
    char *text = NULL;
    assert_ok (far_call (probe, "echo", "P>s", name, &text));
    assert_string_equal (text, "c");
    far_string_free (&text);
    far_proxy_destroy (&back);
    far_proxy_destroy (&direct);
    far_proxy_destroy (&file);
    far_proxy_destroy (&name);
    far_request_destroy (&opened);
    far_proxy_destroy (&probe);
    assert_all_ended ();
}

/* Says that it was asked, and answers once the gate is open. */
static far_status_t wait_at_gate (far_call_t *call, void *come)
{
    (void)call;
    sem_post (come);
    sem_wait (&gate);
    return FAR_OK;
}

/* The method of the kept request waits in a call of its own: others are served, those that refer to it wait. */
static void waiting_blocks_nobody (void **state)
{
    fixture_t *self = *state;
    far_actor_t *keeper = world_actor (self->world, "keeper"); /* another thread than ours */
    far_object_t *ask = far_function (self->me, wait_at_gate, &asked, "");
    far_request_t *opened = far_call_promise (self->files, "open_asking", "sO", "d", ask);
    far_proxy_t *words = far_then (opened, "read ().split ()");
    far_request_t *counted = far_call_async (words, "__len__", ""), *given_up = far_call_async (words, "__len__", "");
    assert_posted (&asked);
    /* From others: our own actor is at the gate. */
    far_process_t *process = far_process (keeper, far_process_get_id (self->process));
    far_proxy_t *files = far_import (process, "files");
    int64_t number = 0;
    assert_ok (far_call (files, "same", "l>l", (int64_t)5, &number));
    assert_int_equal (number, 5);
    far_request_cancel (given_up);
    assert_false (far_request_done (counted));
    sem_post (&gate);
    assert_ok (far_request_result (counted, "l", &number));
    assert_int_equal (number, 3);
    assert_status (far_request_result (given_up, NULL), FAR_E_CANCELLED);
    far_request_destroy (&given_up);
    far_request_destroy (&counted);
    far_proxy_destroy (&words);
    far_request_destroy (&opened);
    far_proxy_destroy (&files);
    far_process_destroy (&process);
    far_object_destroy (&ask);
    far_actor_destroy (&keeper);
    assert_all_ended ();
}

/* Giving the request up is not giving up what was asked of its answer. */
static void letting_go_cancels_nothing_that_is_used (void **state)
{
    fixture_t *self = *state;
    far_request_t *before = far_call_async (self->files, "open", "s", "occupies");
    far_request_t *opened = far_call_promise (self->files, "open", "s", "e");
    far_proxy_t *words = far_then (opened, "read ().split ()");
    far_request_t *counted = far_call_async (words, "__len__", "");
    far_request_destroy (&opened);
    far_proxy_destroy (&words); /* forgotten: but what has been asked arrived before */
    sem_post (&gate);
    sem_post (&gate);
    int64_t number = 0;
    assert_ok (far_request_result (counted, "l", &number));
    assert_int_equal (number, 3);
    far_request_destroy (&counted);
    far_request_destroy (&before);
    assert_all_ended ();
}

/* One that waits for an answer ends at once, and with it what waits for its own. */
static void cancelling_ends_what_waits (void **state)
{
    fixture_t *self = *state;
    far_object_t *ask = far_function (self->me, wait_at_gate, &asked, "");
    far_request_t *opened = far_call_promise (self->files, "open_asking", "sO", "f", ask);
    far_proxy_t *file = far_then (opened, NULL);
    far_request_t *read = far_call_promise (file, "read", "");
    far_proxy_t *text = far_then (read, NULL);
    far_request_t *upper = far_call_async (text, "upper", ""), *lower = far_call_async (text, "lower", "");
    assert_posted (&asked);
    far_request_cancel (read);
    sem_post (&gate);
    assert_status (far_request_result (read, NULL), FAR_E_CANCELLED);
    assert_status (far_request_result (upper, NULL), FAR_E_CANCELLED);
    assert_status (far_request_result (lower, NULL), FAR_E_CANCELLED);
    assert_ok (far_request_result (opened, NULL));
    far_request_destroy (&lower);
    far_request_destroy (&upper);
    far_proxy_destroy (&text);
    far_request_destroy (&read);
    far_proxy_destroy (&file);
    far_request_destroy (&opened);
    far_object_destroy (&ask);
    assert_all_ended ();
}

/* The owner lets go of what it kept for a process that is gone, and of what nobody will ask for. */
static void death_of_the_caller_forgets (void **state)
{
    fixture_t *self = *state;
    far_actor_t *mortal = world_actor (self->world, NULL);
    far_process_t *process = far_find (mortal, "files");
    far_proxy_t *files = far_import_deferred (process, "files");
    far_request_t *opened = far_call_promise (files, "open", "s", "g");
    far_proxy_t *words = far_then (opened, "read ().split ()");
    sem_post (&gate);
    size_t count = 0;
    assert_ok (far_len (words, &count));
    far_actor_destroy (&mortal);
    assert_all_ended ();
    assert_status (far_len (words, &count), FAR_E_CLOSED);
    far_proxy_destroy (&words);
    far_request_destroy (&opened);
    far_proxy_destroy (&files);
    far_process_destroy (&process);
}

/* All ask for one plain answer as an object: it is one object. */
static void plain_answer_is_one_object (void **state)
{
    fixture_t *self = *state;
    far_request_t *made = far_call_promise (self->files, "same", "[i]", 1);
    far_proxy_t *list = far_then (made, NULL), *again = far_then (made, "");
    assert_true (far_proxy_equals (list, again));
    assert_int_equal (far_proxy_hash (list), far_proxy_hash (again));
    assert_ok (far_call (list, "append", "i", 2));
    size_t count = 0;
    assert_ok (far_len (again, &count));
    assert_int_equal (count, 2);
    far_value_t *value = NULL;
    assert_ok (far_request_result (made, "v", &value)); /* the answer itself is what it was */
    assert_int_equal (far_value_count (value), 1);
    far_value_destroy (&value);
    char *text = far_proxy_repr (list);
    assert_non_null (strstr (text, "<answer of request "));
    far_string_free (&text);
    far_request_destroy (&made);
    far_proxy_destroy (&again);
    far_proxy_destroy (&list);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (chain_takes_one_round_trip),  cmocka_unit_test (links_take_literals),
        cmocka_unit_test (what_is_no_chain_is_refused), cmocka_unit_test (error_of_the_chain),
        cmocka_unit_test (answers_as_arguments),        cmocka_unit_test (answer_for_another_process),
        cmocka_unit_test (waiting_blocks_nobody),       cmocka_unit_test (letting_go_cancels_nothing_that_is_used),
        cmocka_unit_test (cancelling_ends_what_waits),  cmocka_unit_test (death_of_the_caller_forgets),
        cmocka_unit_test (plain_answer_is_one_object),
    };
    const struct CMUnitTest on_a_pool[] = { cmocka_unit_test (chain_takes_one_round_trip),
                                            cmocka_unit_test (error_of_the_chain),
                                            cmocka_unit_test (answers_as_arguments),
                                            cmocka_unit_test (waiting_blocks_nobody),
                                            cmocka_unit_test (death_of_the_caller_forgets) };
    int failed = cmocka_run_group_tests_name ("promises", tests, set_up, tear_down);
    return failed + cmocka_run_group_tests_name ("promises on a pool", on_a_pool, set_up_pool, tear_down);
}
