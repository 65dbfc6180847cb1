/* The built-in module `process`: is it alive, what does it offer, how is that called. Written as any module is; its
 * data is the registry. Knows nothing of actors. */
#include "object/process_module.h"
#include "object/module.h"
#include "object/registry.h"
#include <string.h>

static far_status_t ping (far_call_t *call, void *registry)
{
    (void)registry;
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    return far_call_return (call, "t", &now);
}

static far_status_t modules (far_call_t *call, void *registry)
{
    far_value_t *names = far_registry_names (registry);
    if (!names)
        return FAR_E_NO_MEMORY;
    far_status_t status = far_call_return (call, "v", names);
    far_value_destroy (&names);
    return status;
}

/* Where a chain of constructors failed, there is NULL, which far_value_append and far_value_put refuse. */
static far_status_t put (far_value_t *map, const char *key, far_value_t **item_p)
{
    far_value_t *name = far_value_string (key, strlen (key));
    return far_value_put (map, &name, item_p);
}

static const char *text_of (const char *text)
{
    return text ? text : "";
}

static far_value_t *describe_function (const char *name, const char *signature, const char *doc)
{
    far_value_t *map = far_value_map ();
    if (far_value_set (map, "name", "s", name) || far_value_set (map, "signature", "s", text_of (signature)) ||
        far_value_set (map, "doc", "s", text_of (doc)))
        far_value_destroy (&map);
    return map;
}

static far_value_t *describe_class (const far_class_t *of)
{
    far_value_t *map = far_value_map (), *methods = far_value_list ();
    bool fine = true;
    for (const far_method_t *method = of->methods; fine && method && method->name; method++) {
        far_value_t *function = describe_function (method->name, method->signature, method->doc);
        fine = !far_value_append (methods, &function);
    }
    fine = fine && !far_value_set (map, "name", "s", of->name) && !far_value_set (map, "doc", "s", text_of (of->doc)) &&
           !far_value_set (map, "takes", "s", text_of (of->init_takes)) && !put (map, "methods", &methods);
    far_value_destroy (&methods);
    if (!fine)
        far_value_destroy (&map);
    return map;
}

static far_value_t *describe_constant (const far_member_t *member)
{
    far_value_t *map = far_value_map (), *value = far_value_retain (member->value);
    if (far_value_set (map, "name", "s", member->name) || put (map, "value", &value))
        far_value_destroy (&map);
    far_value_destroy (&value);
    return map;
}

typedef struct lists {
    far_value_t *functions, *classes, *constants, *modules;
} lists_t;

static far_status_t add_member (lists_t *lists, const far_member_t *member)
{
    far_value_t *item;
    switch (member->kind) {
    case FAR_MEMBER_FUNCTION:
        item = describe_function (member->name, member->signature, member->doc);
        return far_value_append (lists->functions, &item);
    case FAR_MEMBER_CLASS:
        item = describe_class (member->of);
        return far_value_append (lists->classes, &item);
    case FAR_MEMBER_CONSTANT:
        item = describe_constant (member);
        return far_value_append (lists->constants, &item);
    case FAR_MEMBER_MODULE:
        item = far_value_string (member->name, strlen (member->name));
        return far_value_append (lists->modules, &item);
    case FAR_MEMBER_OBJECT:
        break;
    }
    return FAR_OK;
}

static far_value_t *describe_module (const far_module_t *module)
{
    far_value_t *map = far_value_map ();
    lists_t lists = { far_value_list (), far_value_list (), far_value_list (), far_value_list () };
    far_status_t status = FAR_OK;
    const far_member_t *member;
    for (size_t i = 0; !status && (member = far_module_member (module, i)); i++)
        status = add_member (&lists, member);
    if (status || far_value_set (map, "name", "s", far_module_name (module)) ||
        far_value_set (map, "doc", "s", far_module_doc (module)) || put (map, "functions", &lists.functions) ||
        put (map, "classes", &lists.classes) || put (map, "constants", &lists.constants) ||
        put (map, "modules", &lists.modules))
        far_value_destroy (&map);
    far_value_destroy (&lists.functions);
    far_value_destroy (&lists.classes);
    far_value_destroy (&lists.constants);
    far_value_destroy (&lists.modules);
    return map;
}

static far_status_t describe (far_call_t *call, void *registry)
{
    const char *name;
    if (far_call_args (call, &name))
        return far_call_status (call);
    const far_module_t *module = far_registry_module (registry, (far_text_t){ name, strlen (name) });
    if (!module)
        return FAR_E_NO_SUCH_MODULE;
    far_value_t *description = describe_module (module);
    if (!description)
        return far_error_kind (far_last_error ());
    far_status_t status = far_call_return (call, "v", description);
    far_value_destroy (&description);
    return status;
}

void far_process_module (far_module_t *module)
{
    far_module_set_doc (module, "What every process tells of itself.");
    far_module_function (module, "ping", ping, "-> t", "The time at the process.");
    far_module_function (module, "modules", modules, "-> [s]", "The names of the modules that it offers.");
    far_module_function (module, "describe", describe, "module:s -> v",
                         "What a module offers: functions, classes, constants, inner modules.");
}
