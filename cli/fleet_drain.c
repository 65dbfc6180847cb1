/* `far fleet drain`: stops a fleet gently, and waits until it has stopped, as `far close` does with a process. */
#include "fleet.h"
#include "pace.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LOOK_EVERY_MS = 50 };

/* Has it finished what it had? Also a failure ends the waiting. */
static bool is_over (cli_t *cli, far_proxy_t *fleets, double until_ms, cli_exit_t *out_code)
{
    CLI_OWNED (far_value_destroy) far_value_t *fleet = NULL;
    const char *name = cli->words[0];
    *out_code = CLI_DONE;
    if (far_call (fleets, "show", "s>v", name, &fleet)) {
        *out_code = cli_fail_at_broker (cli, name);
        return true;
    }
    const char *state = cli_text_at (fleet, "state");
    if (!strcmp (state, "drained"))
        return true;
    if (strcmp (state, "draining") != 0)
        *out_code = cli_fail_with (cli, name, FAR_E_CANCELLED, "it is not drained any more, but %s", state);
    else if (pace_now_ms () >= until_ms)
        *out_code = cli_fail_with (cli, name, FAR_E_TIMEOUT, "it still drains, with %" PRIu64 " requests that run",
                                   cli_number_at (fleet, "running"));
    return *out_code;
}

static cli_exit_t drain (cli_t *cli)
{
    CLI_OWNED (far_proxy_destroy) far_proxy_t *fleets = NULL;
    int timeout_ms = cli->options.timeout_ms;
    double until_ms = timeout_ms == FAR_FOREVER ? INFINITY : pace_now_ms () + timeout_ms;
    cli_exit_t code = cli_fleets (cli, &fleets);
    if (code)
        return code;
    if (far_call (fleets, "drain", "s", cli->words[0]))
        return cli_fail_at_broker (cli, cli->words[0]);
    while (!cli->options.at_once && !is_over (cli, fleets, until_ms, &code))
        pace_sleep_ms (LOOK_EVERY_MS);
    return code ? code : cli_fleet_finish (cli, FAR_OK);
}

const cli_verb_t cli_fleet_drain = {
    .name = "fleet drain",
    .takes = "NAME",
    .says = "Finish what runs and hand nothing out, until resume.",
    .more =
        "Waits until nothing runs any more, at most as long as --timeout says; it drains on after that. Workers that\n"
        "the broker has started end, and come back with resume. What waits in the queue stays there, or ends with\n"
        "NoWorker where the setting queue_without_worker is 0; so does what comes meanwhile.\n"
        "\n"
        "  far fleet drain resize --timeout forever && echo nothing runs\n"
        "  far fleet resume resize\n",
    .least = 1,
    .most = 1,
    .run = drain,
};
