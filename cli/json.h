/* Values as JSON, in both directions and without loss. What JSON has no form for is an object of one entry:
 *
 *     {"$binary": "base64"}                     {"$time": "2026-01-01T00:00:00.123Z"}
 *     {"$uint": "18446744073709551615"}         greater than what is safe: more than 63 bits
 *     {"$float": "nan"}                         also "inf" and "-inf"
 *     {"$map": [[1, "one"], ["$key", 2]]}       keys that are no strings, or begin with $
 *     {"$proxy": "<Counter 7 of process ...>"}  a reference: written, never read */
#ifndef FAR_CLI_JSON_H
#define FAR_CLI_JSON_H

#include <farcall.h>
#include <stdio.h>

typedef enum json_style { JSON_ONE_LINE, JSON_INDENTED } json_style_t;

/* Writes without a newline at the end. What could drive a terminal is escaped. */
void json_write (FILE *out, const far_value_t *value, json_style_t style);

/* The JSON text `"..."` of a string. */
void json_write_string (FILE *out, const char *text, size_t size_bytes);

/* Reads a word of the command line: JSON, or, if it is not JSON and does not look like it, the word as a string. NULL
 * with what is wrong in problem. */
far_value_t *json_read_word (const char *word, char *problem, size_t problem_size);

#endif
