/* The frames that the broker writes. They are put together at the end of the actions' bytes, header last, when the sizes
 * are known. */
#include "say.h"
#include "base/error.h"
#include "base/limits.h"
#include "wire/bodies.h"

#include <stdarg.h>
#include <string.h>

void say_begin (saying_t *self, actions_t *actions, session_t *to, const far_header_t *header)
{
    self->actions = actions;
    self->to = to;
    self->header = *header;
    self->start = actions->bytes.size;
    far_buffer_extend (&actions->bytes, FAR_HEADER_SIZE);
    far_writer_init (&self->writer, &actions->bytes);
}

void say_body (saying_t *self)
{
    self->header.fields_size = (uint32_t)(self->actions->bytes.size - self->start - FAR_HEADER_SIZE);
}

void say_end (saying_t *self)
{
    far_buffer_t *bytes = &self->actions->bytes;
    bool written = !far_writer_status (&self->writer) && !bytes->failed;
    far_writer_deinit (&self->writer);
    action_t *action = written ? actions_add (self->actions, ACTION_SEND, self->to) : NULL;
    if (!action) {
        self->actions->failed = true;
        return;
    }
    action->data.offset = self->start;
    action->data.size = bytes->size - self->start;
    self->header.body_size = (uint32_t)(action->data.size - FAR_HEADER_SIZE - self->header.fields_size);
    far_header_write (&self->header, bytes->data + self->start);
}

static void write_text (far_writer_t *out, const char *text)
{
    far_write_string (out, text, strlen (text));
}

static void write_number (far_writer_t *out, const char *key, uint64_t value)
{
    write_text (out, key);
    far_write_uint (out, value);
}

void say_welcome (actions_t *actions, session_t *to, uint64_t request, far_process_id_t broker, size_t parked_bytes,
                  size_t message_bytes)
{
    saying_t saying;
    say_begin (&saying, actions, to, &(far_header_t){ .type = FAR_WELCOME, .request = request });
    far_write_map (&saying.writer, 3);
    write_number (&saying.writer, "process", to->id.value);
    write_number (&saying.writer, "broker", broker.value);
    write_text (&saying.writer, "limits");
    far_write_map (&saying.writer, 3);
    write_number (&saying.writer, "message_bytes", message_bytes);
    write_number (&saying.writer, "references", FAR_LIMIT_FIELDS);
    write_number (&saying.writer, "parked_bytes", parked_bytes);
    say_end (&saying);
}

void say_reset (actions_t *actions, session_t *to, const char *why)
{
    saying_t saying;
    say_begin (&saying, actions, to, &(far_header_t){ .type = FAR_RESET });
    write_text (&saying.writer, why);
    say_end (&saying);
}

void say_bye (actions_t *actions, session_t *to, uint64_t request)
{
    saying_t saying;
    say_begin (&saying, actions, to, &(far_header_t){ .type = FAR_BYE, .request = request });
    say_end (&saying);
}

void say_frame (actions_t *actions, session_t *to, const uint8_t *frame, size_t size)
{
    size_t start = actions->bytes.size;
    far_buffer_append (&actions->bytes, frame, size);
    action_t *action = actions->bytes.failed ? NULL : actions_add (actions, ACTION_SEND, to);
    if (!action) {
        actions->failed = true;
        return;
    }
    action->data.offset = start;
    action->data.size = size;
}

void say_message (actions_t *actions, session_t *to, const far_message_t *message)
{
    saying_t saying;
    say_begin (&saying, actions, to, &message->header);
    far_buffer_append (&actions->bytes, message->fields, message->header.fields_size);
    say_body (&saying);
    far_buffer_append (&actions->bytes, message->body, message->header.body_size);
    say_end (&saying);
}

void say_release_one (actions_t *actions, session_t *to, uint64_t party, far_object_id_t object)
{
    saying_t saying;
    far_header_t header = { .type = FAR_DEL, .flags = FAR_FLAG_BY_BROKER, .party = party };
    far_field_t release = { .tag = FAR_FIELD_RELEASE, .release = { object, 1 } };
    say_begin (&saying, actions, to, &header);
    far_field_append (&actions->bytes, &release);
    say_body (&saying);
    say_end (&saying);
}

void say_error (actions_t *actions, session_t *to, uint64_t party, uint64_t request, const far_error_t *error)
{
    saying_t saying;
    far_header_t header = { .type = FAR_ERROR, .flags = FAR_FLAG_BY_BROKER, .party = party, .request = request };
    say_begin (&saying, actions, to, &header);
    far_error_write (&saying.writer, error);
    say_end (&saying);
}

void say_failure (actions_t *actions, session_t *to, uint64_t party, uint64_t request, far_status_t kind,
                  const char *format, ...)
{
    va_list args;
    va_start (args, format);
    far_error_t *error = far_error_vnew (kind, NULL, format, args);
    va_end (args);
    say_error (actions, to, party, request, error);
    far_error_release (&error);
}

void say_down (actions_t *actions, session_t *to, far_process_id_t process, far_down_how_t how, const char *cause)
{
    saying_t saying;
    far_field_t field = { .tag = FAR_FIELD_DOWN, .down = { process, how } };
    say_begin (&saying, actions, to, &(far_header_t){ .type = FAR_DOWN });
    far_field_append (&actions->bytes, &field);
    say_body (&saying);
    if (cause)
        write_text (&saying.writer, cause);
    else
        far_write_nil (&saying.writer);
    say_end (&saying);
}

void say_grant (actions_t *actions, session_t *owner, far_object_id_t object, far_process_id_t giver,
                far_process_id_t to)
{
    saying_t saying;
    far_field_t field = { .tag = FAR_FIELD_GRANT, .grant = { object, giver, to } };
    say_begin (&saying, actions, owner, &(far_header_t){ .type = FAR_GRANT });
    far_field_append (&actions->bytes, &field);
    say_body (&saying);
    say_end (&saying);
}

void say_undelivered (actions_t *actions, session_t *to, uint64_t party, far_amount_t amount)
{
    saying_t saying;
    far_header_t header = { .type = FAR_CREDIT, .flags = FAR_FLAG_BY_BROKER, .party = party };
    say_begin (&saying, actions, to, &header);
    far_field_append (&actions->bytes, &(far_field_t){ .tag = FAR_FIELD_CREDIT, .credit = amount });
    say_body (&saying);
    say_end (&saying);
}

bool say_release (actions_t *actions, session_t *to, uint64_t party, const far_message_t *message)
{
    saying_t saying;
    far_header_t header = { .type = FAR_DEL, .flags = FAR_FLAG_BY_BROKER, .party = party };
    far_fields_t walk;
    far_field_t field;
    bool begun = false;
    far_fields_start (&walk, message->fields, message->header.fields_size);
    while (far_fields_next (&walk, &field)) {
        if (field.tag != FAR_FIELD_REFERENCE || !far_process_id_equals (field.reference.owner, to->id) ||
            !field.reference.object.value)
            continue;
        if (!begun)
            say_begin (&saying, actions, to, &header);
        begun = true;
        far_field_t release = { .tag = FAR_FIELD_RELEASE, .release = { field.reference.object, 1 } };
        far_field_append (&actions->bytes, &release);
    }
    if (!begun)
        return false;
    say_body (&saying);
    say_end (&saying);
    return true;
}
