/* The module `process`, which every process hosts. docs/protocol.md, section 8. */
#ifndef FAR_OBJECT_PROCESS_MODULE_H
#define FAR_OBJECT_PROCESS_MODULE_H

#include <farcall/object.h>

/* Fills it. The module's data is the registry that it speaks of. */
void far_process_module (far_module_t *module);

#endif
