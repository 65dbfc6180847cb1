/* A router with processes 'a', 'b', ... and what a step of it did as one line of text, such as "b<CALL 7 from a; a<DOWN b
 * died". Upper half of IDs: INCARNATION. Process 'a' has serial 2. */
#ifndef FAR_TESTS_BROKER_FIXTURE_H
#define FAR_TESTS_BROKER_FIXTURE_H

#include "support/cm.h"

#include "base/error.h"
#include "base/limits.h"
#include "broker/router.h"
#include "wire/bodies.h"
#include "wire/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INCARNATION 0x8f31a2b4u
#define PROCESSES   26
#define PARKED      100000

typedef struct world {
    router_t *router;
    parking_t parking;
    actions_t actions;
    session_t *sessions[PROCESSES];
    far_process_id_t ids[PROCESSES];
    int64_t now_ns;
    far_buffer_t frame; /* of the last event */
    char text[16384];
} world_t;

/* One message that a test sends: a header, and fields and body that world_send puts together. */
typedef struct sending {
    uint8_t type;
    uint16_t flags;
    uint64_t party, request;
    far_field_t fields[4]; /* up to the first with tag 0 */
} sending_t;

static inline void world_init (world_t *self)
{
    *self = (world_t){ .now_ns = 1 };
    self->router = router_new (&(router_options_t){ INCARNATION, PARKED, FAR_LIMIT_MESSAGE_BYTES });
    assert_non_null (self->router);
}

static inline uint64_t world_id (const world_t *self, char name)
{
    return self->ids[name - 'a'].value;
}

static inline char world_label (const world_t *self, uint64_t id)
{
    for (int i = 0; i < PROCESSES; i++)
        if (id && self->ids[i].value == id)
            return (char)('a' + i);
    return id == 0 ? '0' : id == FAR_PARTY_BROKER ? '1' : '?';
}

static inline char world_label_of (const world_t *self, const session_t *session)
{
    for (int i = 0; i < PROCESSES; i++)
        if (self->sessions[i] == session)
            return (char)('a' + i);
    return '?';
}

static inline void world_print (world_t *self, const char *format, ...) FAR_PRINTF (2, 3);
static inline void world_print (world_t *self, const char *format, ...)
{
    size_t size = strlen (self->text);
    va_list args;
    va_start (args, format);
    vsnprintf (self->text + size, sizeof self->text - size, format, args);
    va_end (args);
}

static inline void world_print_fields (world_t *self, const far_message_t *message)
{
    far_fields_t walk;
    far_field_t field;
    far_fields_start (&walk, message->fields, message->header.fields_size);
    while (far_fields_next (&walk, &field)) {
        if (field.tag == FAR_FIELD_RELEASE)
            world_print (self, " %u*%u", (unsigned)field.release.object.value, (unsigned)field.release.receipts);
        else if (field.tag == FAR_FIELD_CREDIT)
            world_print (self, " %u/%u", (unsigned)field.credit.messages, (unsigned)field.credit.bytes);
        else if (field.tag == FAR_FIELD_GRANT)
            world_print (self, " %u %c>%c", (unsigned)field.grant.object.value,
                         world_label (self, field.grant.giver.value), world_label (self, field.grant.to.value));
        else if (field.tag == FAR_FIELD_DOWN)
            world_print (self, " %c %s", world_label (self, field.down.process.value),
                         field.down.how == FAR_DOWN_DIED  ? "died"
                         : field.down.how == FAR_DOWN_BYE ? "bye"
                                                          : "cut");
    }
}

static inline void world_print_one (world_t *self, const far_message_t *message)
{
    world_print (self, "%s", far_message_name (message->header.type));
    if (message->header.request)
        world_print (self, " %u", (unsigned)message->header.request);
    if (message->header.party)
        world_print (self, " from %c", world_label (self, message->header.party));
    world_print_fields (self, message);
    if (message->header.type == FAR_ERROR && message->header.body_size) {
        far_error_t *error = far_error_read (message->body, message->header.body_size);
        world_print (self, " %s", far_status_name (far_error_kind (error)));
        far_error_release (&error);
    }
    if (message->header.flags & FAR_FLAG_BY_BROKER)
        world_print (self, " by broker");
}

static inline void world_print_frame (world_t *self, const session_t *to, const uint8_t *frame, size_t size)
{
    far_message_t message, one;
    far_messages_t walk;
    assert_true (far_message_read (frame, size, &message));
    world_print (self, "%c<", world_label_of (self, to));
    if (message.header.flags & FAR_FLAG_BATCH)
        world_print (self, "[");
    far_messages_start (&walk, &message);
    for (bool first = true; far_messages_next (&walk, &one); first = false) {
        world_print (self, "%s", first ? "" : ", ");
        world_print_one (self, &one);
    }
    if (message.header.flags & FAR_FLAG_BATCH)
        world_print (self, "]");
}

/* Log lines are left out. */
static inline void world_print_actions (world_t *self)
{
    self->text[0] = 0;
    assert_false (self->actions.failed);
    for (size_t i = 0; i < self->actions.count; i++) {
        const action_t *action = &self->actions.items[i];
        if (action->kind == ACTION_LOG)
            continue;
        world_print (self, "%s", *self->text ? "; " : "");
        if (action->kind == ACTION_FORWARD)
            world_print_frame (self, action->session, self->frame.data, self->frame.size);
        else if (action->kind == ACTION_SEND)
            world_print_frame (self, action->session, actions_data (&self->actions, action), action->data.size);
        else if (action->kind == ACTION_GRANT)
            world_print (self, "grant %u %c>%c", (unsigned)action->grant.grant.object.value,
                         world_label (self, action->grant.grant.giver.value),
                         world_label (self, action->grant.grant.to.value));
        else if (action->kind == ACTION_LEFT)
            world_print (self, "left %c", world_label (self, action->left.value));
        else
            world_print (self, "%s %c",
                         action->kind == ACTION_CUT     ? "cut"
                         : action->kind == ACTION_SERVE ? "serve"
                                                        : "joined",
                         world_label_of (self, action->session));
    }
}

static inline void world_step (world_t *self, const event_t *event)
{
    actions_clear (&self->actions);
    router_step (self->router, event, self->now_ns, &self->actions);
}

/* Gives what the router did about a frame from this session. */
static inline const char *world_send_frame (world_t *self, char from, const void *frame, size_t size)
{
    self->frame.size = 0;
    far_buffer_append (&self->frame, frame, size);
    world_step (self, &(event_t){ .kind = EVENT_FRAME,
                                  .session = self->sessions[from - 'a'],
                                  .frame = self->frame.data,
                                  .size = size });
    world_print_actions (self);
    return self->text;
}

static inline void append_sending (far_buffer_t *out, const sending_t *sending, bool record)
{
    far_header_t header = { .type = sending->type,
                            .flags = sending->flags,
                            .party = sending->party,
                            .request = sending->request,
                            .body_size = 1 };
    size_t start = out->size, head = record ? FAR_RECORD_SIZE : FAR_HEADER_SIZE;
    far_buffer_extend (out, head);
    for (size_t i = 0; i < 4 && sending->fields[i].tag; i++)
        far_field_append (out, &sending->fields[i]);
    header.fields_size = (uint32_t)(out->size - start - head);
    far_buffer_append (out, "\xc0", 1);
    if (record)
        far_record_write (&header, out->data + start);
    else
        far_header_write (&header, out->data + start);
}

static inline const char *world_send (world_t *self, char from, const sending_t *sending)
{
    far_buffer_t frame = { 0 };
    append_sending (&frame, sending, false);
    const char *text = world_send_frame (self, from, frame.data, frame.size);
    far_buffer_deinit (&frame);
    return text;
}

static inline const char *world_send_batch (world_t *self, char from, uint64_t party, const sending_t *sendings,
                                            size_t count)
{
    far_buffer_t frame = { 0 };
    far_buffer_extend (&frame, FAR_HEADER_SIZE);
    for (size_t i = 0; i < count; i++)
        append_sending (&frame, &sendings[i], true);
    far_header_t header = { .flags = FAR_FLAG_BATCH,
                            .party = party,
                            .body_size = (uint32_t)(frame.size - FAR_HEADER_SIZE) };
    far_header_write (&header, frame.data);
    const char *text = world_send_frame (self, from, frame.data, frame.size);
    far_buffer_deinit (&frame);
    return text;
}

static inline session_t *world_open (world_t *self, char name)
{
    return self->sessions[name - 'a'] =
               processes_open (self->router->processes, 1000u + (uint32_t)name, &(peer_t){ .uid = -1 });
}

/* HELLO with the name, or without one (NULL). */
static inline const char *world_hello (world_t *self, char who, const char *name)
{
    far_buffer_t frame = { 0 };
    far_writer_t writer;
    far_message_begin (&frame);
    far_writer_init (&writer, &frame);
    far_write_map (&writer, 2);
    far_write_string (&writer, "version", 7);
    far_write_int (&writer, 1);
    far_write_string (&writer, "name", 4);
    if (name)
        far_write_string (&writer, name, strlen (name));
    else
        far_write_nil (&writer);
    far_writer_deinit (&writer);
    far_message_finish (&frame, &(far_header_t){ .type = FAR_HELLO, .request = 1 }, NULL, 0);
    const char *text = world_send_frame (self, who, frame.data, frame.size);
    self->ids[who - 'a'] = self->sessions[who - 'a']->id;
    far_buffer_deinit (&frame);
    return text;
}

/* A process without a name. */
static inline void world_join (world_t *self, char name)
{
    world_open (self, name);
    world_hello (self, name, NULL);
    assert_int_equal (self->sessions[name - 'a']->state, SESSION_LIVE);
}

static inline const char *world_end (world_t *self, char who)
{
    session_t *session = self->sessions[who - 'a'];
    parking_clear (&self->parking, &session->parked);
    world_step (self, &(event_t){ .kind = EVENT_ENDED, .session = session });
    self->sessions[who - 'a'] = NULL;
    world_print_actions (self);
    return self->text;
}

static inline void world_park (world_t *self, char who, size_t size)
{
    static uint8_t nothing[2 * PARKED];
    assert_true (parking_copy (&self->parking, &self->sessions[who - 'a']->parked, nothing, size, self->now_ns));
}

static inline void world_deinit (world_t *self)
{
    for (char who = 'a'; who <= 'z'; who++)
        if (self->sessions[who - 'a'])
            world_end (self, who);
    assert_int_equal (self->parking.count + self->parking.bytes, 0);
    router_destroy (&self->router);
    actions_deinit (&self->actions);
    far_buffer_deinit (&self->frame);
}

/* For cmocka: processes 'a' to 'd'. */
static inline int world_set_up (void **state)
{
    world_t *world = malloc (sizeof *world);
    world_init (world);
    for (char who = 'a'; who <= 'd'; who++)
        world_join (world, who);
    *state = world;
    return 0;
}

static inline int world_tear_down (void **state)
{
    world_deinit (*state);
    free (*state);
    return 0;
}

#endif
