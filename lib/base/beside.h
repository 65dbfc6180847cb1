/* Finding the programs of this project: beside the library or the program that runs, else in PATH. */
#ifndef FAR_BASE_BESIDE_H
#define FAR_BASE_BESIDE_H

#include <stddef.h>

/* Writes the path of a program ("far-broker") to out: what the environment's variable (may be NULL) says; else one that
 * lies where an installation or a build has it; else the name alone, for PATH. */
void far_program_beside (const char *name, const char *variable, char *out, size_t out_size);

#endif
