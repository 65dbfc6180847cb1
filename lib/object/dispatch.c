/* Dispatch: from a request to its answer's body. A table has a row for each type of request; what they share is how a
 * root and a path become an object, how references in the arguments are resolved, and how an error is told. Owns
 * nothing past the call. */
#include "object/dispatch.h"
#include "object/call.h"
#include "object/expand.h"
#include "object/hosted.h"
#include "object/module.h"
#include "object/path.h"
#include "object/result.h"
#include "base/limits.h"
#include "base/log.h"
#include <stdio.h>
#include <string.h>

typedef struct dispatch {
    far_registry_t *registry;
    const far_incoming_t *incoming;
    size_t received; /* references that came with the message; those behind them, with answers */
    far_incoming_t expanded;
    far_expansion_t expansion; /* what expanded points into */
    far_call_t call;
    far_object_t *target; /* owned; what the request was about, as far as it was found */
    const char *module;   /* its name, where the target is a module; borrowed from it */
    far_text_t name;      /* of the method or attribute, for the hop of an error */
} dispatch_t;

bool far_dispatch_target (const far_message_t *message, far_object_id_t *out_id)
{
    uint8_t type = message->header.type;
    if (type != FAR_GETATTR && type != FAR_GETVALUE && type != FAR_CALL)
        return false;
    far_reader_t in = { message->body, message->body + message->header.body_size };
    far_item_t item;
    if (!far_read (&in, &item) || item.type != FAR_TYPE_LIST || !item.count || !far_read (&in, &item))
        return false;
    uint64_t id = item.type == FAR_TYPE_UINT                      ? item.natural
                  : item.type == FAR_TYPE_INT && item.integer > 0 ? (uint64_t)item.integer
                                                                  : 0;
    if (id)
        out_id->value = id;
    return id;
}

/* What the body says of a reference that came with the message. */
static far_handle_t *take_reference (dispatch_t *self, far_handle_t *handle, const far_reference_t *reference)
{
    far_object_t *object = far_object_from_handle (handle);
    if (!object && self->incoming->take_proxy)
        return self->incoming->take_proxy (handle, reference);
    if (!reference->path.size)
        return far_handle_retain (handle);
    if (object)
        return far_path_reference (object, reference->path, &self->call);
    far_fail (FAR_E_PROTOCOL_ERROR, "a path from a reference of another process can't be followed here");
    return NULL;
}

static far_handle_t *resolve (void *context, const far_reference_t *reference)
{
    dispatch_t *self = context;
    const far_incoming_t *incoming = self->incoming;
    if (reference->index >= incoming->reference_count) {
        far_fail (FAR_E_PROTOCOL_ERROR, "the body speaks of reference %zu, and there are %zu", (size_t)reference->index,
                  incoming->reference_count);
        return NULL;
    }
    far_handle_t *handle = incoming->references[reference->index];
    if (!handle) {
        far_fail (FAR_E_STALE, "a reference in the arguments (%.*s) is to an object that is gone",
                  (int)reference->class_name.size, reference->class_name.data);
        return NULL;
    }
    return reference->index < self->received ? take_reference (self, handle, reference) : far_handle_retain (handle);
}

static void set_target (dispatch_t *self, far_object_t *object)
{
    far_object_destroy (&self->target);
    far_module_t *module = far_module_from_object (object);
    self->target = object;
    self->module = module ? far_module_name (module) : NULL;
}

static far_status_t find_answer (dispatch_t *self, uint64_t request)
{
    const far_kept_t *kept = far_pins_find (&self->incoming->pins, request);
    if (!kept)
        return FAR_E_STALE;
    if (!kept->outcome.object)
        return far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "the answer of request %llu lies in another process",
                         (unsigned long long)request);
    set_target (self, far_object_retain (kept->outcome.object));
    return FAR_OK;
}

/* Where a request's path begins. Under root nil the first name is used up. */
static far_status_t find_root (dispatch_t *self, far_text_t *path)
{
    const far_target_t *target = &self->call.request.target;
    *path = self->name = target->path;
    far_status_t status = far_path_check (*path);
    if (status && target->root == FAR_ROOT_MODULES && path->data[0] == '.')
        return far_fail (FAR_E_NO_SUCH_MODULE, "an empty name in the path '%.*s'", (int)path->size, path->data);
    if (status)
        return status;
    if (target->root == FAR_ROOT_REQUEST)
        return find_answer (self, target->id);
    if (target->root == FAR_ROOT_OBJECT) {
        if (!self->incoming->object)
            return far_fail (FAR_E_STALE, "object %llu is not held by the caller", (unsigned long long)target->id);
        set_target (self, far_object_retain (self->incoming->object));
        return FAR_OK;
    }
    bool more;
    far_text_t name = far_path_first (path, &more);
    far_object_t *module = far_registry_find (self->registry, name);
    if (!module)
        return far_fail (FAR_E_NO_SUCH_MODULE, "there is no module '%.*s'", (int)name.size, name.data);
    set_target (self, far_object_retain (module));
    return FAR_OK;
}

/* The object that has the last name of the path as its attribute. */
static far_status_t find_target (dispatch_t *self)
{
    far_text_t path, before;
    far_status_t status = find_root (self, &path);
    if (status)
        return status;
    far_path_split (path, &before, &self->name);
    if (!before.size)
        return FAR_OK;
    far_object_t *object = NULL;
    status = far_path_object (self->target, before, &self->call, &object);
    if (!status)
        set_target (self, object);
    return status;
}

/* The attribute that the request is about, as a value. */
static far_status_t find_value (dispatch_t *self, far_value_t **out)
{
    far_status_t status = find_target (self);
    return status ? status : far_path_follow (self->target, self->name, &self->call, out);
}

static far_status_t run_call (dispatch_t *self)
{
    far_status_t status = find_target (self);
    self->call.deferral = self->incoming->deferral;
    if (!status)
        status = far_object_call (self->target, self->name, &self->call);
    self->call.deferral = NULL;
    if (self->incoming->deferral && self->incoming->deferral->reply)
        return FAR_OK; /* whatever it says */
    if (!status && !self->call.answered)
        status = far_call_answer_value (&self->call, self->call.gathered);
    return status ? status : far_result_apply (&self->call, self->call.request.returns);
}

static far_status_t run_getattr (dispatch_t *self)
{
    far_value_t *value = NULL;
    far_status_t status = find_value (self, &value);
    if (!status)
        status = far_call_answer_value (&self->call, value);
    far_value_destroy (&value);
    return status ? status : far_result_apply (&self->call, self->call.request.returns);
}

/* A plain attribute is its own value; a reference to an object of another process goes as itself. */
static far_status_t run_getvalue (dispatch_t *self)
{
    far_value_t *value = NULL;
    far_status_t status = find_value (self, &value);
    if (status)
        return status;
    far_object_t *object = far_object_from_handle (far_value_handle (value));
    if (object)
        set_target (self, far_object_retain (object));
    status = object ? far_object_value (object, &self->call) : far_call_answer_value (&self->call, value);
    far_value_destroy (&value);
    if (!status && !self->call.answered)
        status = far_call_answer_value (&self->call, NULL);
    return status;
}

/* One of the names of an IMPORT, as the value that goes into the list. */
static far_status_t import_name (dispatch_t *self, far_text_t name, far_value_t **out)
{
    far_value_t *value = NULL;
    self->name = name;
    if (!name.size)
        return far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "module %s has no attribute without a name", self->module);
    far_status_t status = far_path_follow (self->target, name, &self->call, &value);
    if (!status)
        status = far_call_answer_value (&self->call, value);
    far_value_destroy (&value);
    if (!status)
        status = far_result_apply (&self->call, self->call.request.returns);
    if (status)
        return status;
    *out = far_call_answer_read (&self->call);
    return *out ? FAR_OK : far_error_kind (far_last_error ());
}

static far_status_t import_names (dispatch_t *self)
{
    far_reader_t in = self->call.request.arguments;
    far_value_t *list = far_value_list ();
    far_status_t status = FAR_OK;
    for (size_t left = self->call.request.argument_count; left && !status; left--) {
        far_item_t item;
        far_value_t *value = NULL;
        if (!far_read (&in, &item))
            status = far_fail (FAR_E_PROTOCOL_ERROR, "the names can't be read");
        else
            status = import_name (self, item.text, &value);
        if (!status)
            status = far_value_append (list, &value);
    }
    if (!status)
        status = far_call_answer_value (&self->call, list);
    far_value_destroy (&list);
    return status;
}

static far_status_t run_import (dispatch_t *self)
{
    self->name = self->call.request.target.path;
    far_module_t *module = far_registry_module (self->registry, self->name);
    if (!module)
        return FAR_E_NO_SUCH_MODULE;
    set_target (self, far_object_retain (far_module_object_of (module)));
    return self->call.request.has_names ? import_names (self) : far_call_answer_object (&self->call, self->target);
}

static far_status_t run_transfer (dispatch_t *self)
{
    far_reader_t in = self->call.request.arguments;
    far_value_t *value = far_value_read (&in, &self->call.resolver);
    far_object_t *hosted = value ? far_hosted_new (&value) : NULL;
    if (!hosted)
        return far_error_kind (far_last_error ());
    far_status_t status = far_call_answer_object (&self->call, hosted);
    far_object_destroy (&hosted);
    return status;
}

typedef far_status_t run_fn (dispatch_t *self);

static const struct request_row {
    uint8_t type;
    run_fn *run;
} rows[] = {
    { FAR_CALL, run_call },         { FAR_GETATTR, run_getattr }, { FAR_GETVALUE, run_getvalue },
    { FAR_TRANSFER, run_transfer }, { FAR_IMPORT, run_import },
};

static far_status_t read_body (dispatch_t *self)
{
    const far_header_t *header = &self->incoming->message.header;
    return far_request_body_read (header->type, self->incoming->message.body, header->body_size, &self->call.request);
}

/* With the answers that it speaks of put in, it is a request like any other. */
static far_status_t expand (dispatch_t *self)
{
    bool has_root = self->call.request.target.root == FAR_ROOT_REQUEST;
    far_status_t status = far_expand (&self->expansion, self->incoming, has_root, &self->call);
    if (status)
        return status;
    self->expanded = *self->incoming;
    self->expanded.message.body = self->expansion.body.data;
    self->expanded.message.header.body_size = (uint32_t)self->expansion.body.size;
    self->expanded.references = self->expansion.writer.references;
    self->expanded.reference_count = self->expansion.writer.reference_count;
    self->incoming = &self->expanded;
    return read_body (self);
}

static far_status_t run (dispatch_t *self)
{
    uint8_t type = self->incoming->message.header.type;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].type == type) {
            far_status_t status = read_body (self);
            if (!status && self->call.request.answers)
                status = expand (self);
            return status ? status : rows[i].run (self);
        }
    return far_fail (FAR_E_PROTOCOL_ERROR, "%s is no request that an object answers", far_message_name (type));
}

/* The error with this process's hop. Consumes error. */
static far_error_t *add_hop (const dispatch_t *self, far_error_t *error)
{
    const far_callee_t *callee = self->call.callee;
    const far_host_t *host = self->call.host;
    char name[FAR_LIMIT_PATH_BYTES + 1];
    snprintf (name, sizeof name, "%.*s", (int)self->name.size, self->name.data);
    far_hop_t hop = { .process = host ? host->process_name : "",
                      .object = callee         ? callee->object
                                : self->module ? self->module
                                : self->target ? far_object_class_name (self->target)
                                               : "",
                      .method = callee ? callee->method : name,
                      .file = self->call.raise_file,
                      .line = self->call.raise_line };
    far_error_t *placed = far_error_with_hop (error, &hop);
    far_error_release (&error);
    return placed;
}

/* What the caller wants results to go to; borrowed, NULL if nothing. */
static far_handle_t *report_of (const far_incoming_t *incoming)
{
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, incoming->message.fields, incoming->message.header.fields_size);
    while (far_fields_next (&walk, &field))
        if (field.tag == FAR_FIELD_REPORT && field.report < incoming->reference_count)
            return incoming->references[field.report];
    return NULL;
}

/* An error whose texts can't be written (they are a program's) still arrives, with its message escaped. */
static void answer_error (far_call_t *call, const far_error_t *error)
{
    far_error_write (far_call_answer (call), error);
    if (!far_call_answered (call))
        return;
    char text[1024];
    const char *message = far_error_message (error);
    far_escape (message, strlen (message), text, sizeof text);
    far_error_t *plain = far_error_new (far_error_kind (error), "%s", text);
    far_error_write (far_call_answer (call), plain);
    far_error_release (&plain);
}

/* What the request is answered with if not with a result. The error of an answer that it refers to is passed on as it is. */
static far_error_t *run_to_error (dispatch_t *self)
{
    const far_error_t *before = far_pins_error (&self->incoming->pins);
    if (before)
        return far_error_retain (before);
    far_error_t *error = far_call_settle (&self->call, run (self));
    return error ? add_hop (self, error) : NULL;
}

far_message_type_t far_dispatch (far_registry_t *registry, far_host_t *host, const far_incoming_t *incoming,
                                 far_writer_t *out, far_error_t **out_error)
{
    dispatch_t self;
    self.registry = registry;
    self.incoming = incoming;
    self.received = incoming->reference_count;
    self.expansion = (far_expansion_t){ 0 };
    self.target = NULL;
    self.module = NULL;
    self.name = (far_text_t){ "", 0 };
    far_call_init (&self.call, host, incoming->source, out);
    self.call.wanted = incoming->wanted;
    self.call.report = report_of (incoming);
    self.call.resolver = (far_resolver_t){ .resolve = resolve, .context = &self };
    /* The thread's last error is what a method that fails without a word is answered with, and the cause of what it
     * raises: it must not be one of another call. */
    far_clear_error ();
    far_error_t *error = run_to_error (&self);
    if (error)
        answer_error (&self.call, error);
    far_message_type_t type = error ? FAR_ERROR : FAR_RESULT;
    far_call_deinit (&self.call);
    far_object_destroy (&self.target);
    far_expansion_deinit (&self.expansion);
    if (out_error)
        *out_error = error;
    else
        far_error_release (&error);
    return type;
}
