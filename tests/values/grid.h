/* Reads tests/values/operators.txt: what Python says of its operators and methods on plain values. */
#ifndef FAR_TESTS_GRID_H
#define FAR_TESTS_GRID_H

#include "wire/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct grid_case {
    int line;
    char name[32], error_class[32]; /* "" where there is a result */
    far_value_t *self, *arguments;  /* a list */
    far_value_t *result;            /* NULL where there is an error */
    far_value_t *after;             /* what self has become */
} grid_case_t;

static inline void grid_case_deinit (grid_case_t *self)
{
    far_value_destroy (&self->self);
    far_value_destroy (&self->arguments);
    far_value_destroy (&self->result);
    far_value_destroy (&self->after);
}

/* A value from MessagePack in hex; NULL if it is none. */
static inline far_value_t *grid_value (const char *hex)
{
    size_t size = strlen (hex) / 2;
    uint8_t *bytes = malloc (size + 1);
    for (size_t i = 0; i < size; i++) {
        unsigned byte = 0;
        sscanf (hex + 2 * i, "%2x", &byte);
        bytes[i] = (uint8_t)byte;
    }
    const char *why;
    far_reader_t in = { bytes, bytes + size };
    far_value_t *value = far_scan (bytes, size, &why) ? far_value_read (&in, NULL) : NULL;
    free (bytes);
    return value;
}

/* The next case of the file; false at its end. What can't be read ends the program. */
static inline bool grid_next (FILE *file, int *line, grid_case_t *out)
{
    static char text[65536];
    if (!fgets (text, sizeof text, file))
        return false;
    *out = (grid_case_t){ .line = ++*line, .arguments = far_value_list () };
    char *rest = text, *word = strtok_r (text, " \n", &rest), *sign = NULL;
    snprintf (out->name, sizeof out->name, "%s", word);
    while ((word = strtok_r (NULL, " \n", &rest))) {
        if (strchr ("=!~", *word)) {
            sign = word;
            continue;
        }
        if (sign && *sign == '!' && !*out->error_class) {
            snprintf (out->error_class, sizeof out->error_class, "%s", word);
            continue;
        }
        far_value_t *value = grid_value (word);
        far_value_t **place = !sign ? &out->self : *sign == '=' ? &out->result : &out->after;
        bool fine = value;
        if (!sign && out->self)
            fine = value && !far_value_append (out->arguments, &value);
        else
            *place = value;
        if (!fine) {
            fprintf (stderr, "operators.txt:%d can't be read\n", *line);
            abort ();
        }
    }
    if (!out->after)
        out->after = far_value_retain (out->self);
    return true;
}

/* The same, types and signs of zero included; NaN is NaN. */
static inline bool grid_same (const far_value_t *got, const far_value_t *expected)
{
    if (far_value_type (got) != far_value_type (expected) || far_value_count (got) != far_value_count (expected))
        return false;
    double a = far_value_float (got), b = far_value_float (expected);
    if (far_value_type (got) == FAR_TYPE_FLOAT)
        return isnan (b) ? isnan (a) : a == b && signbit (a) == signbit (b);
    if (far_value_type (got) != FAR_TYPE_LIST && far_value_type (got) != FAR_TYPE_MAP)
        return far_value_equals (got, expected);
    for (size_t i = 0; i < far_value_count (got); i++)
        if (!grid_same (far_value_item (got, i), far_value_item (expected, i)) ||
            (far_value_type (got) == FAR_TYPE_MAP && !grid_same (far_value_key (got, i), far_value_key (expected, i))))
            return false;
    return true;
}

#endif
