/* Values are taken over as they are encoded, unread. */
#include "pipeline_body.h"

#include <string.h>

void pipeline_body_push (far_writer_t *out, const char *path, const far_request_body_t *pushed, uint32_t returns)
{
    far_reader_t end = pushed->keywords;
    far_write_list (out, 5);
    far_write_nil (out);
    far_write_string (out, path, strlen (path));
    far_write_list (out, pushed->argument_count);
    far_reader_t past = pushed->arguments;
    for (size_t left = pushed->argument_count; left; left--)
        far_skip (&past);
    far_buffer_append (out->out, pushed->arguments.position, (size_t)(past.position - pushed->arguments.position));
    far_write_map (out, pushed->keyword_count);
    for (size_t left = 2 * pushed->keyword_count; left; left--)
        far_skip (&end);
    far_buffer_append (out->out, pushed->keywords.position, (size_t)(end.position - pushed->keywords.position));
    far_write_uint (out, returns);
}

void pipeline_body_next (far_writer_t *out, const char *path, const far_message_t *result, uint32_t returns)
{
    far_write_list (out, 5);
    far_write_nil (out);
    far_write_string (out, path, strlen (path));
    far_write_list (out, 1);
    if (result->header.body_size)
        far_buffer_append (out->out, result->body, result->header.body_size);
    else
        far_write_nil (out);
    far_write_map (out, 0);
    far_write_uint (out, returns);
}

uint32_t pipeline_body_returns (const pipeline_t *pipeline, unsigned stage, uint32_t pushed)
{
    return stage + 1 == pipeline->stage_count ? pushed : FAR_BY_VALUE_USUAL;
}
