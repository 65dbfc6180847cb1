/* What is imported from a fleet is a name, and no object of the worker that answered: any worker will do. */
#ifndef BROKER_FLEET_IMPORT_H
#define BROKER_FLEET_IMPORT_H

#include "wire/message.h"

/* Puts together the answer to an IMPORT, from the request and a worker's RESULT to it: a message whose references to
 * what was asked for are the fleet's, by their paths. Its fields and body are in out, which is the caller's. false where
 * there is nothing to change. */
bool import_rewrite (const far_message_t *request, const far_message_t *answer, far_process_id_t fleet,
                     far_buffer_t *out, far_message_t *out_answer);

#endif
