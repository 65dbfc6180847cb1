/* What the broker itself says: each function adds one frame to the actions. */
#ifndef BROKER_SAY_H
#define BROKER_SAY_H

#include "actions.h"
#include "wire/writer.h"

/* A frame that is being written. */
typedef struct saying {
    actions_t *actions;
    session_t *to;
    far_header_t header;
    size_t start; /* of the frame in the actions' bytes */
    far_writer_t writer;
} saying_t;

/* Begins a frame; then fields are appended to the actions' bytes; then say_body; then the body is written by writer.
 * say_end adds the action. */
void say_begin (saying_t *self, actions_t *actions, session_t *to, const far_header_t *header);
void say_body (saying_t *self);
void say_end (saying_t *self);

void say_welcome (actions_t *actions, session_t *to, uint64_t request, far_process_id_t broker, size_t parked_bytes,
                  size_t message_bytes);
void say_reset (actions_t *actions, session_t *to, const char *why);
void say_bye (actions_t *actions, session_t *to, uint64_t request);
/* A whole frame, copied. */
void say_frame (actions_t *actions, session_t *to, const uint8_t *frame, size_t size);
/* The same, of a message's parts. */
void say_message (actions_t *actions, session_t *to, const far_message_t *message);
/* In the place of party. */
void say_error (actions_t *actions, session_t *to, uint64_t party, uint64_t request, const far_error_t *error);
void say_failure (actions_t *actions, session_t *to, uint64_t party, uint64_t request, far_status_t kind,
                  const char *format, ...) FAR_PRINTF (6, 7);
/* cause NULL: not known. */
void say_down (actions_t *actions, session_t *to, far_process_id_t process, far_down_how_t how, const char *cause);
void say_grant (actions_t *actions, session_t *owner, far_object_id_t object, far_process_id_t giver,
                far_process_id_t to);
/* CREDIT: party did not get so much of what to has sent it. */
void say_undelivered (actions_t *actions, session_t *to, uint64_t party, far_amount_t amount);
/* DEL in the name of party, for the REFERENCE fields of the message that are to's own. false if there are none. */
bool say_release (actions_t *actions, session_t *to, uint64_t party, const far_message_t *message);
/* The same for one object. */
void say_release_one (actions_t *actions, session_t *to, uint64_t party, far_object_id_t object);

#endif
