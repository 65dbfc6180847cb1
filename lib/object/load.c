/* Modules in shared objects: finds the one function that fills, by the name of the file. What is loaded stays loaded:
 * objects and errors may point into it for as long as the process lives. */
#include "object/registry.h"
#include "base/error.h"
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 128

static const char *reason_of_dl (void)
{
    const char *reason = dlerror ();
    return reason ? reason : "";
}

/* The file's name without folder and `.so`; false if it has no such name. */
static bool name_of (const char *path, char out[NAME_SIZE])
{
    const char *slash = strrchr (path, '/');
    const char *file = slash ? slash + 1 : path;
    size_t size = strlen (file);
    if (size < 4 || strcmp (file + size - 3, ".so") || size - 3 >= NAME_SIZE)
        return false;
    memcpy (out, file, size - 3);
    out[size - 3] = '\0';
    return true;
}

static far_module_fn *find_fill (void *library, const char *name)
{
    char symbol[NAME_SIZE + 16];
    snprintf (symbol, sizeof symbol, "far_module_%s", name);
    void *address = dlsym (library, symbol);
    far_module_fn *fill = NULL;
    memcpy (&fill, &address, sizeof fill); /* C has no cast between the two */
    return fill;
}

static far_status_t add_from (far_registry_t *self, void *library, const char *path, const char *name)
{
    far_module_fn *fill = find_fill (library, name);
    if (!fill && !strncmp (name, "lib", 3)) {
        name += 3;
        fill = find_fill (library, name);
    }
    if (fill)
        return far_registry_add (self, name, fill);
    dlclose (library);
    return far_fail (FAR_E_NO_SUCH_MODULE, "%s has no function far_module_%s", path, name);
}

far_status_t far_registry_load (far_registry_t *self, const char *path)
{
    char name[NAME_SIZE];
    if (!path || !name_of (path, name))
        return far_fail (FAR_E_NO_SUCH_MODULE, "'%s' is no file name of a module (name.so, libname.so)",
                         path ? path : "");
    char *whole = realpath (path, NULL); /* a bare name would be looked for in the system's folders */
    if (!whole) {
        char reason[128];
        return far_fail (FAR_E_NO_SUCH_MODULE, "%s: %s", path, strerror_r (errno, reason, sizeof reason));
    }
    void *library = dlopen (whole, RTLD_NOW | RTLD_LOCAL);
    free (whole);
    if (!library)
        return far_fail (FAR_E_NO_SUCH_MODULE, "%s can't be loaded: %s", path, reason_of_dl ());
    return add_from (self, library, path, name);
}
