/* What lists, strings and binary have in common: length, items, slices, joining and repeating. A string is a sequence of
 * its characters (code points), a binary of integers. */
#ifndef FAR_OBJECT_BUILTIN_SEQUENCE_H
#define FAR_OBJECT_BUILTIN_SEQUENCE_H

#include "object/builtin.h"

/* Items of a list, entries of a map, characters, bytes. */
size_t far_sequence_count (const far_value_t *value);

/* The place that an index means; a negative one counts from the end. TypeError, IndexError. */
far_status_t far_sequence_index (const far_value_t *sequence, const far_value_t *index, size_t *out);

/* Which items a slice [start, stop] or [start, stop, step] means, in a sequence of so many: `count` of them, from
 * `start` by `step`. Of an empty slice start is where it would be. */
typedef struct far_slice {
    size_t start, count;
    ptrdiff_t step;
} far_slice_t;

/* TypeError; ValueError for a step of 0. */
far_status_t far_slice_of (const far_value_t *key, size_t count, far_slice_t *out);

/* The bytes that a part of a text is, in characters from `from` on. */
far_bytes_t far_text_part (far_bytes_t text, size_t from, size_t count);
/* Characters in a text. */
size_t far_text_count (const char *text, size_t size);

/* Rows of the table of operators. */
far_status_t far_sequence_item (far_operator_t of, const far_value_t *sequence, const far_value_t *key,
                                far_value_t **out);
far_status_t far_sequence_contains (far_operator_t of, const far_value_t *sequence, const far_value_t *item,
                                    far_value_t **out);
far_status_t far_sequence_concat (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out);
/* One is the sequence, the other how often. Limit. */
far_status_t far_sequence_repeat (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out);

/* A list of the items: of a list, of a map its keys, characters, bytes. TypeError. */
far_status_t far_sequence_items (const far_value_t *value, far_value_t **out);

#endif
