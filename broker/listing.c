/* Tables of the broker for people and programs that ask. Looks into /proc for whether a process runs, where the kernel
 * has told its pid. */
#include "listing.h"
#include "base/clock.h"
#include "latency_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SECOND_NS = 1000000000, MS_NS = 1000000 };

far_status_t listing_give (far_call_t *call, far_value_t *value)
{
    far_status_t status = value ? far_call_return (call, "v", value) : far_last_status ();
    far_value_destroy (&value);
    return status;
}

struct timespec listing_time (int64_t at_ns)
{
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    int64_t ago = far_clock_ns () - at_ns, total = now.tv_sec * (int64_t)SECOND_NS + now.tv_nsec - ago;
    return (struct timespec){ .tv_sec = total / SECOND_NS, .tv_nsec = total % SECOND_NS / MS_NS * MS_NS };
}

static const char *state_name (char letter)
{
    static const struct {
        const char *letters, *name;
    } rows[] = { { "R", "running" }, { "SDIWK", "sleeping" }, { "Tt", "stopped" }, { "ZXx", "zombie" } };
    for (size_t i = 0; letter && i < sizeof rows / sizeof *rows; i++)
        if (strchr (rows[i].letters, letter))
            return rows[i].name;
    return "ready";
}

/* The letter behind the program's name, which stands in the last parentheses and may be anything. */
const char *listing_state (const session_t *session)
{
    char path[48], line[512];
    if (!session->peer.known || session->peer.pid <= 0)
        return "ready";
    snprintf (path, sizeof path, "/proc/%" PRId64 "/stat", session->peer.pid);
    FILE *file = fopen (path, "re");
    size_t size = file ? fread (line, 1, sizeof line - 1, file) : 0;
    if (file)
        fclose (file);
    line[size] = 0;
    const char *end = strrchr (line, ')');
    return state_name (end && end[1] == ' ' ? end[2] : 0);
}

static far_value_t *describe (const session_t *session)
{
    const peer_t *peer = &session->peer;
    const hello_t *hello = &session->hello;
    far_value_t *map = far_value_map ();
    if (far_value_set (map, "id", "u", session->id.value) || far_value_set (map, "name", "s", hello->name) ||
        far_value_set (map, "pid", "l", peer->known ? peer->pid : hello->pid) ||
        far_value_set (map, "uid", "l", peer->known ? peer->uid : (int64_t)-1) ||
        far_value_set (map, "host", "s", hello->host) || far_value_set (map, "program", "s", hello->program) ||
        far_value_set (map, "state", "s", listing_state (session)) || far_value_set (map, "since", "t", &peer->since) ||
        far_value_set (map, "calls", "u", session->requests) ||
        far_value_set (map, "parked", "u", (uint64_t)session->parked.count) ||
        latency_table_set (map, "answered", session->sampling.latency, far_clock_ns ()))
        far_value_destroy (&map);
    return map;
}

far_value_t *listing_processes (const router_t *router)
{
    far_value_t *list = far_value_list ();
    const session_t *session;
    for (size_t position = 0; list && (session = processes_next (router->processes, &position));) {
        if (session->resident)
            continue;
        far_value_t *item = describe (session);
        if (far_value_append (list, &item))
            far_value_destroy (&list);
    }
    return list;
}

far_value_t *listing_counters (const router_t *router, const gauge_t *gauges, size_t gauge_count)
{
    far_value_t *map = far_value_map ();
    bool fine = map;
    for (size_t i = 0; fine && i < COUNTER_COUNT; i++)
        fine = !far_value_set (map, counter_names[i], "u", router->counters.value[i]);
    for (size_t i = 0; fine && i < gauge_count; i++)
        fine = !far_value_set (map, gauges[i].name, "u", gauges[i].value);
    if (!fine)
        far_value_destroy (&map);
    return map;
}
