/* Promises of fleets: what is asked of an answer that has not come waits for it in the caller, which does not, and goes then
 * to the worker that has given it. The workers are actors of this program, so that a test can hold them back. */
#include "support/fleets.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WORKERS = 2, SOON_MS = 50 };

static sem_t gate;  /* for each that opens */
static sem_t noted; /* posted by `note` */

typedef struct file {
    char *name;
} file_t;

static far_status_t file_init (far_call_t *call, void *self)
{
    const char *name;
    if (far_call_args (call, &name))
        return far_call_status (call);
    sem_wait (&gate);
    if (strcmp (name, "missing") == 0)
        return far_call_fail (call, "FileError", "there is no file '%s'", name);
    ((file_t *)self)->name = strdup (name);
    return FAR_OK;
}

static void file_fini (void *self)
{
    free (((file_t *)self)->name);
}

static far_status_t file_read (far_call_t *call, void *self)
{
    (void)self;
    const far_value_t *with;
    if (far_call_args (call, &with))
        return far_call_status (call);
    return far_call_return (call, "s", far_value_type (with) == FAR_TYPE_NIL ? "three words here" : "with something");
}

static far_status_t file_note (far_call_t *call, void *self)
{
    (void)call, (void)self;
    sem_post (&noted);
    return FAR_OK;
}

static const far_method_t file_methods[] = { { "read", file_read, "with:v=nil -> s", "The text." },
                                             { "note", file_note, "", "Notes that it was called." },
                                             { 0 } };

static const far_property_t file_properties[] = { { .name = "name", .type = "s", FAR_FIELD_READ_ONLY (file_t, name) },
                                                  { 0 } };

static const far_class_t file_class = { .name = "File",
                                        .size = sizeof (file_t),
                                        .init = file_init,
                                        .init_takes = "name:s",
                                        .fini = file_fini,
                                        .methods = file_methods,
                                        .properties = file_properties };

static far_status_t numbers (far_call_t *call, void *self)
{
    (void)self;
    return far_call_return (call, "[ii]", 1, 2);
}

static far_status_t name_of (far_call_t *call, void *self)
{
    (void)self;
    far_proxy_t *file;
    char *name;
    if (far_call_args (call, &file) || far_get (file, "name", "s", &name))
        return far_last_status ();
    far_status_t status = far_call_return (call, "s", name);
    far_string_free (&name);
    return status;
}

static void fill (far_module_t *module)
{
    far_module_class (module, &file_class);
    far_module_function (module, "numbers", numbers, "-> [i]", "A plain value.");
    far_module_function (module, "name_of", name_of, "file:P -> s", "The name of any worker's file.");
}

typedef struct fixture {
    world_t *world;
    far_actor_t *workers[WORKERS], *me;
    far_process_t *fleet;
    far_proxy_t *files;
} fixture_t;

static int set_up (void **state)
{
    fixture_t *self = calloc (1, sizeof *self);
    self->world = world_new ();
    sem_init (&gate, 0, 0);
    sem_init (&noted, 0, 0);
    const far_offer_t offers[] = { { "files", fill }, { 0 } };
    for (size_t i = 0; i < WORKERS; i++) {
        const far_actor_options_t options = { .address = self->world->endpoint, .offers = offers, .threads = 2 };
        assert_made (self->workers[i] = far_actor_open (&options));
        assert_ok (far_join (self->workers[i], "shelf", 1));
    }
    self->me = world_actor (self->world, "me");
    assert_made (self->fleet = far_find (self->me, "shelf"));
    assert_made (self->files = far_import (self->fleet, "files"));
    *state = self;
    return 0;
}

static int tear_down (void **state)
{
    fixture_t *self = *state;
    far_proxy_destroy (&self->files);
    far_process_destroy (&self->fleet);
    far_actor_destroy (&self->me);
    for (size_t i = 0; i < WORKERS; i++)
        far_actor_destroy (&self->workers[i]);
    world_destroy (&self->world);
    sem_destroy (&gate);
    sem_destroy (&noted);
    free (self);
    return 0;
}

static far_proxy_t *then (far_request_t *request, const char *chain)
{
    far_proxy_t *proxy = far_then (request, chain);
    assert_made (proxy);
    return proxy;
}

static far_request_t *open_file (fixture_t *self, const char *name)
{
    far_request_t *opened = far_call_promise (self->files, "File", "s", name);
    assert_made (opened);
    return opened;
}

/* A chain of calls, a path and a reference with the call; nothing of it waits. */
static void a_chain_goes_where_the_answer_came_from (void **state)
{
    fixture_t *self = *state;
    far_request_t *opened = open_file (self, "a");
    far_proxy_t *words = then (opened, "read().split()"), *name = then (opened, "name"), *file = then (opened, NULL);
    far_request_t *last = far_call_async (words, "pop", ""), *read = far_call_async (file, "read", "i", 1);
    assert_false (far_request_done (opened));
    assert_false (far_request_done (last));
    assert_ok (far_send (file, "note", ""));
    sem_post (&gate);
    char *text = NULL;
    assert_ok (far_request_result (last, "s", &text));
    assert_string_equal (text, "here");
    far_string_free (&text);
    assert_ok (far_request_result (read, "s", &text));
    assert_string_equal (text, "with something");
    far_string_free (&text);
    assert_ok (far_get (name, NULL, "s", &text));
    assert_string_equal (text, "a");
    far_string_free (&text);
    sem_wait (&noted);
    size_t count = 0;
    assert_ok (far_len (words, &count));
    assert_int_equal (count, 2);
    far_request_destroy (&last);
    far_request_destroy (&read);
    far_proxy_destroy (&words);
    far_proxy_destroy (&name);
    far_proxy_destroy (&file);
    far_request_destroy (&opened);
}

/* There is one copy of it, whoever asks first. */
static void a_value_is_copied_to_be_asked (void **state)
{
    fixture_t *self = *state;
    far_request_t *made = far_call_promise (self->files, "numbers", "");
    far_proxy_t *list = then (made, NULL);
    far_request_t *appended = far_call_async (list, "append", "i", 3);
    size_t count = 0;
    assert_ok (far_request_result (appended, NULL));
    assert_ok (far_len (list, &count));
    assert_int_equal (count, 3);
    int one = 0, two = 0;
    assert_ok (far_request_result (made, "[ii]", &one, &two)); /* it is what it was */
    assert_int_equal (two, 2);
    far_request_destroy (&appended);
    far_proxy_destroy (&list);
    far_request_destroy (&made);
}

static void an_error_is_that_of_all_behind_it (void **state)
{
    fixture_t *self = *state;
    far_request_t *opened = open_file (self, "missing");
    far_proxy_t *words = then (opened, "read().split()"), *file = then (opened, NULL);
    far_request_t *read = far_call_async (file, "read", "");
    sem_post (&gate);
    size_t count;
    assert_status (far_len (words, &count), FAR_E_RAISED);
    assert_string_equal (far_error_class (far_last_error ()), "FileError");
    assert_status (far_request_result (read, NULL), FAR_E_RAISED);
    assert_status (far_call (file, "read", ""), FAR_E_RAISED); /* also now that it is known */
    far_request_destroy (&read);
    far_proxy_destroy (&words);
    far_proxy_destroy (&file);
    far_request_destroy (&opened);
}

static void as_an_argument_it_is_waited_for (void **state)
{
    fixture_t *self = *state;
    far_request_t *opened = open_file (self, "b");
    far_proxy_t *file = then (opened, NULL);
    sem_post (&gate);
    for (int i = 0; i < 2 * WORKERS; i++) { /* by its worker and by others */
        char *name = NULL;
        assert_ok (far_call (self->files, "name_of", "P>s", file, &name));
        assert_string_equal (name, "b");
        far_string_free (&name);
    }
    far_proxy_destroy (&file);
    far_request_destroy (&opened);
}

/* Before the answer has come, and with nobody left who holds it. */
static void what_waits_can_be_given_up (void **state)
{
    fixture_t *self = *state;
    static const far_setting_t soon[] = { { FAR_OPTION_MODE, FAR_MODE_ASYNC },
                                          { FAR_OPTION_DEADLINE_MS, SOON_MS },
                                          { 0 } };
    far_request_t *opened = open_file (self, "c"), *late = NULL;
    far_proxy_t *file = then (opened, NULL);
    far_request_t *cancelled = far_call_async (file, "note", ""), *dropped = far_call_async (file, "note", "");
    far_request_t *kept = far_call_async (file, "read", "");
    assert_ok (far_call_with (file, soon, &late, "note", ""));
    far_request_cancel (cancelled);
    assert_status (far_request_result (cancelled, NULL), FAR_E_CANCELLED);
    far_request_destroy (&dropped);
    assert_ok (far_request_wait (late, FAR_FOREVER));
    assert_status (far_request_result (late, NULL), FAR_E_TIMEOUT);
    far_proxy_destroy (&file);
    far_request_destroy (&opened);
    sem_post (&gate);
    char *text = NULL;
    assert_ok (far_request_result (kept, "s", &text));
    assert_string_equal (text, "three words here");
    far_string_free (&text);
    assert_int_equal (sem_trywait (&noted), -1);
    far_request_destroy (&kept);
    far_request_destroy (&late);
    far_request_destroy (&cancelled);
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (a_chain_goes_where_the_answer_came_from),
        TEST (a_value_is_copied_to_be_asked),
        TEST (an_error_is_that_of_all_behind_it),
        TEST (as_an_argument_it_is_waited_for),
        TEST (what_waits_can_be_given_up),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
