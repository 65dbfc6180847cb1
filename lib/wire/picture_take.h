/* What a picture takes: one variable, and the value that goes into it. */
#ifndef FAR_WIRE_PICTURE_TAKE_H
#define FAR_WIRE_PICTURE_TAKE_H

#include "wire/value.h"

typedef struct far_take {
    char letter;
    size_t position; /* in the picture */
    void *variable;
    far_item_t item;    /* fits the letter */
    far_reader_t value; /* of `v`: where it begins */
    union {
        char *text; /* s, y */
        far_handle_t *handle;
        far_value_t *tree;
    } made;
} far_take_t;

/* Makes what the variables will own, and then stores all. On failure nothing is stored, and nothing is left. */
far_status_t far_takes_carry_out (far_take_t *takes, size_t count, const far_resolver_t *resolver);

#endif
