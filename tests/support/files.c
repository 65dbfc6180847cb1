/* Files to be opened. */
#include "support/files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

sem_t files_gate;
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
    sem_wait (&files_gate);
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

int files_set_up (void **state, int threads)
{
    files_t *self = calloc (1, sizeof *self);
    self->world = world_new ();
    world_host (self->world, "third");
    opened_files = 0;
    sem_init (&files_gate, 0, 0);
    sem_init (&ended, 0, 0);
    const far_offer_t offers[] = { { "files", fill }, { 0 } };
    self->host =
        world_open (self->world, &(far_actor_options_t){ .name = "files", .offers = offers, .threads = threads });
    self->me = world_actor (self->world, "caller");
    self->process = far_find (self->me, "files");
    assert_made (self->process);
    self->files = far_import (self->process, "files");
    assert_made (self->files);
    far_process_t *third = far_find (self->me, "third"); /* it has started, also where no test asks it */
    assert_made (third);
    far_process_destroy (&third);
    *state = self;
    return 0;
}

int files_tear_down (void **state)
{
    files_t *self = *state;
    far_proxy_destroy (&self->files);
    far_process_destroy (&self->process);
    far_actor_destroy (&self->me);
    far_actor_destroy (&self->host);
    world_destroy (&self->world);
    free (self);
    return 0;
}

void files_assert_all_ended (void)
{
    for (; opened_files; opened_files--)
        world_assert_posted (&ended);
}

void assert_gives_text (far_request_t **request_p, const char *expected)
{
    assert_made (*request_p);
    char *text = NULL;
    assert_ok (far_request_result (*request_p, "s", &text));
    assert_string_equal (text, expected);
    far_string_free (&text);
    far_request_destroy (request_p);
}
