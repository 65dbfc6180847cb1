/* Classes: const tables that say what the objects of a program are, checked when they are first used.
 *
 * A signature names what a method takes and gives, with the letters of farcall/value.h:
 *
 *     "amount:l=1, text:s -> l"       parameters by name, with defaults; then the result (`-> n` may be left out)
 *     "sizes:[i], options:{sv} -> v"  `[x]` is a list of any length of x, `{xy}` a map from x to y
 *
 * What is sent is checked against the signature before the method runs: a wrong call never reaches it. The result's part
 * is not checked: it is what `far ls` shows. A parameter whose default is nil (`text:s=nil`) accepts nil; it can be s, y,
 * P, O, v, a list or a map. Defaults are nil, true, false, integers, floats and 'text'.
 *
 * Every table ends with { 0 }. Only what a class has need be written:
 *
 *     static const far_property_t counter_properties[] = {
 *         { "total", "l", "The sum so far.", FAR_FIELD_READ_ONLY (counter_t, total) },
 *         { "step", "l", "What `add` adds.", FAR_FIELD (counter_t, step) },
 *         { "label", "s", "What it counts.", .get = counter_label, .set = counter_set_label },
 *         { 0 },
 *     };
 *     static const far_operation_t counter_operators[] = {
 *         { FAR_ADD, counter_plus, "other:l -> l", "The total and other." },
 *         { 0 },
 *     };
 *     static const far_class_t counter_class = {
 *         .name = "Counter", .size = sizeof (counter_t), .properties = counter_properties, .operators = counter_operators,
 *     };
 */
#ifndef FARCALL_CLASS_H
#define FARCALL_CLASS_H

#include <farcall/operator.h>
#include <farcall/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One call that a method is answering. Valid until the method returns; used by the method's thread only. */
typedef struct far_call far_call_t;

/* What a method is: self is the object's data (of .size bytes), the context of a function, or the data of a module.
 * FAR_OK answers with what far_call_return was given (nil if it was not called); anything else is an error: the one of
 * far_call_fail, or else the thread's last error, which so travels on with its chain of hops. A far_call_ function that
 * failed, and was not followed by a far_call_return, makes the call fail whatever the method gives. */
typedef far_status_t far_method_fn (far_call_t *call, void *self);

typedef struct far_method {
    const char *name;
    far_method_fn *does;
    const char *signature; /* NULL takes and gives nothing */
    const char *doc;       /* one line; shown by `far ls` */
} far_method_t;

/* Where a property lies in the data, for one that is a plain field. */
typedef struct far_place {
    size_t offset, size; /* size 0: it is no field */
    bool read_only;
} far_place_t;

#define FAR_FIELD(type, member)           .field = { offsetof (type, member), sizeof (((type *)0)->member), false }
#define FAR_FIELD_READ_ONLY(type, member) .field = { offsetof (type, member), sizeof (((type *)0)->member), true }

/* An attribute that is read, and perhaps set and deleted. A field is of a C type: b bool, i int, l int64_t, u uint64_t,
 * f double, t struct timespec, s char *, which belongs to the data: setting frees it and puts a malloc'd copy in its
 * place, and fini frees the last; NULL is nil. Fields are read and set by any thread of a pool, under a lock of the
 * library's: where methods use a field that can be set, on a pool, it needs get and set with a lock of the program's. */
typedef struct far_property {
    const char *name;
    const char *type; /* what stands behind a parameter's `:`, as "l", "[s]"; "s=nil" may be nil too */
    const char *doc;
    far_method_fn *get; /* answers with the value (far_call_return); NULL: the field */
    far_method_fn *set; /* takes the new value, which has been checked, by far_call_args. NULL: the field, if it is one
                         * that may be set; else it is read only */
    far_method_fn *del; /* NULL: it can't be deleted */
    far_place_t field;
} far_property_t;

/* An operator. The signature must fit what it is given (docs/protocol.md, "Operators"): one operand for a binary one,
 * none for FAR_LEN, and so on. An in-place one that gives no answer has changed the object: the answer is the object.
 * FAR_ITER may give a list or a map, whose items (keys) are then gone over, or an object with FAR_NEXT. FAR_NEXT gives
 * one item ("-> v"), or, if it takes a number ("most:u -> [v]"), up to so many in a list; at the end it fails with
 * "StopIteration", or gives an empty list. */
typedef struct far_operation {
    far_operator_t of;
    far_method_fn *does;
    const char *signature;
    const char *doc;
} far_operation_t;

typedef struct far_constant {
    const char *name;
    const char *value; /* written as a default is: "1000", "'text'" */
    const char *doc;
} far_constant_t;

/* A table-driven class. Lives as long as any actor that offers it; usually static const.
 *
 * With a base, the data begins with the base's data, as its first member; all that the base has is there, unless the
 * class has something of the same name. init, init_takes and value are the base's where the class has none. */
typedef struct far_class {
    const char *name;
    const char *doc;
    size_t size;                 /* bytes of one object's data; zeroed before init */
    far_method_fn *init;         /* NULL: the base's, or nothing to do */
    const char *init_takes;      /* parameters of init; NULL for none */
    void (*fini) (void *self);   /* frees what the data owns, not the data, and then the base's does; may be NULL */
    const far_method_t *methods; /* like all tables NULL for none */
    far_method_fn *value;        /* gives the object by value (far_call_return); NULL: it has no value form */
    const far_property_t *properties;
    const far_operation_t *operators;
    const far_constant_t *constants; /* of the class, and of each object */
    const struct far_class *base;
} far_class_t;

/* In init of a class that has a base: runs the base's init with these arguments (a picture; NULL or "" for none). Once,
 * and before the base's part is used: without it that part stays zeroed. If init fails afterwards, the base's fini runs.
 * Fails with what the base's init failed with, and then the call fails. */
FAR_EXPORT far_status_t far_call_init_base (far_call_t *call, const char *picture, ...);

#ifdef __cplusplus
}
#endif

#endif
