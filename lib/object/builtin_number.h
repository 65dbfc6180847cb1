/* Numbers of plain values: bool, int (64 bits, signed or unsigned) and float, as far as arithmetic needs them. */
#ifndef FAR_OBJECT_BUILTIN_NUMBER_H
#define FAR_OBJECT_BUILTIN_NUMBER_H

#include "object/builtin.h"

/* Wide enough for both kinds of integers, their sums and products. */
__extension__ typedef __int128 far_wide_t;
__extension__ typedef unsigned __int128 far_natural_t;

typedef struct far_number {
    bool is_real;
    far_wide_t whole;
    double real;
} far_number_t;

/* false: it is none. */
bool far_number_of (const far_value_t *value, far_number_t *out);
/* OverflowError outside of what an integer can be: -2^63 to 2^64 - 1. */
far_status_t far_whole_value (far_wide_t whole, far_value_t **out);
/* OverflowError, or ValueError for what is no number. */
far_status_t far_whole_from_real (double real, far_value_t **out);
/* Exact, also between an integer and a float: below 0, 0, above 0; false where one is not a number. */
bool far_number_compare (const far_number_t *a, const far_number_t *b, int *out);

/* The operator, of two integers. ZeroDivisionError, ValueError, OverflowError. */
far_status_t far_whole_operate (far_operator_t of, far_wide_t a, far_wide_t b, far_value_t **out);
/* The operator, of two floats. */
far_status_t far_real_operate (far_operator_t of, double a, double b, far_value_t **out);

/* Rows of the table of operators. */
far_status_t far_number_binary (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out);
far_status_t far_number_unary (far_operator_t of, const far_value_t *value, far_value_t **out);
/* int() and float(), also of texts. */
far_status_t far_number_convert (far_operator_t of, const far_value_t *value, far_value_t **out);

/* The shortest text that reads as the same float, as Python writes it; size of text: FAR_REAL_TEXT. */
#define FAR_REAL_TEXT 32
void far_real_text (double value, char *text);

#endif
