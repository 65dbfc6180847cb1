/* The table of options: names, what each can be and where, for setters, messages and the wire. And one level's settings,
 * which are read without a lock on the way of every call. */
#include "base/option.h"
#include "base/error.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define ALL_LEVELS     (FAR_LEVEL_CALL | FAR_LEVEL_PROXY | FAR_LEVEL_PROCESS | FAR_LEVEL_ACTOR | FAR_LEVEL_OBJECT)
#define CALLING_LEVELS (ALL_LEVELS & ~(unsigned)FAR_LEVEL_OBJECT)

enum { CALL_MS = 10000 };

static const far_option_row_t rows[FAR_OPTION_COUNT] = {
    [FAR_OPTION_END] = { .name = "" },
    [FAR_OPTION_MODE] = { "mode",
                          FAR_OPTION_OF_CHOICES,
                          FAR_MODE_SYNC,
                          ALL_LEVELS,
                          FAR_MODE_OFF,
                          "sync, async or off",
                          { "sync", "async", "off" } },
    [FAR_OPTION_TIMEOUT_MS] = { "timeout_ms",
                                FAR_OPTION_OF_MS,
                                CALL_MS,
                                ALL_LEVELS,
                                INT_MAX,
                                "1 ms or more, or -1 (for ever)",
                                { 0 } },
    [FAR_OPTION_RETURNS] = { "returns",
                             FAR_OPTION_OF_CHOICES,
                             FAR_RETURNS_AUTO,
                             ALL_LEVELS,
                             FAR_RETURNS_PROXY,
                             "auto, value or proxy",
                             { "auto", "value", "proxy" } },
    [FAR_OPTION_AUTO_PROXY] = { "auto_proxy", FAR_OPTION_OF_BOOL, 0, ALL_LEVELS, 1, "0 or 1", { 0 } },
    [FAR_OPTION_DEFER_GETATTR] = { "defer_getattr",
                                   FAR_OPTION_OF_BOOL,
                                   0,
                                   ALL_LEVELS & ~(unsigned)FAR_LEVEL_CALL,
                                   1,
                                   "0 or 1",
                                   { 0 } },
    [FAR_OPTION_BY_VALUE] = { "by_value",
                              FAR_OPTION_OF_SUM,
                              FAR_BY_VALUE_USUAL,
                              ALL_LEVELS,
                              FAR_BY_VALUE_ALL,
                              "a sum of kinds (0 to 2047)",
                              { 0 } },
    [FAR_OPTION_REENTRANCY] = { "reentrancy",
                                FAR_OPTION_OF_CHOICES,
                                FAR_REENTRANCY_INTERLEAVE,
                                FAR_LEVEL_ACTOR,
                                FAR_REENTRANCY_QUEUE,
                                "interleave, chain or queue",
                                { "interleave", "chain", "queue" } },
    [FAR_OPTION_IDEMPOTENT] = { "idempotent", FAR_OPTION_OF_BOOL, 0, CALLING_LEVELS, 1, "0 or 1", { 0 } },
    [FAR_OPTION_PRIORITY] = { "priority",
                              FAR_OPTION_OF_EITHER_SIGN,
                              0,
                              CALLING_LEVELS,
                              INT_MAX,
                              "an int, greater for more urgent",
                              { 0 } },
    [FAR_OPTION_DELAY_MS] = { "delay_ms", FAR_OPTION_OF_NUMBER, 0, CALLING_LEVELS, INT_MAX, "0 ms or more", { 0 } },
    [FAR_OPTION_KEY] = { "key", FAR_OPTION_OF_NUMBER, -1, CALLING_LEVELS, INT_MAX, "0 or more, or -1 (none)", { 0 } },
    [FAR_OPTION_DEADLINE_MS] = { "deadline_ms",
                                 FAR_OPTION_OF_MS,
                                 FAR_FOREVER,
                                 CALLING_LEVELS,
                                 INT_MAX,
                                 "1 ms or more, or -1 (none)",
                                 { 0 } },
    [FAR_OPTION_NO_WAIT] = { "no_wait", FAR_OPTION_OF_BOOL, 0, CALLING_LEVELS, 1, "0 or 1", { 0 } },
};

static const struct level_row {
    far_level_t level;
    const char *name;
} levels[] = {
    { FAR_LEVEL_CALL, "call" },   { FAR_LEVEL_PROXY, "proxy" },   { FAR_LEVEL_PROCESS, "process" },
    { FAR_LEVEL_ACTOR, "actor" }, { FAR_LEVEL_OBJECT, "object" },
};

static bool is_option (far_option_t option)
{
    return option > FAR_OPTION_END && option < FAR_OPTION_COUNT;
}

const far_option_row_t *far_option_row (far_option_t option)
{
    return &rows[option];
}

const char *far_option_name (far_option_t option)
{
    return is_option (option) ? rows[option].name : "";
}

far_option_t far_option_find (const char *name, size_t size)
{
    for (unsigned i = FAR_OPTION_END + 1; i < FAR_OPTION_COUNT; i++)
        if (strlen (rows[i].name) == size && memcmp (rows[i].name, name, size) == 0)
            return (far_option_t)i;
    return FAR_OPTION_COUNT;
}

static const char *level_name (far_level_t level)
{
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (levels[i].level == level)
            return levels[i].name;
    return "";
}

/* "proxy, process or actor": where an option can be set. */
static void describe_levels (unsigned wanted, char *out, size_t out_size)
{
    size_t size = 0;
    *out = '\0';
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (!(wanted & levels[i].level))
            continue;
        wanted &= ~(unsigned)levels[i].level;
        int more = snprintf (out + size, out_size - size, "%s%s", !size ? "" : wanted ? ", " : " or ", levels[i].name);
        size += more > 0 ? (size_t)more : 0;
    }
}

bool far_option_fits (const far_option_row_t *row, int64_t value)
{
    if (row->kind == FAR_OPTION_OF_MS)
        return value == FAR_FOREVER || (value >= 1 && value <= row->most);
    if (row->kind == FAR_OPTION_OF_EITHER_SIGN)
        return value >= -(int64_t)row->most && value <= row->most;
    return (value >= 0 && value <= row->most) || (row->kind == FAR_OPTION_OF_NUMBER && value == row->usual);
}

far_status_t far_option_check (far_option_t option, int64_t value, far_level_t level)
{
    if (!is_option (option))
        return far_fail (FAR_E_BAD_ARGUMENTS, "%d is no option: expected one of far_option_t", (int)option);
    const far_option_row_t *row = &rows[option];
    if (!(row->levels & (unsigned)level)) {
        char where[64];
        describe_levels (row->levels, where, sizeof where);
        return far_fail (FAR_E_BAD_ARGUMENTS, "option %s of the %s: it can be set at: %s", row->name,
                         level_name (level), where);
    }
    if (value == FAR_UNSET || far_option_fits (row, value))
        return FAR_OK;
    return far_fail (FAR_E_BAD_ARGUMENTS, "option %s of the %s: expected %s, found %" PRId64, row->name,
                     level_name (level), row->expected, value);
}

far_status_t far_settings_check (const far_setting_t *settings, far_level_t level)
{
    far_status_t status = FAR_OK;
    for (; settings && settings->option != FAR_OPTION_END && !status; settings++)
        status = far_option_check (settings->option, settings->value, level);
    return status;
}

void far_options_init (far_options_t *self)
{
    for (size_t i = 0; i < FAR_OPTION_COUNT; i++)
        atomic_init (&self->values[i], FAR_OPTION_UNSET);
}

void far_options_copy (far_options_t *self, const far_options_t *from)
{
    for (size_t i = 0; i < FAR_OPTION_COUNT; i++)
        atomic_init (&self->values[i], atomic_load_explicit (&from->values[i], memory_order_relaxed));
}

far_status_t far_options_set (far_options_t *self, far_option_t option, int64_t value, far_level_t level)
{
    far_status_t status = far_option_check (option, value, level);
    if (!status)
        atomic_store_explicit (&self->values[option], value == FAR_UNSET ? FAR_OPTION_UNSET : (int)value,
                               memory_order_relaxed);
    return status;
}

void far_options_default (far_options_t *self, far_option_t option, int64_t value)
{
    int unset = FAR_OPTION_UNSET;
    if (value != FAR_UNSET)
        atomic_compare_exchange_strong (&self->values[option], &unset, (int)value);
}
