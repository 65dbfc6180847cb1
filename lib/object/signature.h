/* Signatures: "amount:l=1, text:s -> l", parsed once, checked against what is sent before a method runs. */
#ifndef FAR_OBJECT_SIGNATURE_H
#define FAR_OBJECT_SIGNATURE_H

#include "wire/bodies.h"

typedef struct far_parameter {
    char *name;
    char *shape;       /* "l", "[s]", "{sv}" */
    uint8_t *fallback; /* the default, as MessagePack; NULL: there must be an argument */
    size_t fallback_size;
    bool takes_nil;
} far_parameter_t;

typedef struct far_signature {
    far_parameter_t *parameters;
    size_t count;
    char *result; /* "n" where nothing is said */
} far_signature_t;

/* text NULL is "". NULL with BadArguments that says where it can't be read. */
far_signature_t *far_signature_new (const char *text);
void far_signature_destroy (far_signature_t **self_p);

/* Binds arguments to parameters: bound[i] (of self->count) is a reader at the value of parameter i. BadArguments names
 * the parameter, what was expected and what came. name is the method's, for the message. */
far_status_t far_signature_bind (const far_signature_t *self, const char *name, const far_request_body_t *request,
                                 far_reader_t *bound);

#endif
