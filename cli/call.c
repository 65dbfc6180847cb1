/* `far call`: one call, its arguments and its result as JSON. */
#include "arguments.h"

static cli_exit_t run (cli_t *cli)
{
    return cli_call_words (cli, cli->words[0], cli->words[1], 2);
}

const cli_verb_t cli_verb_call = {
    .name = "call",
    .takes = "PROCESS MODULE.FUNCTION [ARGUMENT...] [KEY=ARGUMENT...]",
    .says = "Call a function, or construct an object, and print what it gives.",
    .more = CLI_ARGUMENTS_HELP
    "\n"
    "What JSON has no form for is an object of one entry, in arguments and in results:\n"
    "  {\"$binary\": \"aGVsbG8=\"}                  binary, as base64\n"
    "  {\"$time\": \"2026-01-01T00:00:00.123Z\"}    a timestamp\n"
    "  {\"$uint\": \"18446744073709551615\"}        an integer of more than 63 bits\n"
    "  {\"$float\": \"nan\"}                        also inf and -inf\n"
    "  {\"$map\": [[1, \"one\"], [\"$key\", 2]]}      a map with keys that are no strings, or begin with $\n"
    "  {\"$proxy\": \"<Counter 7 of process ...>\"} a reference: printed, but can't be given\n"
    "\n"
    "  far call host counter.sum 2 40\n"
    "  far call host text.wrap 'some text' width=72\n"
    "  far call host text.find -- --json\n"
    "  far call host files.write name=a.txt 'data={\"$binary\": \"aGVsbG8=\"}'\n"
    "  far call " CLI_BROKER " broker.find host\n",
    .least = 2,
    .most = -1,
    .run = run,
};
