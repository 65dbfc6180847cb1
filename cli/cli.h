/* What the verbs of `far` share: the command line as it was read, the way to a process, and how a verb ends. */
#ifndef FAR_CLI_CLI_H
#define FAR_CLI_CLI_H

#include "options.h"
#include <farcall.h>

/* A local that is given back when it goes out of scope. */
#define CLI_OWNED(destroy) __attribute__ ((cleanup (destroy)))

typedef enum cli_exit { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_NOBODY = 3 } cli_exit_t;

typedef struct cli cli_t;

/* A verb: the row that dispatch and help read. */
typedef struct cli_verb {
    const char *name;  /* all of it: of a verb of a verb "fleet ls" */
    const char *takes; /* what stands behind it, for people */
    const char *says;  /* one line */
    const char *more;  /* what `far VERB --help` says below that, with examples; ends with a newline */
    int least, most;   /* words behind it; most < 0: any number */
    cli_exit_t (*run) (cli_t *cli);
    const struct cli_verb *const *verbs; /* one of them stands behind it, and runs in its place; NULL ends the list */
} cli_verb_t;

extern const cli_verb_t cli_verb_call, cli_verb_cancel, cli_verb_close, cli_verb_fleet, cli_verb_kill, cli_verb_ls,
    cli_verb_ping, cli_verb_pipeline, cli_verb_ps, cli_verb_stats, cli_verb_where;

/* The last word of its name. */
const char *cli_verb_word (const cli_verb_t *verb);

struct cli {
    const cli_verb_t *verb;
    cli_options_t options;
    char **words; /* behind the verb */
    int word_count;
    far_actor_t *actor; /* NULL until cli_reach */
};

/* The word that stands for the broker where a process is asked for. */
#define CLI_BROKER "@broker"

/* Connects to the broker, never starting one, and finds the process that word names: a name, an id as cli_id_text
 * writes it, or CLI_BROKER. Says on stderr what went wrong. */
cli_exit_t cli_reach (cli_t *cli, const char *word, far_process_t **out_process);

/* Calls a function of a module ("process.modules") with one string, or NULL for no argument. Says on stderr what went
 * wrong. */
cli_exit_t cli_ask (cli_t *cli, far_process_t *process, const char *path, const char *argument,
                    far_value_t **out_value);

/* Says the thread's last error on stderr, and gives the exit code for it. context is what was tried. */
cli_exit_t cli_fail (const cli_t *cli, const char *context);
/* The same for what the broker was called for: that it was the broker who said so is of no interest, and where it knows no
 * such process there is nobody to ask. */
cli_exit_t cli_fail_at_broker (const cli_t *cli, const char *context);
/* Says on stderr what this command itself has found out, as an error of this kind. */
cli_exit_t cli_fail_with (const cli_t *cli, const char *context, far_status_t kind, const char *format, ...)
    FAR_PRINTF (4, 5);
/* Says on stderr what is wrong with the command line, and where to read more. */
cli_exit_t cli_misused (const cli_t *cli, const char *format, ...) FAR_PRINTF (2, 3);

enum { CLI_ID_SIZE = 24 };
/* "1a2b3c4d:17": incarnation of the broker, 8 digits as in its log, and serial. Gives out. */
const char *cli_id_text (uint64_t id, char out[CLI_ID_SIZE]);

/* The text of a map's entry; "" where it is none. Borrowed from the map. */
const char *cli_text_at (const far_value_t *map, const char *key);
/* The number of a map's entry; 0 where it is none. */
uint64_t cli_number_at (const far_value_t *map, const char *key);

#endif
