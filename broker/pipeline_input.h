/* An input of a pipeline on its way: as a message, and how it ends. Only for the files of pipelines. */
#ifndef BROKER_PIPELINE_INPUT_H
#define BROKER_PIPELINE_INPUT_H

#include "pipelines.h"
#include "resident_say.h"

/* The call of the stage that it is in. */
far_message_t pipelines_message (const pipeline_process_t *self, const pipeline_item_t *item);
/* Takes it out for good, answered already, or not to be: what it refers to is let go of. */
void pipelines_take_out (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, pipeline_end_t how);
/* Ends it with this error, which says from here on where that was. Consumes the error. */
void pipelines_end (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, far_error_t *error);
/* The same for an error of the stage: of that the sink is told, if there is one, and only what the sink can't take ends
 * here. */
void pipelines_fail (residents_t *all, pipeline_process_t *self, pipeline_item_t *item, far_error_t *error);
/* Whoever runs it is asked to end. */
void pipelines_stop (residents_t *all, pipeline_process_t *self, const pipeline_item_t *item);

#endif
