/* What pushers say to a pipeline. Only for the files of pipelines. */
#ifndef BROKER_PIPELINE_PUSH_H
#define BROKER_PIPELINE_PUSH_H

#include "pipelines.h"

void pipelines_take_push (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *message);
void pipelines_take_cancel (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *message);

#endif
