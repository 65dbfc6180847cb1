/* The options of `far`, in one table: parsing and help read the same rows. */
#ifndef FAR_CLI_OPTIONS_H
#define FAR_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

typedef struct cli_options {
    const char *broker; /* NULL: the user's default one */
    int timeout_ms;     /* for an answer; FAR_FOREVER */
    int wait_ms;        /* for the broker and the process to appear; FAR_FOREVER */
    int interval_ms;
    int count;
    int watch_ms; /* 0: once */
    bool at_once; /* without waiting until it is done */
    bool json;
    bool help;
    bool version;
} cli_options_t;

typedef struct cli_words {
    char **words; /* of what is parsed: the first is the verb */
    int count;
} cli_words_t;

/* Takes the options out of words (without the program's name) and leaves the rest, in order. Options that belong to one
 * verb stand behind it. false with what is wrong in problem. */
bool cli_options_parse (cli_options_t *out, cli_words_t *words, char *problem, size_t problem_size);

/* Lists those that verb has beside the ones of all verbs (NULL: only these). */
void cli_options_help (FILE *out, const char *verb);

#endif
