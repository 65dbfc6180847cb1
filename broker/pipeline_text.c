/* The text of stages, word by word. The settings of a stage are rows of a table. Owns nothing. */
#include "pipeline_text.h"
#include "base/error.h"
#include "base/limits.h"
#include "hello.h"

#include <stdio.h>
#include <string.h>

#define BLANKS       " \t\n"
#define PLACE(field) offsetof (pipeline_stage_t, field)

const setting_t pipeline_settings[] = {
    { "attempts", "COUNT", SETTING_UNSIGNED, PLACE (attempts), 1, 1000, "5", NULL, NULL },
    { "pause_ms", "MS", SETTING_MS, PLACE (pause_ns), 1, 3600000, "20", NULL, NULL },
    { "most", "COUNT", SETTING_SIZE, PLACE (most), 1, PIPELINE_WINDOW_MOST, NULL, NULL, NULL },
    { "timeout_ms", "MS", SETTING_MS, PLACE (timeout_ns), 1, 86400000, NULL, NULL, NULL },
};

const size_t pipeline_settings_count = sizeof pipeline_settings / sizeof *pipeline_settings;

/* Cuts blanks off both ends. */
static char *trim (char *text)
{
    text += strspn (text, BLANKS);
    for (size_t size = strlen (text); size && strchr (BLANKS, text[size - 1]); size--)
        text[size - 1] = 0;
    return text;
}

static far_status_t read_setting (pipeline_stage_t *stage, char *word, const char *where)
{
    char *equals = strchr (word, '=');
    const setting_t *setting =
        equals ? setting_find (pipeline_settings, pipeline_settings_count, word, (size_t)(equals - word)) : NULL;
    if (!setting)
        return far_fail (FAR_E_BAD_ARGUMENTS,
                         "%s: '%.128s' is no setting: expected attempts=, pause_ms=, most= or timeout_ms= and a number",
                         where, word);
    return setting_read (stage, setting, equals + 1, where);
}

far_status_t pipeline_text_read_one (char *text, const char *where, pipeline_stage_t *out)
{
    char *at = strchr (text, '@'), *rest;
    if (!at)
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: expected `path @ name`, not '%.128s'", where, trim (text));
    *at = 0;
    *out = (pipeline_stage_t){ 0 };
    setting_reset (out, pipeline_settings, pipeline_settings_count);
    out->path = trim (text);
    out->at = strtok_r (at + 1, BLANKS, &rest);
    if (!*out->path || strlen (out->path) > FAR_LIMIT_PATH_BYTES || strpbrk (out->path, BLANKS))
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: '%.128s' is no path", where, out->path);
    if (!out->at || !hello_is_name ((far_text_t){ out->at, strlen (out->at) }))
        return far_fail (FAR_E_BAD_ARGUMENTS, "%s: '%.128s' is no name of a process or fleet", where,
                         out->at ? out->at : "");
    far_status_t status = FAR_OK;
    for (char *word; !status && (word = strtok_r (NULL, BLANKS, &rest));)
        status = read_setting (out, word, where);
    return status;
}

far_status_t pipeline_text_read (char *text, pipeline_stage_t stages[PIPELINE_STAGES_MOST], unsigned *out_count)
{
    far_status_t status = FAR_OK;
    unsigned count = 0;
    for (char *rest = text, *one; !status && rest; count++) {
        char where[32];
        char *bar = strchr (rest, '|');
        one = rest;
        if (bar)
            *bar = 0;
        rest = bar ? bar + 1 : NULL;
        if (count == PIPELINE_STAGES_MOST)
            return far_fail (FAR_E_BAD_ARGUMENTS, "a pipeline has at most %d stages", PIPELINE_STAGES_MOST);
        snprintf (where, sizeof where, "stage %u", count + 1);
        status = pipeline_text_read_one (one, where, &stages[count]);
    }
    if (!status)
        *out_count = count;
    return status;
}
