/* The last stage: how often what happened to packages of which section. It is a module of this program's own actor. */
#ifndef LOGS_TALLY_H
#define LOGS_TALLY_H

#include <farcall.h>
#include <stdio.h>

/* The module: its function add counts [section, what, KB]. */
FAR_MODULE (tally);

/* Of a program whose actor serves nothing of it any more. Writes lines "section what count KB", sorted; gives how many
 * records were counted. */
uint64_t tally_write (FILE *out);
void tally_clear (void);

#endif
