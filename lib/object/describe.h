/* What a module offers, as a value: for people, `far ls`, and programs that look. docs/protocol.md, section 8. */
#ifndef FAR_OBJECT_DESCRIBE_H
#define FAR_OBJECT_DESCRIBE_H

#include "object/module.h"

/* NULL with the last error. */
far_value_t *far_describe_module (const far_module_t *module);

#endif
