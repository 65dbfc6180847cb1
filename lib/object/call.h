/* far_call_t: one call that a method is answering. The public part is in <farcall/object.h>. */
#ifndef FAR_OBJECT_CALL_H
#define FAR_OBJECT_CALL_H

#include "base/clock.h"
#include "base/error.h"
#include "object/host.h"
#include "object/object.h"
#include "object/signature.h"
#include "wire/bodies.h"
#include "wire/picture.h"

/* Up to so many parameters, and so much text in them, a call needs no memory of its own. */
#define FAR_CALL_PARAMETERS 8
#define FAR_CALL_TEXT       192

/* What a call runs, and what errors say of it. */
typedef struct far_callee {
    const char *object; /* the class, or the module */
    const char *method;
    far_method_fn *does; /* NULL: nothing to do but to check the arguments */
    const far_signature_t *signature;
} far_callee_t;

/* How a call may be answered later than its method ends: whoever runs it says how, and what comes of it. */
typedef struct far_reply far_reply_t;
typedef struct far_deferral far_deferral_t;
struct far_deferral {
    far_reply_t *(*begin) (far_deferral_t *self, far_call_t *call); /* NULL with the last error */
    far_reply_t *reply;                                             /* NULL: it is answered as usual */
};

/* Results on their way: the host's. */
typedef struct far_yielding far_yielding_t;

/* Whether the answer to a call is still wanted. Lies where the request does. */
struct far_wanted {
    atomic_bool cancelled; /* its caller has given up, or is gone */
    far_deadline_t until;
};

bool far_wanted_still (const far_wanted_t *self);

/* An init that runs: see construct.h. */
typedef struct far_building far_building_t;

/* Made by whoever starts the call (dispatch, far_object_new), on its stack. */
struct far_call {
    far_host_t *host; /* may be NULL */
    far_process_id_t caller;
    const far_wanted_t *wanted; /* NULL: always */
    far_resolver_t resolver;    /* of the references in the arguments */
    far_request_body_t request; /* arguments and keywords */
    far_writer_t *answer;       /* the body of the answer, begun at answer_start of its buffer */
    size_t answer_start;
    bool answered;
    far_error_t *error;     /* owned; NULL if none */
    const char *raise_file; /* static text; NULL where not known */
    int raise_line;
    far_object_t *object;       /* whose method that is; borrowed, NULL for functions */
    far_building_t *building;   /* while an init runs */
    far_handle_t *report;       /* a proxy, to which results go as they come; borrowed, NULL for none */
    far_yielding_t *yielding;   /* the host's, of those that are on their way to it */
    far_value_t *gathered;      /* results of a call without a report; NULL for none */
    far_deferral_t *deferral;   /* NULL: it can't be answered later */
    const far_callee_t *callee; /* what ran last; borrowed, valid as long as its object; NULL if nothing has run */
    far_callee_t inner_callee;  /* room for one that ran inside the call */

    /* While something runs: its arguments. */
    const far_signature_t *signature;
    far_reader_t *bound; /* one for each parameter */
    void **taken;        /* for each: a text, handle or value that far_call_args made of it; NULL if none */
    size_t text_used;
    far_reader_t bound_inline[FAR_CALL_PARAMETERS];
    void *taken_inline[FAR_CALL_PARAMETERS];
    char text[FAR_CALL_TEXT];
};

/* Fills in all but the request, the resolver, and who cancels. The answer begins where out ends now. */
void far_call_init (far_call_t *self, far_host_t *host, far_process_id_t caller, far_writer_t *out);
void far_call_deinit (far_call_t *self);

/* Binds the arguments, and runs the callee. On failure the call has the error. */
far_status_t far_call_run (far_call_t *self, const far_callee_t *callee, void *data);
/* The error that a call which ended with status is to be answered with, yours; NULL if it is none. It is the call's own
 * if it has one, else the thread's last. */
far_error_t *far_call_settle (far_call_t *self, far_status_t status);

/* Drops what was answered so far, an error too, and gives the writer for another answer. */
far_writer_t *far_call_answer (far_call_t *self);
/* After writing the answer: FAR_OK, or why it could not be written. */
far_status_t far_call_answered (far_call_t *self);
far_status_t far_call_answer_value (far_call_t *self, const far_value_t *value);
far_status_t far_call_answer_object (far_call_t *self, far_object_t *object);
/* The answer as a value; NULL with the last error. */
far_value_t *far_call_answer_read (const far_call_t *self);

/* Makes the thread's last error the call's own, and gives its kind. */
far_status_t far_call_keep_failure (far_call_t *self);
/* Gives back what far_call_args made. */
void far_call_unbind (far_call_t *self);

#endif
