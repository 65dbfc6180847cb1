/* Binary data as base64 (RFC 4648, with padding). */
#ifndef FAR_CLI_BASE64_H
#define FAR_CLI_BASE64_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

void base64_write (FILE *out, const void *data, size_t size_bytes);

/* Bytes that text of so many characters stands for, at most. */
#define BASE64_SIZE_MAX(text_size) ((text_size) / 4 * 3)

/* out has room for BASE64_SIZE_MAX. false if text is no base64: out may have been written then. */
bool base64_read (const char *text, size_t text_size, uint8_t *out, size_t *out_size);

#endif
