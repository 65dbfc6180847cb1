/* What residents say: to processes, and to the owners of what their messages refer to. Only for residents. */
#ifndef BROKER_RESIDENT_SAY_H
#define BROKER_RESIDENT_SAY_H

#include "resident.h"

/* One message in the resident's name: small ones without references wait to be packed. */
void resident_send (residents_t *all, resident_t *self, session_t *to, const far_message_t *message);
/* CANCEL of what it asked under this request ID. */
void resident_send_cancel (residents_t *all, resident_t *self, session_t *to, uint64_t request);
/* It lets go of what a message that it got refers to. */
void resident_release (residents_t *all, resident_t *self, const far_message_t *message);
/* Ends a request with an error: answered, or, where no answer is wanted, logged. */
void resident_fail (residents_t *all, resident_t *self, session_t *caller, uint64_t request, far_status_t kind,
                    const char *format, ...) FAR_PRINTF (6, 7);
void resident_log (residents_t *all, resident_t *self, const char *format, ...) FAR_PRINTF (3, 4);
/* What a message says that is sent on: how long the sender still waits. */
uint32_t resident_time_left_ms (far_deadline_t deadline, int64_t now_ns);

#endif
