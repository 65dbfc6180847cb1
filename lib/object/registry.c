/* The modules of a process, by name. Owns one owner of each module, and the root object whose attributes they are; a
 * lock of its own guards the names. Modules are filled outside of it, so that filling may do anything. */
#include "object/registry.h"
#include "object/module.h"
#include "object/path.h"
#include "object/process_module.h"
#include "base/map.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Others may own the root when the registry has gone. */
typedef struct far_root_object {
    far_object_t base;
    far_registry_t *registry; /* NULL once it has gone */
} far_root_object_t;

struct far_registry {
    far_host_t *host;
    pthread_mutex_t lock;
    far_names_t *modules;
    far_root_object_t *root;
};

static far_status_t no_such_module (far_text_t name)
{
    return far_fail (FAR_E_NO_SUCH_MODULE, "there is no module '%.*s'", (int)name.size, name.data);
}

static const char *root_class_name (const far_object_t *object)
{
    (void)object;
    return "modules";
}

static far_object_t *root_find (far_object_t *object, far_text_t name)
{
    far_root_object_t *self = (far_root_object_t *)object;
    return self->registry ? far_registry_find (self->registry, name) : NULL;
}

static far_status_t root_getattr (far_object_t *object, far_text_t name, far_call_t *call, far_value_t **out)
{
    (void)call;
    far_object_t *module = root_find (object, name);
    if (!module)
        return no_such_module (name);
    far_value_t *value = far_object_as_value (module);
    if (!value)
        return far_error_kind (far_last_error ());
    *out = value;
    return FAR_OK;
}

static far_status_t root_call (far_object_t *object, far_text_t name, far_call_t *call)
{
    far_object_t *module = root_find (object, name);
    return module ? far_object_call (module, (far_text_t){ "", 0 }, call) : no_such_module (name);
}

static void root_release (far_object_t *object)
{
    free (object);
}

static const far_object_ops_t root_ops = {
    .class_name = root_class_name,
    .getattr = root_getattr,
    .call = root_call,
    .release = root_release,
};

static far_root_object_t *root_new (far_registry_t *registry)
{
    far_root_object_t *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    far_object_init (&self->base, &root_ops);
    self->registry = registry;
    return self;
}

/* data is what the module's functions get, unless filling sets another. */
static far_status_t add (far_registry_t *self, const char *name, far_module_fn *fill, void *data)
{
    size_t size = strlen (name);
    if (!far_is_name (name, size))
        return far_fail (FAR_E_BAD_ARGUMENTS, "'%s' is no name for a module", name);
    if (far_registry_find (self, (far_text_t){ name, size }))
        return far_fail (FAR_E_BAD_ARGUMENTS, "there is a module %s already", name);
    far_module_t *module = far_module_new (name, self->host);
    if (!module)
        return far_error_kind (far_last_error ());
    far_module_set_data (module, data, NULL);
    fill (module);
    far_status_t status = far_module_seal (module);
    far_object_t *object = far_module_object_of (module);
    if (!status) {
        pthread_mutex_lock (&self->lock);
        bool taken = far_names_get (self->modules, name, size);
        bool added = !taken && far_names_add (self->modules, name, size, object);
        pthread_mutex_unlock (&self->lock);
        if (added)
            return FAR_OK;
        status = taken ? far_fail (FAR_E_BAD_ARGUMENTS, "there is a module %s already", name)
                       : far_fail (FAR_E_NO_MEMORY, "no memory for module %s", name);
    }
    /* What the module's parts do when they end may not hide why. */
    far_error_t *error = far_error_retain (far_last_error ());
    far_object_destroy (&object);
    far_fail_with (error);
    return status;
}

far_registry_t *far_registry_new (far_host_t *host)
{
    far_registry_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for the modules");
        return NULL;
    }
    pthread_mutex_init (&self->lock, NULL);
    self->host = host;
    self->modules = far_names_new ();
    self->root = root_new (self);
    if (!self->modules || !self->root)
        far_fail (FAR_E_NO_MEMORY, "no memory for the modules");
    else if (!add (self, "process", far_process_module, self))
        return self;
    far_registry_destroy (&self);
    return NULL;
}

void far_registry_destroy (far_registry_t **self_p)
{
    if (!self_p || !*self_p)
        return;
    far_registry_t *self = *self_p;
    *self_p = NULL;
    if (self->root) {
        far_object_t *root = &self->root->base;
        self->root->registry = NULL;
        far_object_destroy (&root);
    }
    size_t position = 0;
    const char *name;
    for (far_object_t *module; self->modules && (module = far_names_next (self->modules, &position, &name));)
        far_object_destroy (&module);
    far_names_destroy (&self->modules);
    pthread_mutex_destroy (&self->lock);
    free (self);
}

far_status_t far_registry_add (far_registry_t *self, const char *name, far_module_fn *fill)
{
    if (!name || !fill)
        return far_fail (FAR_E_BAD_ARGUMENTS, "a module needs a name and a function that fills it");
    return add (self, name, fill, NULL);
}

far_object_t *far_registry_find (far_registry_t *self, far_text_t name)
{
    pthread_mutex_lock (&self->lock);
    far_object_t *module = far_names_get (self->modules, name.data, name.size);
    pthread_mutex_unlock (&self->lock);
    return module;
}

far_module_t *far_registry_module (far_registry_t *self, far_text_t path)
{
    far_text_t rest = path;
    bool more;
    far_module_t *module = far_module_from_object (far_registry_find (self, far_path_first (&rest, &more)));
    while (module && more)
        module = far_module_inner (module, far_path_first (&rest, &more));
    if (!module)
        no_such_module (path);
    return module;
}

far_object_t *far_registry_root (far_registry_t *self)
{
    return &self->root->base;
}

static int compare_names (const void *a, const void *b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Names stay valid: modules are only ever added, but their table may move. */
static size_t sorted_names (far_registry_t *self, const char ***out)
{
    pthread_mutex_lock (&self->lock);
    size_t count = far_names_count (self->modules), position = 0;
    const char **names = calloc (count ? count : 1, sizeof *names);
    const char *name;
    for (size_t i = 0; names && i < count; i++) {
        far_object_t *module = far_names_next (self->modules, &position, &name);
        names[i] = far_module_name (far_module_from_object (module));
    }
    pthread_mutex_unlock (&self->lock);
    if (names)
        qsort (names, count, sizeof *names, compare_names);
    *out = names;
    return names ? count : 0;
}

far_value_t *far_registry_names (far_registry_t *self)
{
    const char **names;
    size_t count = sorted_names (self, &names);
    far_value_t *list = names ? far_value_list () : NULL;
    if (!list)
        far_fail (FAR_E_NO_MEMORY, "no memory for the names of modules");
    for (size_t i = 0; list && i < count; i++) {
        far_value_t *name = far_value_string (names[i], strlen (names[i]));
        if (far_value_append (list, &name))
            far_value_destroy (&list);
    }
    free (names);
    return list;
}
