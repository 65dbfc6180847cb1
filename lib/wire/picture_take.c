/* The second half of taking by a picture: making copies and finding references, then storing. Knows nothing of pictures
 * but the meaning of their letters. */
#include "wire/picture_take.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

static far_status_t make_text (far_take_t *take)
{
    char *copy = malloc (take->item.text.size + 1);
    if (!copy)
        return far_fail (FAR_E_NO_MEMORY, "no memory for %zu bytes", take->item.text.size);
    memcpy (copy, take->item.text.data, take->item.text.size);
    copy[take->item.text.size] = '\0';
    take->made.text = copy;
    return FAR_OK;
}

static far_status_t make_handle (far_take_t *take, const far_resolver_t *resolver)
{
    far_reference_t reference;
    if (!resolver || !far_reference_read (&take->item, &reference))
        return far_fail (FAR_E_PROTOCOL_ERROR, "picture letter \"%c\" (position %zu): the reference can't be read",
                         take->letter, take->position);
    take->made.handle = resolver->resolve (resolver->context, &reference);
    if (!take->made.handle)
        return far_error_kind (far_last_error ());
    const char *wanted = take->letter == 'P' ? "proxy" : "object";
    if (strcmp (take->made.handle->kind->name, wanted) == 0)
        return FAR_OK;
    if (take->letter == 'P' && resolver->as_proxy) {
        far_handle_t *object = take->made.handle;
        take->made.handle = resolver->as_proxy (resolver->context, object);
        far_handle_release (object);
        return take->made.handle ? FAR_OK : far_error_kind (far_last_error ());
    }
    return far_fail (
        FAR_E_BAD_ARGUMENTS,
        "picture letter \"%c\" (position %zu): expected a reference to an object %s, found one to an object %s",
        take->letter, take->position, take->letter == 'P' ? "elsewhere" : "of this process",
        take->letter == 'P' ? "of this process" : "elsewhere");
}

static far_status_t make (far_take_t *take, const far_resolver_t *resolver)
{
    switch (take->letter) {
    case 's':
    case 'y':
        return make_text (take);
    case 'P':
    case 'O':
        return make_handle (take, resolver);
    case 'v':
        take->made.tree = far_value_read (&take->value, resolver);
        return take->made.tree ? FAR_OK : far_error_kind (far_last_error ());
    default:
        return FAR_OK;
    }
}

static void unmake (far_take_t *take)
{
    switch (take->letter) {
    case 's':
    case 'y':
        free (take->made.text);
        break;
    case 'P':
    case 'O':
        far_handle_release (take->made.handle);
        break;
    case 'v':
        far_value_destroy (&take->made.tree);
        break;
    default:
        break;
    }
}

static double as_float (const far_item_t *item)
{
    return item->type == FAR_TYPE_FLOAT  ? item->real
           : item->type == FAR_TYPE_UINT ? (double)item->natural
                                         : (double)item->integer;
}

void far_scalar_store (char letter, const far_item_t *item, void *variable)
{
    switch (letter) {
    case 'b':
        *(bool *)variable = item->boolean;
        break;
    case 'i':
        *(int *)variable = (int)item->integer;
        break;
    case 'l':
        *(int64_t *)variable = item->integer;
        break;
    case 'u':
        *(uint64_t *)variable = item->type == FAR_TYPE_UINT ? item->natural : (uint64_t)item->integer;
        break;
    case 'f':
        *(double *)variable = as_float (item);
        break;
    case 't':
        *(struct timespec *)variable = item->time;
        break;
    default:
        break;
    }
}

static void store (const far_take_t *take)
{
    const far_item_t *item = &take->item;
    switch (take->letter) {
    case 'y':
        *(far_bytes_t *)take->variable = (far_bytes_t){ take->made.text, item->text.size };
        break;
    case 's':
        *(char **)take->variable = take->made.text;
        break;
    case 'P':
        *(far_proxy_t **)take->variable = (far_proxy_t *)take->made.handle;
        break;
    case 'O':
        *(far_object_t **)take->variable = (far_object_t *)take->made.handle;
        break;
    case 'v':
        *(far_value_t **)take->variable = take->made.tree;
        break;
    default:
        far_scalar_store (take->letter, item, take->variable);
        break;
    }
}

far_status_t far_takes_carry_out (far_take_t *takes, size_t count, const far_resolver_t *resolver)
{
    for (size_t made = 0; made < count; made++) {
        far_status_t status = make (&takes[made], resolver);
        if (status) {
            for (size_t i = 0; i <= made; i++)
                unmake (&takes[i]);
            return status;
        }
    }
    for (size_t i = 0; i < count; i++)
        store (&takes[i]);
    return FAR_OK;
}
