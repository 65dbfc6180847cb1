/* The methods of plain values, by type. Their tables are parsed once, as those of classes are, and kept for the life of
 * the process. */
#include "object/builtin_methods.h"
#include "object/class.h"

#include <pthread.h>

static const far_class_t classes[] = {
    [FAR_TYPE_BOOL] = { .name = "bool", .methods = far_number_methods },
    [FAR_TYPE_INT] = { .name = "int", .methods = far_number_methods },
    [FAR_TYPE_UINT] = { .name = "int", .methods = far_number_methods },
    [FAR_TYPE_FLOAT] = { .name = "float", .methods = far_real_methods },
    [FAR_TYPE_STRING] = { .name = "string", .methods = far_string_methods },
    [FAR_TYPE_BINARY] = { .name = "binary", .methods = far_binary_methods },
    [FAR_TYPE_LIST] = { .name = "list", .methods = far_list_methods },
    [FAR_TYPE_MAP] = { .name = "map", .methods = far_map_methods },
    [FAR_TYPE_TIME] = { .name = "time", .methods = far_time_methods },
};

#define TYPES (sizeof classes / sizeof *classes)

static far_class_table_t *tables[TYPES];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void make_tables (void)
{
    for (size_t i = 0; i < TYPES; i++)
        tables[i] = classes[i].name ? far_class_table_of (&classes[i]) : NULL;
}

const far_callee_t *far_builtin_method (far_type_t type, far_text_t name)
{
    pthread_once (&tables_once, make_tables);
    const far_class_table_t *table = type < TYPES ? tables[type] : NULL;
    const far_class_member_t *method = table ? far_class_table_find (table, name) : NULL;
    return method ? &method->callee : NULL;
}
