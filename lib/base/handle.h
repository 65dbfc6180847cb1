/* The opaque handle by which a value holds a reference: the first member of objects and proxies. It counts owners and
 * knows nothing else of what it stands for. */
#ifndef FAR_BASE_HANDLE_H
#define FAR_BASE_HANDLE_H

#include <stdatomic.h>
#include <stddef.h>

struct far_options;
struct far_writer;
typedef struct far_handle far_handle_t;

typedef struct far_handle_kind {
    const char *name; /* "object", "proxy" */
    /* Called instead of the decrement from 1 to 0. It takes whatever lock guards the tables that can find the handle,
     * calls far_handle_drop, and frees the thing if that says so: else somebody found it in the meantime. */
    void (*last) (far_handle_t *handle);
    /* What a message says of it: a class name for people, and a path of attributes. Borrowed; "" for none. */
    const char *(*class_name) (const far_handle_t *handle);
    const char *(*path) (const far_handle_t *handle);
    /* What proxies of it are to start with. Borrowed; gives NULL for nothing, and may be NULL itself. */
    const struct far_options *(*options) (const far_handle_t *handle);
    /* Writes itself as a value where a message speaks of it. NULL: the message refers to it. */
    void (*write) (far_handle_t *handle, struct far_writer *out);
} far_handle_kind_t;

struct far_handle {
    const far_handle_kind_t *kind;
    atomic_size_t owners;
};

/* One owner: the caller. */
void far_handle_init (far_handle_t *self, const far_handle_kind_t *kind);
/* One owner more; NULL gives NULL. The caller has one already, or holds the lock of the table it found it in. */
far_handle_t *far_handle_retain (far_handle_t *self);
/* Gives one owner back. Accepts NULL. Must not be called with the locks that kind->last takes. */
void far_handle_release (far_handle_t *self);
/* For kind->last: takes one owner off and says whether it was the last. */
int far_handle_drop (far_handle_t *self);

#endif
