/* Follows paths of attributes through objects. Plain values on the way are hosted for as long as it takes. Does not
 * follow paths into other processes: that would be a call, and nothing here waits. */
#include "object/path.h"
#include "object/hosted.h"
#include "base/error.h"
#include <string.h>

far_text_t far_path_first (far_text_t *path, bool *more)
{
    const char *dot = path->size ? memchr (path->data, '.', path->size) : NULL;
    size_t size = dot ? (size_t)(dot - path->data) : path->size;
    far_text_t first = { path->data, size };
    *more = dot;
    *path = dot ? (far_text_t){ dot + 1, path->size - size - 1 } : (far_text_t){ "", 0 };
    return first;
}

void far_path_split (far_text_t path, far_text_t *before, far_text_t *last)
{
    const char *dot = path.size ? memrchr (path.data, '.', path.size) : NULL;
    size_t size = dot ? (size_t)(dot - path.data) : 0;
    *before = dot ? (far_text_t){ path.data, size } : (far_text_t){ "", 0 };
    *last = dot ? (far_text_t){ dot + 1, path.size - size - 1 } : path;
}

far_status_t far_path_check (far_text_t path)
{
    bool wrong =
        path.size && (path.data[0] == '.' || path.data[path.size - 1] == '.' || memmem (path.data, path.size, "..", 2));
    return wrong ? far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "an empty name in the path '%.*s'", (int)path.size, path.data)
                 : FAR_OK;
}

/* What a value on the way is as an object. Consumes the value. */
static far_status_t as_object (far_value_t **value_p, far_text_t path, far_object_t **out)
{
    far_handle_t *handle = far_value_handle (*value_p);
    if (handle) {
        *out = far_object_retain (far_object_from_handle (handle));
        far_value_destroy (value_p);
        return *out ? FAR_OK
                    : far_fail (FAR_E_NO_SUCH_ATTRIBUTE, "'%.*s' lies in another process", (int)path.size, path.data);
    }
    *out = far_hosted_new (value_p);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

far_status_t far_path_follow (far_object_t *from, far_text_t path, far_call_t *call, far_value_t **out)
{
    far_status_t status = far_path_check (path);
    if (status)
        return status;
    far_value_t *value = NULL;
    far_object_t *here = far_object_retain (from);
    bool more = path.size;
    while (more) {
        far_text_t name = far_path_first (&path, &more);
        status = far_object_getattr (here, name, call, &value);
        far_object_destroy (&here);
        if (status)
            return status;
        if (more)
            status = as_object (&value, name, &here);
        if (status)
            return status;
    }
    if (here) {
        value = far_object_as_value (here);
        far_object_destroy (&here);
    }
    if (!value)
        return far_error_kind (far_last_error ());
    *out = value;
    return FAR_OK;
}

far_status_t far_path_object (far_object_t *from, far_text_t path, far_call_t *call, far_object_t **out)
{
    if (!path.size) {
        *out = far_object_retain (from);
        return FAR_OK;
    }
    far_value_t *value = NULL;
    far_object_t *object = NULL;
    far_status_t status = far_path_follow (from, path, call, &value);
    if (!status)
        status = as_object (&value, path, &object);
    if (!status)
        *out = object;
    return status;
}

far_handle_t *far_path_reference (far_object_t *from, far_text_t path, far_call_t *call)
{
    far_value_t *value = NULL;
    if (far_path_follow (from, path, call, &value))
        return NULL;
    far_handle_t *found = far_handle_retain (far_value_handle (value));
    far_value_destroy (&value);
    if (!found)
        far_fail (FAR_E_BAD_ARGUMENTS, "'%.*s' is a plain value: it can't be referred to", (int)path.size, path.data);
    return found;
}
