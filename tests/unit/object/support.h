/* For the tests of the object layer: cmocka, a host, handles that stand for proxies, and requests as they come in. */
#ifndef FAR_TEST_OBJECT_SUPPORT_H
#define FAR_TEST_OBJECT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"
#include "object/call.h"
#include "object/dispatch.h"
#include "object/registry.h"
#include <stdlib.h>
#include <string.h>

#define UNUSED __attribute__ ((unused))

/* Stands in for lib/actor where that is not linked. */
__attribute__ ((weak)) far_host_t *far_actor_host (far_actor_t *actor)
{
    (void)actor;
    return NULL;
}

#define assert_last_error(kind, text) \
    do { \
        assert_string_equal (far_status_name (far_error_kind (far_last_error ())), far_status_name (kind)); \
        assert_contains (far_error_message (far_last_error ()), text); \
    } while (0)

#define assert_contains(whole, part) check_contains ((whole), (part), __FILE__, __LINE__)

static UNUSED void check_contains (const char *whole, const char *part, const char *file, int line)
{
    if (whole && strstr (whole, part))
        return;
    print_error ("'%s' is not in '%s'\n", part, whole ? whole : "(NULL)");
    _fail (file, line);
}

/* A handle that is no object. */
typedef struct fake_proxy {
    far_handle_t handle;
    const char *path;
    bool released;
} fake_proxy_t;

static void fake_last (far_handle_t *handle)
{
    if (far_handle_drop (handle))
        ((fake_proxy_t *)handle)->released = true;
}

static const char *fake_class_name (const far_handle_t *handle)
{
    (void)handle;
    return "Elsewhere";
}

static const char *fake_path (const far_handle_t *handle)
{
    const fake_proxy_t *self = (const fake_proxy_t *)handle;
    return self->path ? self->path : "";
}

static const far_handle_kind_t fake_kind = {
    .name = "proxy", .last = fake_last, .class_name = fake_class_name, .path = fake_path
};

static UNUSED void fake_proxy_init (fake_proxy_t *self)
{
    *self = (fake_proxy_t){ 0 };
    far_handle_init (&self->handle, &fake_kind);
}

/* A request being written, and its answer. */
typedef struct exchange {
    far_registry_t *registry;
    far_host_t *host;
    far_handle_t **references;
    size_t reference_count;
    far_handle_t *(*take_proxy) (far_handle_t *proxy, const far_reference_t *reference);
    const far_wanted_t *wanted;
    far_pins_t pins;

    far_buffer_t request, answer;
    far_writer_t body, out;
    far_message_type_t type;
    far_value_t *value; /* of a RESULT */
    far_error_t *error; /* as it was read from the body of an ERROR */
} exchange_t;

static UNUSED void exchange_reset (exchange_t *self)
{
    far_value_destroy (&self->value);
    far_error_release (&self->error);
    if (self->body.out)
        far_writer_deinit (&self->body);
    if (self->out.out)
        far_writer_deinit (&self->out);
    far_buffer_deinit (&self->request);
    far_buffer_deinit (&self->answer);
    self->request = self->answer = (far_buffer_t){ 0 };
    far_writer_init (&self->body, &self->request);
    far_writer_init (&self->out, &self->answer);
    far_message_begin (&self->request);
    far_message_begin (&self->answer);
}

static UNUSED void exchange_end (exchange_t *self)
{
    exchange_reset (self);
    far_writer_deinit (&self->body);
    far_writer_deinit (&self->out);
    far_buffer_deinit (&self->request);
    far_buffer_deinit (&self->answer);
}

/* For cmocka: with a registry in which that module is; fill may be NULL. */
static UNUSED int exchange_set_up (void **state, const char *name, void (*fill) (far_module_t *))
{
    exchange_t *self = calloc (1, sizeof *self);
    assert_non_null (self);
    self->registry = far_registry_new (NULL);
    if (fill && far_registry_add (self->registry, name, fill))
        fail_msg ("%s", far_error_message (far_last_error ()));
    *state = self;
    return 0;
}

static UNUSED int exchange_tear_down (void **state)
{
    exchange_t *self = *state;
    exchange_end (self);
    far_registry_destroy (&self->registry);
    free (self);
    return 0;
}

static far_message_t exchange_finish (far_buffer_t *frame, uint8_t type)
{
    far_message_t message;
    far_header_t header = { .type = type, .party = 7, .request = 1 };
    far_message_finish (frame, &header, NULL, 0);
    assert_true (far_message_read (frame->data, frame->size, &message));
    return message;
}

/* Sends what stands in self->body as a request of type to object (NULL: none is held). */
static UNUSED far_message_type_t exchange_run (exchange_t *self, uint8_t type, far_object_t *object)
{
    far_error_t *error = NULL;
    far_incoming_t incoming = {
        .message = exchange_finish (&self->request, type),
        .source = { 7 },
        .references = self->references,
        .reference_count = self->reference_count,
        .object = object,
        .wanted = self->wanted,
        .take_proxy = self->take_proxy,
        .pins = self->pins,
    };
    self->type = far_dispatch (self->registry, self->host, &incoming, &self->out, &error);
    assert_int_equal (far_writer_status (&self->out), FAR_OK);
    far_message_t answer = exchange_finish (&self->answer, (uint8_t)self->type);
    const char *why = "";
    if (!far_scan (answer.body, answer.header.body_size, &why))
        fail_msg ("the answer can't be read: %s", why);
    if (self->type == FAR_ERROR) {
        self->error = far_error_read (answer.body, answer.header.body_size);
        assert_non_null (error);
        assert_int_equal (far_error_kind (error), far_error_kind (self->error));
        far_error_release (&error);
        return self->type;
    }
    assert_int_equal (self->type, FAR_RESULT);
    assert_null (error);
    far_reader_t in = { answer.body, answer.body + answer.header.body_size };
    far_resolver_t resolver = far_written_resolver (&self->out);
    self->value = far_value_read (&in, &resolver);
    assert_non_null (self->value);
    return self->type;
}

static UNUSED void write_text (far_writer_t *out, const char *text)
{
    far_write_string (out, text, strlen (text));
}

static UNUSED void write_root (far_writer_t *out, uint64_t id)
{
    if (id)
        far_write_uint (out, id);
    else
        far_write_nil (out);
}

/* [root, path, arguments, keywords, returns]: root 7 if there is an object, else nil. The picture has the arguments. */
static UNUSED far_message_type_t call_returning (exchange_t *self, far_object_t *object, const char *path,
                                                 uint32_t returns, const char *picture, far_arguments_t *arguments)
{
    bool has_keywords = false;
    const char *results;
    exchange_reset (self);
    far_write_list (&self->body, 5);
    write_root (&self->body, object ? 7 : 0);
    write_text (&self->body, path);
    assert_int_equal (far_picture_write_call (&self->body, picture, arguments, &has_keywords, &results), FAR_OK);
    if (!has_keywords)
        far_write_map (&self->body, 0);
    far_write_uint (&self->body, returns);
    return exchange_run (self, FAR_CALL, object);
}

static UNUSED far_message_type_t call (exchange_t *self, far_object_t *object, const char *path, const char *picture,
                                       ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_message_type_t type = call_returning (self, object, path, FAR_BY_VALUE_USUAL, picture, &arguments);
    va_end (arguments.list);
    return type;
}

static UNUSED far_message_type_t call_for (exchange_t *self, uint32_t returns, far_object_t *object, const char *path,
                                           const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_message_type_t type = call_returning (self, object, path, returns, picture, &arguments);
    va_end (arguments.list);
    return type;
}

static UNUSED far_message_type_t getattr_for (exchange_t *self, uint32_t returns, far_object_t *object,
                                              const char *path)
{
    exchange_reset (self);
    far_write_list (&self->body, 3);
    write_root (&self->body, object ? 7 : 0);
    write_text (&self->body, path);
    far_write_uint (&self->body, returns);
    return exchange_run (self, FAR_GETATTR, object);
}

static UNUSED far_message_type_t getattr (exchange_t *self, far_object_t *object, const char *path)
{
    return getattr_for (self, FAR_BY_VALUE_USUAL, object, path);
}

static UNUSED far_message_type_t getvalue (exchange_t *self, far_object_t *object, const char *path)
{
    exchange_reset (self);
    far_write_list (&self->body, 2);
    write_root (&self->body, object ? 7 : 0);
    write_text (&self->body, path);
    return exchange_run (self, FAR_GETVALUE, object);
}

/* names: separated by commas; NULL for none. */
static UNUSED far_message_type_t import_for (exchange_t *self, uint32_t returns, const char *module, const char *names)
{
    exchange_reset (self);
    far_write_list (&self->body, 3);
    write_text (&self->body, module);
    size_t count = names && *names;
    for (const char *at = names; at && *at; at++)
        count += *at == ',';
    if (names)
        far_write_list (&self->body, count);
    else
        far_write_nil (&self->body);
    for (const char *at = names; at && *at;) {
        size_t size = strcspn (at, ",");
        far_write_string (&self->body, at, size);
        at += size + (at[size] == ',');
    }
    far_write_uint (&self->body, returns);
    return exchange_run (self, FAR_IMPORT, NULL);
}

static UNUSED far_message_type_t import (exchange_t *self, const char *module, const char *names)
{
    return import_for (self, FAR_BY_VALUE_USUAL, module, names);
}

/* The object that the answer is; borrowed from it. */
static UNUSED far_object_t *answered_object (const exchange_t *self)
{
    assert_int_equal (self->type, FAR_RESULT);
    far_object_t *object = far_object_from_handle (far_value_handle (self->value));
    assert_non_null (object);
    return object;
}

#define assert_answer_int(exchange, number) \
    do { \
        if ((exchange)->error) \
            print_error ("%s\n", far_error_message ((exchange)->error)); \
        assert_int_equal ((exchange)->type, FAR_RESULT); \
        assert_int_equal (far_value_type ((exchange)->value), FAR_TYPE_INT); \
        assert_int_equal (far_value_int ((exchange)->value), (number)); \
    } while (0)

#define assert_answer_error(exchange, kind, text) \
    do { \
        assert_int_equal ((exchange)->type, FAR_ERROR); \
        assert_string_equal (far_status_name (far_error_kind ((exchange)->error)), far_status_name (kind)); \
        assert_contains (far_error_message ((exchange)->error), (text)); \
    } while (0)

#endif
