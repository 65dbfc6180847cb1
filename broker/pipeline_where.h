/* Where a request is in a pipeline: at which stage, waiting or running where. */
#ifndef BROKER_PIPELINE_WHERE_H
#define BROKER_PIPELINE_WHERE_H

#include "pipelines.h"

bool pipeline_where (const residents_t *all, const resident_t *pipeline, far_process_id_t caller, uint64_t request,
                     where_t *out);

#endif
