/* Text of other processes, made safe for a terminal; and how wide it stands there. */
#ifndef FAR_CLI_TEXT_H
#define FAR_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes UTF-8. Whatever could drive a terminal or turn text around is written as JSON escapes it: \n, \u001b. quoted
 * escapes " and \ as well: what stands between the quotes of JSON. */
void text_write (FILE *out, const char *text, size_t size_bytes, bool quoted);

/* Columns that safe text takes. */
size_t text_width (const char *text);

#endif
