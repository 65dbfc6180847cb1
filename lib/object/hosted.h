/* A plain value, hosted as an object: what TRANSFER makes, and results that come by reference. */
#ifndef FAR_OBJECT_HOSTED_H
#define FAR_OBJECT_HOSTED_H

#include "object/object.h"

/* Consumes the value, also on failure. NULL with NoMemory. */
far_object_t *far_hosted_new (far_value_t **value_p);

#endif
