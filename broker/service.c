/* The broker as a host of objects: requests to it are run by the same dispatch as those to any process, and references
 * to its objects are counted in the same table. A find that has to wait is put aside and answered later. Owns the
 * modules, the export table and the waiting finds; knows nothing of sockets. */
#include "service.h"
#include "base/error.h"
#include "base/limits.h"
#include "cancel.h"
#include "finds.h"
#include "fleet_service.h"
#include "listing.h"
#include "object/dispatch.h"
#include "object/exports.h"
#include "pipeline_service.h"
#include "say.h"
#include "where.h"
#include "wire/bodies.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct service {
    router_t *router;
    residents_t *residents;
    service_gauges_t gauges;
    far_host_t host;
    far_registry_t *registry;
    far_exports_t *exports;
    finds_t finds;
    /* The request that is being run. */
    session_t *from;
    const far_message_t *message;
    actions_t *actions;
    int64_t now_ns;
    bool postponed;
};

static far_status_t wait_for_name (service_t *self, const char *name, int timeout_ms)
{
    find_t find = { .asker = self->from->id,
                    .party = self->message->header.party,
                    .request = self->message->header.request,
                    .deadline = timeout_ms < 0 ? FAR_DEADLINE_NEVER : self->now_ns + (int64_t)timeout_ms * 1000000 };
    far_status_t status = finds_add (&self->finds, &find, name);
    self->postponed = !status;
    return status;
}

static far_status_t find (far_call_t *call, void *data)
{
    service_t *self = data;
    const char *name;
    int timeout_ms;
    far_status_t status = far_call_args (call, &name, &timeout_ms);
    if (status)
        return status;
    size_t size = strlen (name);
    const session_t *holder = processes_named (self->router->processes, name, size);
    if (holder)
        return far_call_return (call, "u", holder->id.value);
    if (timeout_ms && size && size <= FAR_LIMIT_NAME_BYTES && self->message->header.request)
        return wait_for_name (self, name, timeout_ms);
    return far_fail (FAR_E_NO_SUCH_PROCESS, "no process has the name '%s'", name);
}

static far_status_t list (far_call_t *call, void *data)
{
    const service_t *self = data;
    return listing_give (call, listing_processes (self->router));
}

static far_status_t stats (far_call_t *call, void *data)
{
    const service_t *self = data;
    const gauge_t gauges[] = { { "processes", processes_count (self->router->processes) },
                               { "connections", *self->gauges.connections },
                               { "parked_messages", self->gauges.parking->count },
                               { "parked_bytes", self->gauges.parking->bytes },
                               { "finds_waiting", self->finds.count },
                               { "objects_held", far_exports_count (self->exports) } };
    return listing_give (call, listing_counters (self->router, gauges, sizeof gauges / sizeof *gauges));
}

static far_status_t where (far_call_t *call, void *data)
{
    const service_t *self = data;
    far_process_id_t caller;
    uint64_t request;
    far_status_t status = far_call_args (call, &caller.value, &request);
    return status ? status : listing_give (call, where_find (self->residents, self->gauges.parking, caller, request));
}

static far_status_t cancel_for (far_call_t *call, void *data)
{
    service_t *self = data;
    cancel_t what;
    far_status_t status = far_call_args (call, &what.caller.value, &what.request, &what.at.value);
    return status ? status : cancel_request (self->residents, self->gauges.parking, &what, self->now_ns, self->actions);
}

/* Whose module is being filled: filling takes no context. */
static service_t *filling;

static void fill (far_module_t *module)
{
    far_module_set_doc (module, "The broker: who is there, and what it has counted");
    far_module_set_data (module, filling, NULL);
    far_module_function (module, "find", find, "name:s, timeout_ms:i=0 -> u",
                         "The ID of the process with this name; waits for one to appear");
    far_module_function (module, "list", list, "-> [v]", "A map for each process");
    far_module_function (module, "where", where, "caller:u, request:u -> [v]",
                         "Where a request is that the broker knows of, from the outside in");
    far_module_function (module, "cancel", cancel_for, "caller:u, request:u, at:u=0",
                         "Gives a request up in the place of its caller");
    far_module_function (module, "stats", stats, "-> v", "Counters, by name");
    fleet_service_fill (far_module_submodule (module, "fleets", "Workers behind one queue"), filling->residents);
    pipeline_service_fill (far_module_submodule (module, "pipelines", "Values that travel from stage to stage"),
                           filling->residents);
}

service_t *service_new (router_t *router, residents_t *residents, const service_gauges_t *gauges)
{
    service_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for the broker's objects");
        return NULL;
    }
    *self = (service_t){
        .router = router, .residents = residents, .gauges = *gauges, .host = { .process_name = "broker" }
    };
    finds_init (&self->finds);
    self->exports = far_exports_new (FAR_LIMIT_REFERENCES);
    self->registry = far_registry_new (&self->host);
    filling = self;
    if (!self->exports || !self->registry || far_registry_add (self->registry, "broker", fill))
        service_destroy (&self);
    filling = NULL;
    return self;
}

void service_destroy (service_t **self_p)
{
    service_t *self = *self_p;
    if (!self)
        return;
    assert (!self->finds.count);
    far_exports_destroy (&self->exports);
    far_registry_destroy (&self->registry);
    free (self);
    *self_p = NULL;
}

/* What an answer refers to, as fields: objects of ours, each counted for the asker. */
static far_status_t export_references (service_t *self, const far_writer_t *answer, far_buffer_t *out)
{
    for (size_t i = 0; i < answer->reference_count; i++) {
        far_field_t field = { .tag = FAR_FIELD_REFERENCE,
                              .reference = { .owner = processes_broker_id (self->router->processes) } };
        far_object_t *object = far_object_from_handle (answer->references[i]);
        assert (object); /* proxies are nothing that the broker has */
        if (object != far_registry_root (self->registry)) {
            far_status_t status = far_exports_grant (self->exports, object, self->from->id, &field.reference.object);
            if (status)
                return status;
        }
        far_field_append (out, &field);
    }
    return out->failed ? FAR_E_NO_MEMORY : FAR_OK;
}

/* Sends what dispatch has written. */
static void send_answer (service_t *self, far_message_type_t type, far_writer_t *answer)
{
    far_buffer_t fields = { 0 };
    far_header_t header = { .type = (uint8_t)type,
                            .party = self->message->header.party,
                            .request = self->message->header.request };
    bool written = !far_writer_status (answer) && !export_references (self, answer, &fields);
    if (written)
        far_message_finish (answer->out, &header, fields.data, fields.size);
    if (written && !answer->out->failed)
        say_frame (self->actions, self->from, answer->out->data, answer->out->size);
    else
        say_failure (self->actions, self->from, header.party, header.request, FAR_E_NO_MEMORY,
                     "the broker has no memory for the answer");
    far_buffer_deinit (&fields);
}

static far_handle_t *take_reference (const service_t *self, const far_field_t *field)
{
    if (!router_is_broker (self->router, field->reference.owner.value))
        return NULL;
    far_object_t *object = field->reference.object.value ? far_exports_home (self->exports, field->reference.object)
                                                         : far_object_retain (far_registry_root (self->registry));
    return object ? &object->handle : NULL;
}

/* References to our own objects have come home, if the sender holds them; others are nothing to us. */
static size_t take_references (const service_t *self, far_handle_t **out)
{
    size_t count = 0;
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, self->message->fields, self->message->header.fields_size);
    while (far_fields_next (&walk, &field))
        if (field.tag == FAR_FIELD_REFERENCE)
            out[count++] = take_reference (self, &field);
    return count;
}

static void log_off_error (service_t *self, const far_error_t *error)
{
    uint64_t suppressed;
    char who[320];
    if (limiter_allows (&self->from->log, self->now_ns, &suppressed))
        actions_log (self->actions, "%s: a call that wants no answer failed: %s",
                     session_describe (self->from, who, sizeof who), far_error_message (error));
}

static void run (service_t *self)
{
    far_handle_t *references[FAR_LIMIT_FIELDS];
    far_buffer_t buffer = { 0 };
    far_writer_t answer;
    far_error_t *error = NULL;
    far_object_id_t target;
    far_incoming_t incoming = { .message = *self->message, .source = self->from->id, .references = references };
    incoming.reference_count = take_references (self, references);
    if (far_dispatch_target (self->message, &target))
        incoming.object = far_exports_use (self->exports, target, self->from->id);
    far_message_begin (&buffer);
    far_writer_init (&answer, &buffer);
    self->postponed = false;
    far_message_type_t type = far_dispatch (self->registry, &self->host, &incoming, &answer, &error);
    if (self->message->header.request && !self->postponed)
        send_answer (self, type, &answer);
    else if (error)
        log_off_error (self, error);
    far_error_release (&error);
    far_writer_deinit (&answer);
    far_buffer_deinit (&buffer);
    far_object_destroy (&incoming.object);
    for (size_t i = 0; i < incoming.reference_count; i++)
        far_handle_release (references[i]);
}

/* An answer of our own, as dispatch would have given it. */
static void fail (session_t *to, actions_t *actions, const far_header_t *header, const char *method, far_error_t *error)
{
    saying_t saying;
    far_error_t *placed = far_error_with_hop (error, &(far_hop_t){ "broker", "broker", method, "", 0 });
    say_begin (&saying, actions, to, header);
    far_error_write (&saying.writer, placed);
    say_end (&saying);
    far_error_release (&placed);
    far_error_release (&error);
}

static void fail_find (session_t *asker, actions_t *actions, find_t *found, far_status_t kind)
{
    const far_header_t header = { .type = FAR_ERROR, .party = found->party, .request = found->request };
    if (asker)
        fail (asker, actions, &header, "find", far_error_new (kind, "no process has the name '%s'", found->name));
    free (found);
}

static void refuse_close (service_t *self)
{
    const far_header_t header = { .type = FAR_ERROR,
                                  .party = self->message->header.party,
                                  .request = self->message->header.request };
    if (header.request)
        fail (self->from, self->actions, &header, "",
              far_error_new (FAR_E_DENIED, "the broker is not closed by processes"));
}

static void cancel (service_t *self)
{
    uint64_t request = self->message->header.request;
    find_t *waiting = request ? finds_take_asked (&self->finds, self->from->id, request) : NULL;
    if (waiting)
        fail_find (self->from, self->actions, waiting, FAR_E_CANCELLED);
}

void service_release (service_t *self, far_object_id_t object, far_process_id_t holder)
{
    far_object_t *gone = far_exports_release (self->exports, object, holder, 1);
    far_object_destroy (&gone);
}

static void release (service_t *self)
{
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, self->message->fields, self->message->header.fields_size);
    while (far_fields_next (&walk, &field)) {
        if (field.tag != FAR_FIELD_RELEASE)
            continue;
        far_object_t *object =
            far_exports_release (self->exports, field.release.object, self->from->id, field.release.receipts);
        far_object_destroy (&object);
    }
}

static void serve_one (service_t *self)
{
    const far_header_t *header = &self->message->header;
    if (header->type == FAR_CLOSE)
        refuse_close (self);
    else if (header->type == FAR_CANCEL)
        cancel (self);
    else if (header->type == FAR_DEL)
        release (self);
    else if (far_message_role (header->type) == FAR_ROLE_REQUEST)
        run (self);
    if (header->fields_size)
        say_release (self->actions, self->from, header->party, self->message);
}

void service_serve (service_t *self, session_t *from, far_bytes_t frame, int64_t now_ns, actions_t *actions)
{
    far_message_t message, one;
    far_messages_t walk;
    if (!far_message_read (frame.data, frame.size, &message))
        return;
    self->from = from;
    self->actions = actions;
    self->now_ns = now_ns;
    self->message = &one;
    far_messages_start (&walk, &message);
    while (far_messages_next (&walk, &one)) {
        self->router->counters.value[COUNT_SERVED]++;
        serve_one (self);
        if (self->residents->born) {
            service_joined (self, self->residents->born->session, actions);
            residents_joined (self->residents);
        }
        self->residents->born = NULL;
    }
    self->message = NULL;
}

void service_grant (service_t *self, const far_field_t *grant)
{
    /* Without memory the receiver gets Stale, as it does for what was never granted. */
    far_exports_hand_on (self->exports, grant->grant.object, grant->grant.giver, grant->grant.to);
}

static void answer_found (session_t *to, const find_t *found, far_process_id_t id, actions_t *actions)
{
    saying_t saying;
    far_header_t header = { .type = FAR_RESULT, .party = found->party, .request = found->request };
    say_begin (&saying, actions, to, &header);
    far_write_uint (&saying.writer, id.value);
    say_end (&saying);
}

void service_joined (service_t *self, session_t *session, actions_t *actions)
{
    find_t *found;
    while (session->hello.name && (found = finds_take_named (&self->finds, session->hello.name))) {
        session_t *asker = processes_find (self->router->processes, found->asker);
        if (asker)
            answer_found (asker, found, session->id, actions);
        free (found);
    }
}

void service_left (service_t *self, far_process_id_t id)
{
    find_t *waiting;
    far_object_t *object;
    while ((waiting = finds_take_asked (&self->finds, id, 0)))
        free (waiting);
    while ((object = far_exports_drop_holder (self->exports, id)))
        far_object_destroy (&object);
}

far_deadline_t service_deadline (const service_t *self)
{
    return self->finds.count ? self->finds.earliest : FAR_DEADLINE_NEVER;
}

void service_expire (service_t *self, int64_t now_ns, actions_t *actions)
{
    find_t *expired;
    while ((expired = finds_take_expired (&self->finds, now_ns)))
        fail_find (processes_find (self->router->processes, expired->asker), actions, expired, FAR_E_NO_SUCH_PROCESS);
}
