/* A list that grows in the actor's thread, while the program's own pushes records. */
#include "sink.h"

#include <stdlib.h>
#include <string.h>

static refused_t *items;
static size_t count, capacity;

/* NULL: no record's fault. */
static const char *reason_of (const char *error_class)
{
    static const char *const reasons[] = { "NoPackage", "NoSection" };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (!strcmp (reasons[i], error_class))
            return reasons[i];
    return NULL;
}

static bool make_room (void)
{
    if (count < capacity)
        return true;
    size_t wanted = capacity ? 2 * capacity : 64;
    refused_t *grown = realloc (items, wanted * sizeof *grown);
    if (!grown)
        return false;
    items = grown;
    capacity = wanted;
    return true;
}

static far_status_t sink_take (far_call_t *call, void *self)
{
    (void)self;
    refused_t refused;
    const far_value_t *error, *given;
    if (far_call_args (call, &refused.stage, &refused.input, &error, &given))
        return far_call_status (call);
    refused.why = reason_of (far_value_bytes (far_value_lookup (error, "class")).data);
    if (!refused.why)
        return far_call_fail (call, "Unexpected", "that is not the record's fault");
    refused.text = strdup (far_value_bytes (far_value_lookup (error, "text")).data);
    if (!refused.text || !make_room ()) {
        free (refused.text);
        return far_call_fail (call, "MemoryError", "no memory for another error");
    }
    items[count++] = refused;
    return FAR_OK;
}

const refused_t *sink_item (size_t index)
{
    return index < count ? &items[index] : NULL;
}

void sink_clear (void)
{
    while (count)
        free (items[--count].text);
    free (items);
    items = NULL;
    capacity = 0;
}

FAR_MODULE (sink)
{
    far_module_set_doc (module, "Records that a stage could make nothing of.");
    far_module_function (module, "take", sink_take, "stage:u, input:u, error:{sv}, given:[v]", "Keep what it says.");
}
