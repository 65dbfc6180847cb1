/* Values: whatever can travel between processes. And pictures, which put C variables into values and back.
 *
 * A picture has one letter for each value, in order; blanks and commas are passed over:
 *
 *     letter  to give                     to take (a pointer to)      the value
 *     n       (nothing)                   (nothing)                   nil; taking accepts and drops any value
 *     b       int                         bool                        bool
 *     i       int                         int                         integer, range checked
 *     l       int64_t                     int64_t                     integer, range checked
 *     u       uint64_t                    uint64_t                    integer, range checked
 *     f       double                      double                      float; an integer is widened
 *     s       const char *, UTF-8         char *, yours to free       string
 *     y       const far_bytes_t *         far_bytes_t, yours to free  binary
 *     t       const struct timespec *     struct timespec             timestamp
 *     P       far_proxy_t *, borrowed     far_proxy_t *, yours        a reference; taken: also one to an object of our
 *                                                                     own, which is then called by way of the broker
 *     O       far_object_t *, borrowed    far_object_t *, yours       a local object; taken: one that came home
 *     v       const far_value_t *         far_value_t *, yours        anything
 *     [ ... ] what is inside, in turn     the same; count must match  list
 *     { ... } keys and values in turn     the same; string keys are   map
 *                                         looked up, see below
 *
 * NULL for s, y, t, P, O or v gives nil. Taking a map: each key letter must be `s` and takes a const char *, the name
 * to look up, not a pointer to one; a key that is not there is an error; other keys are passed over.
 *
 * In a call the arguments come first, then `>`, then what the results are taken into: "i>l". An argument may carry a
 * keyword: "s width:i height:i > y".
 */
#ifndef FARCALL_VALUE_H
#define FARCALL_VALUE_H

#include <farcall/base.h>
#include <stdarg.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct far_proxy far_proxy_t;
typedef struct far_object far_object_t;

typedef enum far_type {
    FAR_TYPE_NIL,
    FAR_TYPE_BOOL,
    FAR_TYPE_INT,  /* fits int64_t */
    FAR_TYPE_UINT, /* greater than INT64_MAX */
    FAR_TYPE_FLOAT,
    FAR_TYPE_STRING,
    FAR_TYPE_BINARY,
    FAR_TYPE_LIST,
    FAR_TYPE_MAP,
    FAR_TYPE_TIME,
    FAR_TYPE_REFERENCE
} far_type_t;

/* "nil", "bool", "int", ... Static text. */
FAR_EXPORT const char *far_type_name (far_type_t type);

/* A value that holds what is inside it: a tree. Reading from several threads is fine; building is one thread's. */
typedef struct far_value far_value_t;

/* Builds a value from a picture of exactly one value: far_value_new ("[is]", 1, "one"). NULL with BadArguments (a
 * picture that can't be read), NotSerializable (text that is not UTF-8) or NoMemory. */
FAR_EXPORT far_value_t *far_value_new (const char *picture, ...);
FAR_EXPORT far_value_t *far_value_list (void);
FAR_EXPORT far_value_t *far_value_map (void);
/* A string that is not NUL-terminated; it is copied. NotSerializable unless it is UTF-8. */
FAR_EXPORT far_value_t *far_value_string (const char *text, size_t size_bytes);
/* One more owner of the same value, which must not be changed any more. NULL gives NULL. */
FAR_EXPORT far_value_t *far_value_retain (const far_value_t *value);
FAR_EXPORT void far_value_destroy (far_value_t **value_p);

/* Add to a list or a map. Each consumes the item (and key), also on failure. BadArguments if list is not a list (map
 * not a map), or if an item is NULL: so a chain of constructors needs one check, here. */
FAR_EXPORT far_status_t far_value_append (far_value_t *list, far_value_t **item_p);
FAR_EXPORT far_status_t far_value_put (far_value_t *map, far_value_t **key_p, far_value_t **item_p);
/* The same for a key that is a string, and an item built from a picture: far_value_set (map, "pid", "i", pid). */
FAR_EXPORT far_status_t far_value_set (far_value_t *map, const char *key, const char *picture, ...);

/* Looking at a value: NULL counts as nil, so that far_value_item and far_value_lookup can be asked one inside the other. */
FAR_EXPORT far_type_t far_value_type (const far_value_t *value);
/* Takes a value apart by a picture of exactly one value. BadArguments says what was expected and what was found. */
FAR_EXPORT far_status_t far_value_get (const far_value_t *value, const char *picture, ...);

/* Entries of a list or a map; 0 for anything else. */
FAR_EXPORT size_t far_value_count (const far_value_t *value);
/* Item of a list, or of a map's entry; NULL past the end. Borrowed. */
FAR_EXPORT const far_value_t *far_value_item (const far_value_t *value, size_t index);
/* Key of a map's entry; NULL past the end. Borrowed. */
FAR_EXPORT const far_value_t *far_value_key (const far_value_t *map, size_t index);
/* The item whose key is this string; NULL where there is none, or map is not a map. Borrowed. */
FAR_EXPORT const far_value_t *far_value_lookup (const far_value_t *map, const char *key);

/* The bytes of a string or binary, borrowed, with a NUL behind them that size does not count. {"", 0} for others. */
FAR_EXPORT far_bytes_t far_value_bytes (const far_value_t *value);
FAR_EXPORT bool far_value_bool (const far_value_t *value);     /* false for others */
FAR_EXPORT int64_t far_value_int (const far_value_t *value);   /* 0 for others */
FAR_EXPORT uint64_t far_value_uint (const far_value_t *value); /* also of an int that is not negative */
FAR_EXPORT double far_value_float (const far_value_t *value);  /* also of an int */
FAR_EXPORT struct timespec far_value_time (const far_value_t *value);

/* The same value all through? An int and a float are never equal, nor are maps with their entries in another order. */
FAR_EXPORT bool far_value_equals (const far_value_t *a, const far_value_t *b);

#ifdef __cplusplus
}
#endif

#endif
