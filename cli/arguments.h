/* The arguments of a call as words of the command line. */
#ifndef FAR_CLI_ARGUMENTS_H
#define FAR_CLI_ARGUMENTS_H

#include "cli.h"

/* Calls a function of a process with the words from first on (JSON, and KEY=JSON), and prints what it gives. Says on stderr
 * what went wrong. */
cli_exit_t cli_call_words (cli_t *cli, const char *process, const char *path, int first);

/* What help says of ARGUMENT and KEY=ARGUMENT, in lines. */
#define CLI_ARGUMENTS_HELP \
    "Each ARGUMENT is JSON. One that is not is taken as a string, unless it begins with { [ or \": text needs no\n" \
    "quotes, but 42, true and null do where they are meant as text: '\"42\"'. With KEY= in front, KEY a name of\n" \
    "letters, digits and _, it goes to the parameter of that name. Write -- before words that begin with - and\n" \
    "are no numbers.\n"

#endif
