/* A request's body with the answers of earlier requests put in the place of the exts that speak of them, so that nothing
 * behind this knows of them. */
#ifndef FAR_OBJECT_EXPAND_H
#define FAR_OBJECT_EXPAND_H

#include "object/call.h"
#include "object/dispatch.h"

typedef struct far_expansion {
    far_buffer_t body;
    far_writer_t writer; /* its references: those of the message, and behind them those of the answers, whose paths have
                          * been followed already */
} far_expansion_t;

/* All exts of type 3 but the root. call is on whose behalf paths are followed. Stale: an answer that is not kept;
 * NoSuchAttribute and others of the paths. far_expansion_deinit also on failure. */
far_status_t far_expand (far_expansion_t *self, const far_incoming_t *incoming, bool has_root, far_call_t *call);
/* Accepts an all-zero one. */
void far_expansion_deinit (far_expansion_t *self);

#endif
