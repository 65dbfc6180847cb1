/* `far ls`: what a process offers, as its own module `process` describes it. */
#include "cli.h"
#include "json.h"
#include "signature.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof (table) / sizeof *(table))

static void show_doc (FILE *out, const far_value_t *doc)
{
    if (doc)
        fputs (far_value_bytes (doc).data, out);
}

static const table_column_t module_columns[] = {
    { "name", "MODULE", false, NULL },
    { "doc", "WHAT IT IS", false, show_doc },
    { 0 },
};

static const table_column_t member_columns[] = {
    { "offer", "OFFERS", false, NULL },
    { "doc", "WHAT IT DOES", false, show_doc },
    { 0 },
};

/* One kind of what a module offers: the entry of its description, and how a row of it is written. */
typedef struct member_kind {
    const char *key;
    void (*write) (FILE *out, const far_value_t *member);
} member_kind_t;

static void write_function (FILE *out, const far_value_t *function)
{
    fputs (cli_text_at (function, "name"), out);
    signature_write (out, cli_text_at (function, "signature"));
}

static void write_method (FILE *out, const far_value_t *method)
{
    fputs ("  .", out);
    write_function (out, method);
}

static void write_property (FILE *out, const far_value_t *property)
{
    fprintf (out, "  .%s: ", cli_text_at (property, "name"));
    signature_write_type (out, cli_text_at (property, "type"));
    if (!far_value_bool (far_value_lookup (property, "settable")))
        fputs (" (read only)", out);
}

/* "+ (other: int) -> int", "len() -> int" */
static void write_operator (FILE *out, const far_value_t *operator)
{
    const char *symbol = cli_text_at (operator, "symbol");
    size_t size = strlen (symbol);
    bool is_function = size >= 2 && !strcmp (symbol + size - 2, "()");
    fprintf (out, is_function ? "  %.*s" : "  %.*s ", (int)(is_function ? size - 2 : size), symbol);
    signature_write (out, cli_text_at (operator, "signature"));
}

static void write_class (FILE *out, const far_value_t *class)
{
    const char *base = cli_text_at (class, "base");
    fputs (cli_text_at (class, "name"), out);
    signature_write (out, cli_text_at (class, "takes"));
    if (*base)
        fprintf (out, " is a %s", base);
}

static void write_constant (FILE *out, const far_value_t *constant)
{
    const far_value_t *value = far_value_lookup (constant, "value");
    fprintf (out, "%s = ", cli_text_at (constant, "name"));
    if (value)
        json_write (out, value, JSON_ONE_LINE);
}

static void write_class_constant (FILE *out, const far_value_t *constant)
{
    fputs ("  .", out);
    write_constant (out, constant);
}

static void write_module (FILE *out, const far_value_t *name)
{
    fprintf (out, "%s (module)", (const char *)far_value_bytes (name).data);
}

static const member_kind_t member_kinds[] = {
    { "functions", write_function },
    { "classes", write_class },
    { "constants", write_constant },
    { "modules", write_module },
};

static const member_kind_t class_kinds[] = {
    { "methods", write_method },
    { "properties", write_property },
    { "operators", write_operator },
    { "constants", write_class_constant },
};

/* One row. What a class has from a base says so behind what it does. */
static far_status_t add_row (far_value_t *rows, const far_value_t *member, const member_kind_t *kind, const char *class)
{
    const char *from = cli_text_at (member, "from"), *doc = cli_text_at (member, "doc");
    bool is_inherited = class && *from && strcmp (from, class) != 0;
    char *offer = NULL, *says = NULL;
    size_t size;
    FILE *out = open_memstream (&offer, &size);
    if (out) {
        kind->write (out, member);
        fclose (out);
    }
    if (is_inherited && asprintf (&says, "%s%s(%s)", doc, *doc ? " " : "", from) < 0)
        says = NULL;
    far_value_t *row = far_value_new ("{ss ss}", "offer", offer, "doc", is_inherited ? says : doc);
    free (offer);
    free (says);
    return far_value_append (rows, &row);
}

static far_status_t add_members (far_value_t *rows, const far_value_t *description, const member_kind_t *kind,
                                 const char *class)
{
    const far_value_t *members = far_value_lookup (description, kind->key);
    far_status_t status = FAR_OK;
    for (size_t i = 0; !status && members && i < far_value_count (members); i++) {
        const far_value_t *member = far_value_item (members, i);
        status = add_row (rows, member, kind, class);
        for (size_t inner = 0; !status && kind->write == write_class && inner < COUNT (class_kinds); inner++)
            status = add_members (rows, member, &class_kinds[inner], cli_text_at (member, "name"));
    }
    return status;
}

static cli_exit_t print_module (cli_t *cli, const far_value_t *description)
{
    if (cli->options.json) {
        json_write (stdout, description, JSON_ONE_LINE);
        putchar ('\n');
        return CLI_DONE;
    }
    CLI_OWNED (far_value_destroy) far_value_t *rows = far_value_list ();
    far_status_t status = rows ? FAR_OK : FAR_E_NO_MEMORY;
    for (size_t i = 0; !status && i < COUNT (member_kinds); i++)
        status = add_members (rows, description, &member_kinds[i], NULL);
    if (status)
        return cli_fail (cli, "ls");
    table_print (stdout, member_columns, rows);
    return CLI_DONE;
}

static cli_exit_t list_module (cli_t *cli, far_process_t *process, const char *name)
{
    CLI_OWNED (far_value_destroy) far_value_t *description = NULL;
    cli_exit_t code = cli_ask (cli, process, "process.describe", name, &description);
    return code ? code : print_module (cli, description);
}

/* Adds a row for the module of this name. */
static cli_exit_t add_module (cli_t *cli, far_process_t *process, const far_value_t *name, far_value_t *rows)
{
    CLI_OWNED (far_value_destroy) far_value_t *description = NULL;
    const char *text = far_value_bytes (name).data;
    cli_exit_t code = cli_ask (cli, process, "process.describe", text, &description);
    if (code)
        return code;
    far_value_t *row = far_value_new ("{ss ss}", "name", text, "doc", cli_text_at (description, "doc"));
    return far_value_append (rows, &row) ? cli_fail (cli, "ls") : CLI_DONE;
}

static cli_exit_t list_modules (cli_t *cli, far_process_t *process)
{
    CLI_OWNED (far_value_destroy) far_value_t *names = NULL, *rows = far_value_list ();
    cli_exit_t code = rows ? cli_ask (cli, process, "process.modules", NULL, &names) : cli_fail (cli, "ls");
    for (size_t i = 0; !code && i < far_value_count (names); i++)
        code = add_module (cli, process, far_value_item (names, i), rows);
    if (code)
        return code;
    if (!cli->options.json) {
        table_print (stdout, module_columns, rows);
        return CLI_DONE;
    }
    json_write (stdout, rows, JSON_ONE_LINE);
    putchar ('\n');
    return CLI_DONE;
}

static cli_exit_t run (cli_t *cli)
{
    CLI_OWNED (far_process_destroy) far_process_t *process = NULL;
    cli_exit_t code = cli_reach (cli, cli->words[0], &process);
    if (code)
        return code;
    return cli->word_count > 1 ? list_module (cli, process, cli->words[1]) : list_modules (cli, process);
}

const cli_verb_t cli_verb_ls = {
    .name = "ls",
    .takes = "PROCESS [MODULE]",
    .says = "List the modules of a process, or what a module offers.",
    .more =
        "Functions stand with their parameters, types, defaults and results; classes with what constructs them, below\n"
        "them what their objects have, with (NAME) behind what is inherited from that class. A module inside a module\n"
        "is named OUTER.INNER. With --json, signatures are as they were written, in the letters of farcall/class.h.\n"
        "\n"
        "  far ls host\n"
        "  far ls host counter\n"
        "  far ls " CLI_BROKER " broker\n",
    .least = 1,
    .most = 2,
    .run = run,
};
