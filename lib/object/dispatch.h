/* Stop four of a call: a request that has come in is run, and its answer written. Knows nothing of sockets and sides. */
#ifndef FAR_OBJECT_DISPATCH_H
#define FAR_OBJECT_DISPATCH_H

#include "object/call.h"
#include "object/pins.h"
#include "object/registry.h"
#include "wire/message.h"
#include "wire/writer.h"

/* A request as it came in; everything is borrowed for the time of the call. */
typedef struct far_incoming {
    far_message_t message; /* one of the requests but CLOSE */
    far_process_id_t source;
    far_handle_t **references; /* what the REFERENCE fields stand for, in order; NULL where it could not be found. Of
                                * our own object ID 0: far_registry_root */
    size_t reference_count;
    far_object_t *object;       /* the target, where the root is an object; NULL if the sender does not hold it */
    far_pins_t pins;            /* of the answers that it refers to; all are there */
    const far_wanted_t *wanted; /* may be NULL */
    far_deferral_t *deferral;   /* of a CALL; NULL: it is answered at once */
    /* What a body says of a proxy, its path followed: one owner, or NULL with the thread's last error. NULL: paths into
     * other processes are refused, and the rest is of no interest. */
    far_handle_t *(*take_proxy) (far_handle_t *proxy, const far_reference_t *reference);
} far_incoming_t;

/* The root of a request's target, read before it is run: so that its owner can look the object up, and pin it, in the
 * order in which messages arrive. Only the front of the body is read. false if the root is no object, or can't be read
 * (dispatch will say). Object ID 0 is no root. */
bool far_dispatch_target (const far_message_t *message, far_object_id_t *out_id);

/* Runs the request and writes the answer's body. Gives FAR_RESULT or FAR_ERROR. An error has got this process's hop.
 * out has been begun with far_message_begin; whatever was written is replaced on error. *out_error (may be NULL) gets
 * one owner of the error, NULL if there was none. What has been put off is not to be answered with what is written. */
far_message_type_t far_dispatch (far_registry_t *registry, far_host_t *host, const far_incoming_t *incoming,
                                 far_writer_t *out, far_error_t **out_error);

#endif
