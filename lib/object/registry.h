/* The modules that a process offers, by name. Thread-safe; modules are only ever added. */
#ifndef FAR_OBJECT_REGISTRY_H
#define FAR_OBJECT_REGISTRY_H

#include "object/host.h"
#include "object/object.h"

typedef struct far_registry far_registry_t;

/* With the built-in module `process` in it. host is borrowed. */
far_registry_t *far_registry_new (far_host_t *host);
/* What others still own of its modules stays valid. */
void far_registry_destroy (far_registry_t **self_p);

/* Makes a module, lets fill fill it, adds it. BadArguments, or the first error of the filling. */
far_status_t far_registry_add (far_registry_t *self, const char *name, far_module_fn *fill);
/* Loads a shared object and adds the module named as its file (without `lib` and `.so`). */
far_status_t far_registry_load (far_registry_t *self, const char *path);
/* The module as an object; borrowed for as long as the registry lives. NULL if there is none (no error is set). */
far_object_t *far_registry_find (far_registry_t *self, far_text_t name);
/* The module at a dotted name, "a.b"; borrowed. NULL with NoSuchModule. */
far_module_t *far_registry_module (far_registry_t *self, far_text_t path);
/* All modules, as the attributes of one object: what object ID 0 stands for. Borrowed. */
far_object_t *far_registry_root (far_registry_t *self);
/* Names, sorted, as a list of strings. NULL without memory. */
far_value_t *far_registry_names (far_registry_t *self);

#endif
