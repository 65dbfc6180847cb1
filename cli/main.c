/* far: the operator's command. This file reads the command line and hands it to a verb; each verb stands, with its row
 * of the table and its help, in a file of its own. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const cli_verb_t *const verbs[] = {
    &cli_verb_ps,     &cli_verb_ls,    &cli_verb_call,     &cli_verb_ping,  &cli_verb_stats, &cli_verb_where,
    &cli_verb_cancel, &cli_verb_fleet, &cli_verb_pipeline, &cli_verb_close, &cli_verb_kill,  NULL,
};

static const struct exit_row {
    cli_exit_t code;
    const char *says;
} exits[] = {
    { CLI_DONE, "done" },
    { CLI_FAILED, "the call failed" },
    { CLI_USAGE, "the command line can't be understood" },
    { CLI_NOBODY, "nobody to ask: no broker, no such process, or it went away before it answered" },
};

#define COUNT_OF(array) (sizeof (array) / sizeof *(array))

static void print_exits (FILE *out)
{
    fputs ("\nExit codes:\n", out);
    for (size_t i = 0; i < COUNT_OF (exits); i++)
        fprintf (out, "  %d  %s\n", (int)exits[i].code, exits[i].says);
}

static void print_help (FILE *out)
{
    fputs ("Usage: far VERB [WORD...] [OPTION...]\n"
           "\n"
           "Looks at the processes of a farcall broker, and calls them.\n"
           "\n"
           "Verbs:\n",
           out);
    for (const cli_verb_t *const *verb = verbs; *verb; verb++)
        fprintf (out, "  %-9s %s\n", (*verb)->name, (*verb)->says);
    fputs ("\n"
           "Options:\n",
           out);
    cli_options_help (out, NULL);
    fputs ("\n"
           "PROCESS is a name, an id as 'far ps' prints it, or " CLI_BROKER
           " for the broker itself. MS is a number of\n"
           "milliseconds, or 'forever'. No verb starts a broker.\n"
           "\n"
           "  far-broker --daemon                  # unless a program has started yours already\n"
           "  far-actor --name host --module ./counter.so &\n"
           "  far ls host counter                  # what can be called there\n"
           "  far call host counter.sum 2 40\n"
           "  far VERB --help                      # more about a verb, with examples\n",
           out);
    print_exits (out);
}

static void print_verbs_of (FILE *out, const cli_verb_t *verb)
{
    fputs ("Verbs:\n", out);
    for (const cli_verb_t *const *below = verb->verbs; *below; below++) {
        char line[64];
        snprintf (line, sizeof line, "%s %s", cli_verb_word (*below), (*below)->takes);
        fprintf (out, "  %-24s %s\n", line, (*below)->says);
    }
    fputc ('\n', out);
}

static void print_verb_help (FILE *out, const cli_verb_t *verb)
{
    fprintf (out, "Usage: far %s %s%s[OPTION...]\n\n%s\n\n%s\n", verb->name, verb->takes, *verb->takes ? " " : "",
             verb->says, verb->more);
    if (verb->verbs)
        print_verbs_of (out, verb);
    fputs ("Options:\n", out);
    cli_options_help (out, verb->name);
    print_exits (out);
}

const char *cli_verb_word (const cli_verb_t *verb)
{
    const char *space = strrchr (verb->name, ' ');
    return space ? space + 1 : verb->name;
}

static const cli_verb_t *find_verb (const cli_verb_t *const *among, const char *word)
{
    while (*among && strcmp (cli_verb_word (*among), word))
        among++;
    return *among;
}

/* What was printed may still fail to be written: to a full disk, say. */
static cli_exit_t finish_output (cli_exit_t code)
{
    if (!fflush (stdout) && !ferror (stdout))
        return code;
    fprintf (stderr, "far: stdout: %s\n", strerror (errno));
    return code ? code : CLI_FAILED;
}

static cli_exit_t run_verb (cli_t *cli)
{
    if (cli->verb->verbs && cli->word_count) {
        const cli_verb_t *below = find_verb (cli->verb->verbs, *cli->words);
        if (!below)
            return cli_misused (cli, "'%s' has no verb '%s'", cli->verb->name, *cli->words);
        cli->verb = below;
        cli->words++;
        cli->word_count--;
    }
    if (cli->options.help) {
        print_verb_help (stdout, cli->verb);
        return CLI_DONE;
    }
    if (cli->word_count < cli->verb->least)
        return cli_misused (cli, "'%s' takes %s", cli->verb->name, cli->verb->takes);
    if (cli->verb->most >= 0 && cli->word_count > cli->verb->most)
        return cli_misused (cli, "'%s' does not take '%s'", cli->verb->name, cli->words[cli->verb->most]);
    cli_exit_t code = cli->verb->run (cli);
    far_actor_destroy (&cli->actor);
    return code;
}

static cli_exit_t run (cli_t *cli, cli_words_t *words)
{
    char problem[256];
    bool fine = cli_options_parse (&cli->options, words, problem, sizeof problem);
    cli->verb = words->count ? find_verb (verbs, words->words[0]) : NULL;
    if (!fine)
        return cli_misused (cli, "%s", problem);
    if (cli->options.version) {
        printf ("far %s\n", far_version ());
        return CLI_DONE;
    }
    if (cli->verb) {
        cli->words = words->words + 1;
        cli->word_count = words->count - 1;
        return run_verb (cli);
    }
    if (words->count)
        return cli_misused (cli, "no verb '%s'", words->words[0]);
    print_help (cli->options.help ? stdout : stderr);
    return cli->options.help ? CLI_DONE : CLI_USAGE;
}

int main (int argc, char **argv)
{
    cli_t cli = { .options = { .timeout_ms = 10000, .wait_ms = 1000, .interval_ms = 250, .count = 4 } };
    cli_words_t words = { argv + 1, argc - 1 };
    return (int)finish_output (run (&cli, &words));
}
