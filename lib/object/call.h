/* far_call_t: one call that a method is answering. The public part is in <farcall/object.h>. */
#ifndef FAR_OBJECT_CALL_H
#define FAR_OBJECT_CALL_H

#include "object/host.h"
#include "object/signature.h"
#include "wire/bodies.h"
#include "wire/picture.h"

/* What is to be answered: made by whoever starts the call (dispatch, far_object_new), on its stack. */
struct far_call {
    far_host_t *host;
    far_process_id_t caller;
    const atomic_bool *cancelled; /* may be NULL */
    far_resolver_t resolver;      /* of the references in the arguments */
    far_request_body_t request;   /* arguments and keywords */
    far_writer_t *answer;         /* the body of the answer, begun at answer_start of its buffer */
    size_t answer_start;
    bool answered;
    far_error_t *error; /* owned; NULL if none */
    const char *raise_file; /* static text; NULL where not known */
    int raise_line;

    /* Set when the arguments are bound to a signature. */
    const far_signature_t *signature;
    far_reader_t *bound; /* one for each parameter */
    void *taken;         /* what far_call_args gave, freed at the end */
};

#endif
