/* Tables of classes: made when a class is first used, shared by its class object and all its instances, gone with the
 * last of them. Owns the index of tables by class, under a lock of its own. Knows nothing of modules. */
#include "object/class.h"
#include "base/map.h"
#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static far_map_t tables; /* by the address of the class */

static uint64_t class_key (const far_class_t *of)
{
    return (uint64_t)(uintptr_t)of;
}

bool far_is_name (const char *name, size_t size)
{
    if (!size || isdigit ((unsigned char)name[0]))
        return false;
    for (size_t i = 0; i < size; i++)
        if (!isalnum ((unsigned char)name[i]) && name[i] != '_')
            return false;
    return true;
}

static int compare_texts (far_text_t a, far_text_t b)
{
    int order = memcmp (a.data, b.data, a.size < b.size ? a.size : b.size);
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_methods (const void *a, const void *b)
{
    const far_class_method_t *first = a, *second = b;
    return compare_texts (first->name, second->name);
}

static void callee_deinit (far_callee_t *callee)
{
    far_signature_t *signature = (far_signature_t *)callee->signature; /* const for those who only run it */
    far_signature_destroy (&signature);
}

static void table_free (far_class_table_t *self)
{
    callee_deinit (&self->init);
    callee_deinit (&self->value);
    for (size_t i = 0; i < self->count; i++)
        callee_deinit (&self->methods[i].callee);
    free (self->methods);
    free (self);
}

static bool callee_init (far_callee_t *out, const far_class_t *of, const char *method, far_method_fn *does,
                         const char *signature)
{
    *out = (far_callee_t){ .object = of->name, .method = method, .does = does };
    out->signature = far_signature_new (signature);
    if (!out->signature)
        far_fail (far_error_kind (far_last_error ()), "class %s, method %s: %s", of->name, method,
                  far_error_message (far_last_error ()));
    return out->signature;
}

static bool add_method (far_class_table_t *self, const far_method_t *method)
{
    const char *name = method->name;
    if (!far_is_name (name, strlen (name))) {
        far_fail (FAR_E_BAD_ARGUMENTS, "class %s: '%s' is no name for a method", self->of->name, name);
        return false;
    }
    if (!method->does) {
        far_fail (FAR_E_BAD_ARGUMENTS, "class %s, method %s: there is no function", self->of->name, name);
        return false;
    }
    far_class_method_t *added = &self->methods[self->count];
    if (!callee_init (&added->callee, self->of, name, method->does, method->signature))
        return false;
    added->name = (far_text_t){ name, strlen (name) };
    self->count++;
    return true;
}

static bool add_methods (far_class_table_t *self)
{
    size_t count = 0;
    for (const far_method_t *method = self->of->methods; method && method->name; method++)
        count++;
    self->methods = calloc (count ? count : 1, sizeof *self->methods);
    if (!self->methods) {
        far_fail (FAR_E_NO_MEMORY, "no memory for class %s", self->of->name);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!add_method (self, &self->of->methods[i]))
            return false;
    qsort (self->methods, count, sizeof *self->methods, compare_methods);
    for (size_t i = 1; i < count; i++)
        if (!compare_methods (&self->methods[i - 1], &self->methods[i])) {
            far_fail (FAR_E_BAD_ARGUMENTS, "class %s: method %s is there twice", self->of->name,
                      self->methods[i].name.data);
            return false;
        }
    return true;
}

static far_class_table_t *table_new (const far_class_t *of)
{
    if (!of->name || !far_is_name (of->name, strlen (of->name))) {
        far_fail (FAR_E_BAD_ARGUMENTS, "'%s' is no name for a class", of->name ? of->name : "");
        return NULL;
    }
    far_class_table_t *self = calloc (1, sizeof *self);
    if (!self) {
        far_fail (FAR_E_NO_MEMORY, "no memory for class %s", of->name);
        return NULL;
    }
    self->of = of;
    self->users = 1;
    bool fine = callee_init (&self->init, of, "init", of->init, of->init_takes) &&
                callee_init (&self->value, of, "value", of->value, NULL) && add_methods (self);
    if (!fine) {
        table_free (self);
        return NULL;
    }
    return self;
}

far_class_table_t *far_class_table_of (const far_class_t *of)
{
    pthread_mutex_lock (&lock);
    far_class_table_t *self = far_map_get (&tables, class_key (of));
    if (self) {
        self->users++;
    } else {
        self = table_new (of);
        if (self && !far_map_put (&tables, class_key (of), self)) {
            table_free (self);
            self = NULL;
            far_fail (FAR_E_NO_MEMORY, "no memory for class %s", of->name);
        }
    }
    pthread_mutex_unlock (&lock);
    return self;
}

far_class_table_t *far_class_table_retain (far_class_table_t *self)
{
    pthread_mutex_lock (&lock);
    self->users++;
    pthread_mutex_unlock (&lock);
    return self;
}

void far_class_table_release (far_class_table_t **self_p)
{
    far_class_table_t *self = *self_p;
    *self_p = NULL;
    if (!self)
        return;
    pthread_mutex_lock (&lock);
    bool last = --self->users == 0;
    if (last)
        far_map_remove (&tables, class_key (self->of));
    if (!tables.count)
        far_map_deinit (&tables);
    pthread_mutex_unlock (&lock);
    if (last)
        table_free (self);
}

const far_class_method_t *far_class_table_find (const far_class_table_t *self, far_text_t name)
{
    size_t low = 0, high = self->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_texts (name, self->methods[middle].name);
        if (!order)
            return &self->methods[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
