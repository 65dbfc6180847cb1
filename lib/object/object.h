/* The object interface: the one room that classes, functions, modules, built-in values and whatever comes later live
 * in. Everything else of this layer reaches objects through it. */
#ifndef FAR_OBJECT_OBJECT_H
#define FAR_OBJECT_OBJECT_H

#include "base/handle.h"
#include "base/option.h"
#include "base/operator.h"
#include "wire/value.h"
#include <farcall/object.h>

typedef struct far_object_ops {
    /* For people, and for what a reference to it says. Borrowed. */
    const char *(*class_name) (const far_object_t *self);
    /* An attribute, as a value (which may be a reference). call is on whose behalf it is asked for, and is left as it is
     * but for its error; NULL: nothing may run here. NULL: it has none. NoSuchAttribute, or what a getter failed with. */
    far_status_t (*getattr) (far_object_t *self, far_text_t name, far_call_t *call, far_value_t **out);
    /* Sets an attribute to the value at the reader's place, whose references the call resolves; takes one away.
     * NULL: it has none that could be. NoSuchAttribute, BadArguments, or what a setter failed with. */
    far_status_t (*setattr) (far_object_t *self, far_text_t name, far_reader_t value, far_call_t *call);
    far_status_t (*delattr) (far_object_t *self, far_text_t name, far_call_t *call);
    /* Calls a method; name "" calls the object itself. Answers through the call. NULL: it has none. NoSuchAttribute,
     * BadArguments, or what the method failed with. Never asked for the reserved name of an operator. */
    far_status_t (*call) (far_object_t *self, far_text_t name, far_call_t *call);
    /* Which operators the object has of its own, and one of them: its arguments are those of the call. What it leaves to
     * others is in operators.h. NULL: it has none. Never asked for FAR_INVOKE, which is call with the name "". */
    bool (*has_operator) (const far_object_t *self, far_operator_t of);
    far_status_t (*operate) (far_object_t *self, far_operator_t of, far_call_t *call);
    /* Answers with the object by value. NULL: NotSerializable. */
    far_status_t (*value) (far_object_t *self, far_call_t *call);
    /* The value form exists only if this says so. NULL: it exists if value does. */
    bool (*has_value) (const far_object_t *self);
    /* Frees the object and what it owns: nobody refers to it any more. */
    void (*release) (far_object_t *self);
} far_object_ops_t;

/* The first member of every kind of object. */
struct far_object {
    far_handle_t handle;
    const far_object_ops_t *ops;
    _Atomic (far_options_t *) options; /* that its references carry; NULL for none. Owned */
};

extern const far_handle_kind_t far_object_handle_kind;

/* One owner: the caller. */
void far_object_init (far_object_t *self, const far_object_ops_t *ops);
/* NULL unless the handle is an object. Borrowed. */
far_object_t *far_object_from_handle (far_handle_t *handle);

/* The operations of any object; what it has no operation for is the error that the operation would have given. */
const char *far_object_class_name (const far_object_t *self);
far_status_t far_object_getattr (far_object_t *self, far_text_t name, far_call_t *call, far_value_t **out);
far_status_t far_object_setattr (far_object_t *self, far_text_t name, far_reader_t value, far_call_t *call);
far_status_t far_object_delattr (far_object_t *self, far_text_t name, far_call_t *call);
/* A method; or an operator, by its reserved name. */
far_status_t far_object_call (far_object_t *self, far_text_t name, far_call_t *call);
bool far_object_has_value (const far_object_t *self);
far_status_t far_object_value (far_object_t *self, far_call_t *call);

/* NoSuchAttribute that names it; or, for name "", BadArguments: it can't be called. */
far_status_t far_object_lacks (const far_object_t *self, far_text_t name);
/* A value that is this object; NULL without memory. Takes an owner of its own. */
far_value_t *far_object_as_value (far_object_t *self);

#endif
