/* The functions by which processes and people reach the fleets: module `broker.fleets`. */
#ifndef BROKER_FLEET_SERVICE_H
#define BROKER_FLEET_SERVICE_H

#include "fleets.h"
#include <farcall/object.h>

/* Adds the functions to a module. Borrows the fleets. */
void fleet_service_fill (far_module_t *module, residents_t *fleets);

#endif
