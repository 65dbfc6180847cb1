/* Constructing objects of table-driven classes, and ending them. */
#ifndef FAR_OBJECT_CONSTRUCT_H
#define FAR_OBJECT_CONSTRUCT_H

#include "object/class.h"

/* Runs the init of a class, or of the nearest base that has one, with the arguments of the call. If it fails after the
 * init of its own base has run, the base's fini runs. */
far_status_t far_class_init (const far_class_table_t *table, far_call_t *call, void *data);
/* Runs fini of the class and of all its bases, in this order. */
void far_class_fini (const far_class_table_t *table, void *data);

#endif
