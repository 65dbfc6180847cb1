/* The text of stages that a program has as records: there is one form of a pipeline on the wire, which people can read too.
 * Owns nothing. */
#include "actor/pipeline_text.h"
#include "base/buffer.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

#define MEANS_SOMETHING "|@ \t\n" /* in the text, where neither a path nor a name has it */

static const struct row {
    const char *name;
    size_t offset;
} settings[] = {
    { "attempts", offsetof (far_pipeline_stage_t, attempts) },
    { "pause_ms", offsetof (far_pipeline_stage_t, pause_ms) },
    { "most", offsetof (far_pipeline_stage_t, most) },
    { "timeout_ms", offsetof (far_pipeline_stage_t, timeout_ms) },
};

static bool is_word (const char *text)
{
    return text && *text && !strpbrk (text, MEANS_SOMETHING);
}

static void append_text (far_buffer_t *out, const char *text)
{
    far_buffer_append (out, text, strlen (text));
}

static void append_settings (far_buffer_t *out, const far_pipeline_stage_t *stage)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        char text[64];
        int value = *(const int *)((const char *)stage + settings[i].offset);
        snprintf (text, sizeof text, " %s=%d", settings[i].name, value);
        if (value)
            append_text (out, text);
    }
}

static far_status_t append_stages (far_buffer_t *out, const far_pipeline_stage_t *stages)
{
    for (const far_pipeline_stage_t *stage = stages; stage->path || stage->at; stage++) {
        if (!is_word (stage->path) || !is_word (stage->at))
            return far_fail (FAR_E_BAD_ARGUMENTS, "stage %d: expected a path and the name of a process or fleet",
                             (int)(stage - stages) + 1);
        append_text (out, stage > stages ? " | " : "");
        append_text (out, stage->path);
        append_text (out, " @ ");
        append_text (out, stage->at);
        append_settings (out, stage);
    }
    far_buffer_append (out, "", 1);
    return out->failed ? far_fail (FAR_E_NO_MEMORY, "no memory for a pipeline") : FAR_OK;
}

char *far_pipeline_text (const far_pipeline_stage_t *stages)
{
    far_buffer_t text = { 0 };
    if (!append_stages (&text, stages))
        return (char *)text.data;
    far_buffer_deinit (&text);
    return NULL;
}
