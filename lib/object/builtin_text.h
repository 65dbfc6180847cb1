/* Methods of strings and binary. Both have the same ones: on characters, which are code points of a string and bytes of a
 * binary. Each is a pure function; a method is made of it by far_text_run. */
#ifndef FAR_OBJECT_BUILTIN_TEXT_H
#define FAR_OBJECT_BUILTIN_TEXT_H

#include "object/builtin.h"
#include "object/call.h"
#include "base/buffer.h"

/* self is a string or binary; arguments are values, as many as the signature has, never NULL. */
typedef far_status_t far_text_fn (const far_value_t *self, far_value_t *const *arguments, far_value_t **out);

/* Reads the arguments of a call, runs a function on the value of self (a hosted one), and answers. */
far_status_t far_text_run (far_call_t *call, void *self, far_text_fn *does);

#define FAR_TEXT_METHOD(name) \
    far_status_t far_text_##name (far_call_t *call, void *self) \
    { \
        return far_text_run (call, self, text_##name); \
    }

/* The text of an argument that has to be of self's type. TypeError. */
far_status_t far_text_argument (const far_value_t *self, const far_value_t *argument, far_bytes_t *out);
/* A value of self's type. Consumes the buffer. Limit, NoMemory. */
far_status_t far_text_finish (const far_value_t *self, far_buffer_t *text, far_value_t **out);
/* A value of self's type that is a part of it. */
far_value_t *far_text_slice (const far_value_t *self, const char *from, const char *to);
/* The character at `at`, and its bytes. */
size_t far_text_code (const far_value_t *self, const char *at, const char *end, uint32_t *out);
/* The part of a text without the blanks at its ends. */
far_bytes_t far_text_trim (const far_value_t *self);

/* Looks for a part from the end of a text to its beginning, one by one, in time that is no more than the text is long:
 * both are written backwards, and what is last is first. The part is not empty. */
typedef struct far_backwards {
    const char *begin; /* of the text, as it was given */
    char *text, *part; /* backwards, in one block */
    size_t left, part_size;
} far_backwards_t;

/* NoMemory. */
far_status_t far_backwards_init (far_backwards_t *self, const char *from, const char *to, far_bytes_t part);
void far_backwards_deinit (far_backwards_t *self);
/* Where the part is last before what was found before; NULL: nowhere. */
const char *far_backwards_next (far_backwards_t *self);

/* Blanks: of a string as Unicode has them, of a binary as ASCII has them. */
bool far_text_is_space (const far_value_t *self, uint32_t code);

far_method_fn far_text_upper, far_text_lower, far_text_capitalize, far_text_title, far_text_swapcase, far_text_isalpha,
    far_text_isdigit, far_text_isalnum, far_text_isspace, far_text_isupper, far_text_islower;
far_method_fn far_text_strip, far_text_lstrip, far_text_rstrip, far_text_split, far_text_rsplit, far_text_splitlines,
    far_text_partition, far_text_rpartition, far_text_join;
far_method_fn far_text_find, far_text_rfind, far_text_index, far_text_rindex, far_text_occurrences, far_text_startswith,
    far_text_endswith, far_text_removeprefix, far_text_removesuffix, far_text_replace;
far_method_fn far_text_encode, far_text_decode, far_text_hex;
far_method_fn far_text_ljust, far_text_rjust, far_text_center, far_text_zfill;

#endif
