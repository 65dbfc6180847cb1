/* What a far_value_t is inside: for the files value*.c only. */
#ifndef FAR_WIRE_VALUE_TREE_H
#define FAR_WIRE_VALUE_TREE_H

#include "wire/value.h"

#include <stdatomic.h>

struct far_value {
    atomic_size_t owners;
    far_type_t type;
    unsigned height; /* lists and maps inside one another, itself included: 0 for a scalar, FAR_LIMIT_DEPTH at most */
    union {
        bool boolean;
        int64_t integer;
        uint64_t natural;
        double real;
        struct timespec time;
        far_handle_t *handle;
        size_t size; /* string, binary: of the text behind the struct */
        struct {
            far_value_t **items; /* of a map: key, item, key, item, ... */
            size_t count, capacity;
        };
    };
    char text[]; /* with a NUL behind it */
};

/* Room for so many pointers in a list or map; false with NoMemory. */
bool far_value_reserve (far_value_t *self, size_t capacity);

#endif
