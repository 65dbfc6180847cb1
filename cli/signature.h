/* Signatures as people read them. */
#ifndef FAR_CLI_SIGNATURE_H
#define FAR_CLI_SIGNATURE_H

#include <stdio.h>

/* Writes "amount:l=1, text:s -> l" as "(amount: int = 1, text: string) -> int". What can't be read is written as it
 * is: a peer may send anything. */
void signature_write (FILE *out, const char *signature);

/* Writes what stands behind a parameter's `:`, "[s]" or "s=nil", as "[string]" or "string or nil". */
void signature_write_type (FILE *out, const char *type);

#endif
