/* Settings as rows of a table. Knows nothing of what is set. */
#include "setting.h"
#include "base/error.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MS 1000000

const setting_t *setting_find (const setting_t *settings, size_t count, const char *name, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (strlen (settings[i].name) == size && memcmp (settings[i].name, name, size) == 0)
            return &settings[i];
    return NULL;
}

void *setting_place (void *self, const setting_t *setting)
{
    return (char *)self + setting->offset;
}

long long setting_most (const setting_t *setting)
{
    return setting->type == SETTING_SWITCH ? 1 : setting->most;
}

bool setting_set (void *self, const setting_t *setting, long long number)
{
    void *place = setting_place (self, setting);
    if (number < setting->least || number > setting_most (setting))
        return false;
    switch (setting->type) {
    case SETTING_INT:
        *(int *)place = (int)number;
        return true;
    case SETTING_UNSIGNED:
        *(unsigned *)place = (unsigned)number;
        return true;
    case SETTING_SIZE:
        *(size_t *)place = (size_t)number;
        return true;
    case SETTING_MS:
        *(int64_t *)place = (int64_t)number * MS;
        return true;
    case SETTING_SWITCH:
        *(bool *)place = number;
        return true;
    default:
        return false;
    }
}

long long setting_get (const void *self, const setting_t *setting)
{
    const void *place = (const char *)self + setting->offset;
    switch (setting->type) {
    case SETTING_INT:
        return *(const int *)place;
    case SETTING_UNSIGNED:
        return *(const unsigned *)place;
    case SETTING_SIZE:
        return (long long)*(const size_t *)place;
    case SETTING_MS:
        return *(const int64_t *)place / MS;
    case SETTING_SWITCH:
        return *(const bool *)place;
    default:
        return 0;
    }
}

far_status_t setting_refuse (const setting_t *setting, const char *text, const char *where, const char *expected)
{
    return far_fail (FAR_E_BAD_ARGUMENTS, "%s: %s = '%s': expected %s", where, setting->name, text, expected);
}

far_status_t setting_number (const setting_t *setting, const char *text, const char *where, long long *out)
{
    char *end, expected[80];
    errno = 0;
    *out = strtoll (text, &end, 10);
    if (end != text && !*end && !errno && *out >= setting->least && *out <= setting_most (setting))
        return FAR_OK;
    snprintf (expected, sizeof expected, "an integer from %lld to %lld", setting->least, setting_most (setting));
    return setting_refuse (setting, text, where, expected);
}

static far_status_t read_switch (void *self, const setting_t *setting, const char *text, const char *where)
{
    static const char *const yes[] = { "1", "true", "yes" }, *const no[] = { "0", "false", "no" };
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (strcmp (text, yes[i]) != 0 && strcmp (text, no[i]) != 0)
            continue;
        *(bool *)setting_place (self, setting) = strcmp (text, yes[i]) == 0;
        return FAR_OK;
    }
    return setting_refuse (setting, text, where, "true or false");
}

char *setting_copy (const char *text)
{
    char *copy = strdup (text);
    if (!copy)
        far_fail (FAR_E_NO_MEMORY, "no memory for the options");
    return copy;
}

static far_status_t read_text (void *self, const setting_t *setting, const char *text, const char *where)
{
    char **out = setting_place (self, setting);
    if (!*text)
        return setting_refuse (setting, text, where, setting->takes);
    char *copy = setting_copy (text);
    if (!copy)
        return FAR_E_NO_MEMORY;
    free (*out);
    *out = copy;
    return FAR_OK;
}

far_status_t setting_read (void *self, const setting_t *setting, const char *text, const char *where)
{
    long long number;
    switch (setting->type) {
    case SETTING_NOWHERE:
        return FAR_OK;
    case SETTING_SWITCH:
        return read_switch (self, setting, text, where);
    case SETTING_TEXT:
        return read_text (self, setting, text, where);
    case SETTING_OWN:
        return setting->read (self, setting, text, where);
    default:
        if (setting_number (setting, text, where, &number))
            return far_last_status ();
        setting_set (self, setting, number);
        return FAR_OK;
    }
}

void setting_reset (void *self, const setting_t *settings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        far_status_t status =
            settings[i].usual ? setting_read (self, &settings[i], settings[i].usual, "the defaults") : FAR_OK;
        assert (!status); /* the table is wrong */
        (void)status;
    }
}

void setting_print_help (const setting_t *setting, FILE *out, int column)
{
    const char *text = setting->help;
    for (const char *end; (end = strchr (text, '\n')); text = end + 1)
        fprintf (out, "%.*s\n%*s", (int)(end - text), text, column, "");
    fputs (text, out);
    if (setting->usual)
        fprintf (out, " (default: %s)", setting->usual);
    fputc ('\n', out);
}

void setting_print_section (const setting_t *settings, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        char line[64];
        snprintf (line, sizeof line, "%s = %s", settings[i].name, settings[i].takes);
        fprintf (out, "    %-27s ", line);
        setting_print_help (&settings[i], out, 32);
    }
}
