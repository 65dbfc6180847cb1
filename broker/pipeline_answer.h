/* What stages answer to a pipeline. Only for the files of pipelines. */
#ifndef BROKER_PIPELINE_ANSWER_H
#define BROKER_PIPELINE_ANSWER_H

#include "pipelines.h"

void pipelines_take_answer (residents_t *all, pipeline_process_t *self, session_t *from, const far_message_t *answer);

#endif
