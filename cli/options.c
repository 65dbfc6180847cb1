/* The options of `far`: one table, and the loop that reads words by it. It knows nothing of what they mean. Written by
 * hand because getopt takes the arguments of a call for options: `far call host counter.add -5`. */
#include "options.h"

#include <ctype.h>
#include <farcall.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

typedef enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_COUNT, OPTION_TIME } option_kind_t;

typedef struct option_row {
    char letter; /* 0: none */
    const char *name;
    const char *value; /* what it takes, for people; NULL for a flag */
    const char *alone; /* the number that it is without one behind it; NULL: there must be one */
    option_kind_t kind;
    size_t offset;    /* in cli_options_t */
    const char *verb; /* the only one that has it, all of its name; NULL: all */
    const char *says;
} option_row_t;

#define AT(field) offsetof (cli_options_t, field)

static const option_row_t rows[] = {
    { 'c', "count", "N", NULL, OPTION_COUNT, AT (count), "ping", "how many times (default 4)" },
    { 'i', "interval", "MS", NULL, OPTION_TIME, AT (interval_ms), "ping", "pause between two (default 250)" },
    { 'n', "watch", "[MS]", "1000", OPTION_COUNT, AT (watch_ms), "stats",
      "again every MS (1000), until it is interrupted" },
    { 'a', "at-once", NULL, NULL, OPTION_FLAG, AT (at_once), "fleet drain", "do not wait until it is done" },
    { 'b', "broker", "ADDRESS", NULL, OPTION_TEXT, AT (broker), NULL,
      "ipc:///PATH or tcp://HOST:PORT (default: $FAR_BROKER, else your own broker)" },
    { 't', "timeout", "MS", NULL, OPTION_TIME, AT (timeout_ms), NULL,
      "how long to wait for an answer (default 10000)" },
    { 'w', "wait", "MS", NULL, OPTION_TIME, AT (wait_ms), NULL,
      "how long to wait for PROCESS, and for the broker, to appear (default 1000)" },
    { 'j', "json", NULL, NULL, OPTION_FLAG, AT (json), NULL,
      "print JSON, one value on one line; errors too, on stderr" },
    { 'h', "help", NULL, NULL, OPTION_FLAG, AT (help), NULL, "print this, or what a verb does" },
    { 'V', "version", NULL, NULL, OPTION_FLAG, AT (version), NULL, "print the version" },
};

enum { ROWS = sizeof rows / sizeof *rows };

static bool is_option (const char *word)
{
    return word[0] == '-' && word[1] && !isdigit ((unsigned char)word[1]) && word[1] != '.';
}

static const option_row_t *find (const char *word, const char **out_value)
{
    bool is_long = word[1] == '-';
    const char *name = word + (is_long ? 2 : 1), *equals = is_long ? strchr (name, '=') : NULL;
    size_t size = equals ? (size_t)(equals - name) : strlen (name);
    for (const option_row_t *row = rows; row < rows + ROWS; row++) {
        if (is_long ? strlen (row->name) == size && !memcmp (row->name, name, size) : row->letter == *name) {
            *out_value = equals ? equals + 1 : !is_long && name[1] ? name + 1 : NULL;
            return row;
        }
    }
    return NULL;
}

static bool read_number (const char *text, int least, int *out)
{
    char *end;
    long number = strtol (text, &end, 10);
    if (!isdigit ((unsigned char)*text) || *end || number < least || number > INT_MAX)
        return false;
    *out = (int)number;
    return true;
}

/* false if value is not what the row takes. */
static bool set (cli_options_t *out, const option_row_t *row, const char *value)
{
    void *field = (char *)out + row->offset;
    switch (row->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return !value;
    case OPTION_TEXT:
        *(const char **)field = value;
        return *value;
    case OPTION_COUNT:
        return read_number (value, 1, field);
    case OPTION_TIME:
        if (!strcmp (value, "forever")) {
            *(int *)field = FAR_FOREVER;
            return true;
        }
        return read_number (value, 0, field);
    }
    return false;
}

/* Is verb, as the help and the table of verbs name it, what the first words are? */
static bool is_verb (const char *verb, char *const *words, int count)
{
    const char *space = strchr (verb, ' ');
    size_t size = space ? (size_t)(space - verb) : strlen (verb);
    if (!count || strlen (*words) != size || memcmp (verb, *words, size) != 0)
        return false;
    return !space || (count > 1 && !strcmp (words[1], space + 1));
}

/* Reads the option at words[*at], with the value that may stand behind it. word_count: words before it that are none. */
static bool parse_one (cli_options_t *out, const cli_words_t *words, int *at, int word_count, char *problem,
                       size_t problem_size)
{
    const char *word = words->words[*at], *value;
    const option_row_t *row = find (word, &value);
    if (!row) {
        snprintf (problem, problem_size, "no option '%s' (write -- before an argument that begins with -)", word);
        return false;
    }
    if (row->verb && !is_verb (row->verb, words->words, word_count)) {
        snprintf (problem, problem_size, "option '--%s' belongs to 'far %s', behind the verb", row->name, row->verb);
        return false;
    }
    bool more = *at + 1 < words->count;
    if (row->value && !value && more && !(row->alone && !isdigit ((unsigned char)words->words[*at + 1][0])))
        value = words->words[++*at];
    else if (row->alone && !value)
        value = row->alone;
    if (row->value && !value) {
        snprintf (problem, problem_size, "option '%s' takes a value: %s", word, row->value);
        return false;
    }
    if (set (out, row, value))
        return true;
    snprintf (problem, problem_size, row->value ? "option '--%s' does not take '%s'" : "option '--%s' takes no value",
              row->name, value);
    return false;
}

bool cli_options_parse (cli_options_t *out, cli_words_t *words, char *problem, size_t problem_size)
{
    int left = 0;
    bool all_words = false;
    for (int at = 0; at < words->count; at++) {
        char *word = words->words[at];
        if (!all_words && !strcmp (word, "--"))
            all_words = true;
        else if (all_words || !is_option (word))
            words->words[left++] = word;
        else if (!parse_one (out, words, &at, left, problem, problem_size))
            return false;
    }
    words->count = left;
    return true;
}

void cli_options_help (FILE *out, const char *verb)
{
    for (const option_row_t *row = rows; row < rows + ROWS; row++) {
        if (row->verb && (!verb || strcmp (verb, row->verb)))
            continue;
        char named[64];
        snprintf (named, sizeof named, "--%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");
        fprintf (out, "  -%c, %-18s %s\n", row->letter, named, row->says);
    }
}
