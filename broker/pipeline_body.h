/* The bodies of the calls to stages, made of what was pushed and of what other stages gave. */
#ifndef BROKER_PIPELINE_BODY_H
#define BROKER_PIPELINE_BODY_H

#include "pipeline.h"
#include "wire/bodies.h"
#include "wire/message.h"

/* [nil, path, arguments, keywords, returns] around arguments and keywords that are there. */
void pipeline_body_push (far_writer_t *out, const char *path, const far_request_body_t *pushed, uint32_t returns);
/* The same around one value, the only argument. */
void pipeline_body_next (far_writer_t *out, const char *path, const far_message_t *result, uint32_t returns);
/* The same around what a sink is told: stage, input, error, and the arguments that the stage was called with. */
void pipeline_body_sink (far_writer_t *out, const pipeline_t *pipeline, const pipeline_item_t *item,
                         const far_request_body_t *called, const far_error_t *error);
/* What a stage gives by value: only those whose answer is that of the push give what the pusher wants. */
uint32_t pipeline_body_returns (const pipeline_t *pipeline, unsigned stage, uint32_t pushed);

#endif
