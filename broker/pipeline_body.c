/* Values are taken over as they are encoded, unread. */
#include "pipeline_body.h"

#include <string.h>

static void begin (far_writer_t *out, const char *path)
{
    far_write_list (out, 5);
    far_write_nil (out);
    far_write_string (out, path, strlen (path));
}

static void write_arguments (far_writer_t *out, const far_request_body_t *called)
{
    far_reader_t past = called->arguments;
    far_write_list (out, called->argument_count);
    for (size_t left = called->argument_count; left; left--)
        far_skip (&past);
    far_buffer_append (out->out, called->arguments.position, (size_t)(past.position - called->arguments.position));
}

void pipeline_body_push (far_writer_t *out, const char *path, const far_request_body_t *pushed, uint32_t returns)
{
    far_reader_t end = pushed->keywords;
    begin (out, path);
    write_arguments (out, pushed);
    far_write_map (out, pushed->keyword_count);
    for (size_t left = 2 * pushed->keyword_count; left; left--)
        far_skip (&end);
    far_buffer_append (out->out, pushed->keywords.position, (size_t)(end.position - pushed->keywords.position));
    far_write_uint (out, returns);
}

void pipeline_body_next (far_writer_t *out, const char *path, const far_message_t *result, uint32_t returns)
{
    begin (out, path);
    far_write_list (out, 1);
    if (result->header.body_size)
        far_buffer_append (out->out, result->body, result->header.body_size);
    else
        far_write_nil (out);
    far_write_map (out, 0);
    far_write_uint (out, returns);
}

static void write_entry (far_writer_t *out, const char *key, const char *text)
{
    far_write_string (out, key, strlen (key));
    far_write_string (out, text, strlen (text));
}

static void write_error (far_writer_t *out, const far_error_t *error)
{
    char *text = far_error_text (error);
    far_write_map (out, 4);
    write_entry (out, "kind", far_status_name (far_error_kind (error)));
    write_entry (out, "class", far_error_class (error));
    write_entry (out, "message", far_error_message (error));
    write_entry (out, "text", text ? text : "");
    far_string_free (&text);
}

void pipeline_body_sink (far_writer_t *out, const pipeline_t *pipeline, const pipeline_item_t *item,
                         const far_request_body_t *called, const far_error_t *error)
{
    begin (out, pipeline->stages[pipeline->stage_count].path);
    far_write_list (out, 4);
    far_write_uint (out, item->stage + 1);
    far_write_uint (out, item->number);
    write_error (out, error);
    write_arguments (out, called);
    far_write_map (out, 0);
    far_write_uint (out, item->returns);
}

uint32_t pipeline_body_returns (const pipeline_t *pipeline, unsigned stage, uint32_t pushed)
{
    return stage + 1 < pipeline->stage_count ? FAR_BY_VALUE_USUAL : pushed;
}
