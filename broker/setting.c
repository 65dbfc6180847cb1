/* Settings as rows of a table. Knows nothing of what is set. */
#include "setting.h"
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

far_status_t setting_refuse (const setting_t *setting, const char *text, const char *where, const char *expected)
{
    return far_fail (FAR_E_BAD_ARGUMENTS, "%s: %s = '%s': expected %s", where, setting->name, text, expected);
}

far_status_t setting_number (const setting_t *setting, const char *text, const char *where, long long *out)
{
    char *end, expected[80];
    errno = 0;
    *out = strtoll (text, &end, 10);
    if (end != text && !*end && !errno && *out >= setting->least && *out <= setting->most)
        return FAR_OK;
    snprintf (expected, sizeof expected, "an integer from %lld to %lld", setting->least, setting->most);
    return setting_refuse (setting, text, where, expected);
}

far_status_t setting_read_int (void *self, const setting_t *setting, const char *text, const char *where)
{
    long long number;
    far_status_t status = setting_number (setting, text, where, &number);
    if (!status)
        *(int *)setting_place (self, setting) = (int)number;
    return status;
}

far_status_t setting_read_unsigned (void *self, const setting_t *setting, const char *text, const char *where)
{
    long long number;
    far_status_t status = setting_number (setting, text, where, &number);
    if (!status)
        *(unsigned *)setting_place (self, setting) = (unsigned)number;
    return status;
}

far_status_t setting_read_size (void *self, const setting_t *setting, const char *text, const char *where)
{
    long long number;
    far_status_t status = setting_number (setting, text, where, &number);
    if (!status)
        *(size_t *)setting_place (self, setting) = (size_t)number;
    return status;
}

far_status_t setting_read_ms (void *self, const setting_t *setting, const char *text, const char *where)
{
    long long number;
    far_status_t status = setting_number (setting, text, where, &number);
    if (!status)
        *(int64_t *)setting_place (self, setting) = (int64_t)number * 1000000;
    return status;
}

far_status_t setting_read_switch (void *self, const setting_t *setting, const char *text, const char *where)
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

far_status_t setting_read_text (void *self, const setting_t *setting, const char *text, const char *where)
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
