/* Describes modules and classes from the tables that they are made of. Owns nothing. A chain of constructors that failed
 * has left NULL somewhere, which far_value_append and far_value_put refuse. */
#include "object/describe.h"
#include "object/property.h"
#include <string.h>

static far_status_t put (far_value_t *map, const char *key, far_value_t **item_p)
{
    far_value_t *name = far_value_string (key, strlen (key));
    return far_value_put (map, &name, item_p);
}

static const char *text_of (const char *text)
{
    return text ? text : "";
}

static far_value_t *describe_method (const far_class_member_t *member)
{
    return far_value_new ("{ss ss ss ss}", "name", member->name.data, "signature", member->signature, "doc",
                          member->doc, "from", member->of->name);
}

static far_value_t *describe_operator (const far_class_member_t *member)
{
    far_operator_t of = far_operator_find (member->name.data, member->name.size);
    return far_value_new ("{ss ss ss ss ss}", "name", member->name.data, "symbol", far_operator_row (of)->symbol,
                          "signature", member->signature, "doc", member->doc, "from", member->of->name);
}

static far_value_t *describe_property (const far_class_member_t *member)
{
    const far_property_t *property = member->property;
    return far_value_new ("{ss ss ss sb sb ss}", "name", member->name.data, "type", property->type, "doc", member->doc,
                          "settable", far_property_is_settable (property), "deletable", property->del != NULL, "from",
                          member->of->name);
}

static far_value_t *describe_constant (const far_class_member_t *member)
{
    return far_value_new ("{ss sv ss ss}", "name", member->name.data, "value", member->value, "doc", member->doc,
                          "from", member->of->name);
}

static const struct member_kind {
    const char *key; /* of the list in the description of a class */
    far_value_t *(*describe) (const far_class_member_t *member);
} member_kinds[] = {
    [FAR_CLASS_METHOD] = { "methods", describe_method },
    [FAR_CLASS_OPERATOR] = { "operators", describe_operator },
    [FAR_CLASS_PROPERTY] = { "properties", describe_property },
    [FAR_CLASS_CONSTANT] = { "constants", describe_constant },
};

/* The members of one kind: the class's own in the order of its table, then those of its bases that it has not itself. */
static far_value_t *describe_members (const far_class_table_t *table, size_t kind)
{
    far_value_t *list = far_value_list ();
    far_status_t status = list ? FAR_OK : FAR_E_NO_MEMORY;
    for (const far_class_table_t *level = table; level; level = level->base)
        for (size_t i = 0; !status && i < level->own_count; i++) {
            const far_class_member_t *member = &level->own[i];
            if (member->kind != kind || far_class_table_find (table, member->name) != member)
                continue;
            far_value_t *item = member_kinds[kind].describe (member);
            status = far_value_append (list, &item);
        }
    if (status)
        far_value_destroy (&list);
    return list;
}

static far_value_t *describe_table (const far_class_table_t *table)
{
    const far_class_t *of = table->of;
    far_value_t *map = far_value_new ("{ss ss ss ss}", "name", of->name, "doc", text_of (of->doc), "takes",
                                      text_of (table->init->of->init_takes), "base", of->base ? of->base->name : "");
    for (size_t kind = 0; map && kind < sizeof member_kinds / sizeof *member_kinds; kind++) {
        far_value_t *members = describe_members (table, kind);
        if (put (map, member_kinds[kind].key, &members))
            far_value_destroy (&map);
    }
    return map;
}

static far_value_t *describe_class (const far_class_t *of)
{
    far_class_table_t *table = far_class_table_of (of);
    far_value_t *described = table ? describe_table (table) : NULL;
    far_class_table_release (&table);
    return described;
}

typedef struct lists {
    far_value_t *functions, *classes, *constants, *modules;
} lists_t;

static far_status_t add_member (lists_t *lists, const far_member_t *member)
{
    far_value_t *item;
    switch (member->kind) {
    case FAR_MEMBER_FUNCTION:
        item = far_value_new ("{ss ss ss}", "name", member->name, "signature", text_of (member->signature), "doc",
                              text_of (member->doc));
        return far_value_append (lists->functions, &item);
    case FAR_MEMBER_CLASS:
        item = describe_class (member->of);
        return far_value_append (lists->classes, &item);
    case FAR_MEMBER_CONSTANT:
        item = far_value_new ("{ss sv}", "name", member->name, "value", member->value);
        return far_value_append (lists->constants, &item);
    case FAR_MEMBER_MODULE:
        item = far_value_string (member->name, strlen (member->name));
        return far_value_append (lists->modules, &item);
    case FAR_MEMBER_OBJECT:
        break;
    }
    return FAR_OK;
}

far_value_t *far_describe_module (const far_module_t *module)
{
    far_value_t *map = far_value_new ("{ss ss}", "name", far_module_name (module), "doc", far_module_doc (module));
    lists_t lists = { far_value_list (), far_value_list (), far_value_list (), far_value_list () };
    far_status_t status = FAR_OK;
    const far_member_t *member;
    for (size_t i = 0; !status && (member = far_module_member (module, i)); i++)
        status = add_member (&lists, member);
    if (status || put (map, "functions", &lists.functions) || put (map, "classes", &lists.classes) ||
        put (map, "constants", &lists.constants) || put (map, "modules", &lists.modules))
        far_value_destroy (&map);
    far_value_destroy (&lists.functions);
    far_value_destroy (&lists.classes);
    far_value_destroy (&lists.constants);
    far_value_destroy (&lists.modules);
    return map;
}
