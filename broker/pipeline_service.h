/* The functions by which processes and people reach the pipelines: module `broker.pipelines`. */
#ifndef BROKER_PIPELINE_SERVICE_H
#define BROKER_PIPELINE_SERVICE_H

#include "pipelines.h"
#include <farcall/object.h>

/* Adds the functions to a module. Borrows the residents. */
void pipeline_service_fill (far_module_t *module, residents_t *residents);

#endif
