/* Errors as values. An error is one block of memory: the struct, its hops, and behind them all texts; it never changes,
 * so threads share it by counting. What caused it is an error of its own, shared likewise. Knows nothing of the wire. */
#include "base/error.h"
#include "base/limits.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct far_error {
    atomic_size_t owners;
    bool is_static; /* not counted, never freed */
    far_status_t kind;
    const char *error_class, *message;
    size_t class_size, message_size, hop_count;
    far_error_t *cause; /* owned; NULL if none */
    far_hop_t hops[];
};

static far_error_t no_memory = { .is_static = true,
                                 .kind = FAR_E_NO_MEMORY,
                                 .error_class = "NoMemory",
                                 .message = "no memory",
                                 .class_size = 8,
                                 .message_size = 9 };

static const far_error_t none = {
    .is_static = true, .kind = FAR_OK, .error_class = "Ok", .message = "", .class_size = 2
};

typedef struct text {
    const char *data;
    size_t size;
} text_t;

static text_t text_of (const char *string)
{
    return string ? (text_t){ string, strlen (string) } : (text_t){ "", 0 };
}

static const char *keep (char **room, text_t text)
{
    char *kept = *room;
    if (text.size)
        memcpy (kept, text.data, text.size);
    kept[text.size] = '\0';
    *room += text.size + 1;
    return kept;
}

static size_t hop_bytes (const far_hop_t *hop)
{
    return text_of (hop->process).size + text_of (hop->object).size + text_of (hop->method).size +
           text_of (hop->file).size + 4;
}

static far_hop_t keep_hop (char **room, const far_hop_t *hop)
{
    return (far_hop_t){ .process = keep (room, text_of (hop->process)),
                        .object = keep (room, text_of (hop->object)),
                        .method = keep (room, text_of (hop->method)),
                        .file = keep (room, text_of (hop->file)),
                        .line = hop->line };
}

/* The hops and the cause of before (may be NULL), and then more hops. */
static far_error_t *build (far_status_t kind, text_t error_class, text_t message, const far_error_t *before,
                           const far_hop_t *more, size_t more_count)
{
    size_t inner = before ? before->hop_count : 0, hop_count = inner + more_count;
    size_t bytes = sizeof (far_error_t) + hop_count * sizeof (far_hop_t) + error_class.size + message.size + 2;
    for (size_t i = 0; i < hop_count; i++)
        bytes += hop_bytes (i < inner ? &before->hops[i] : &more[i - inner]);
    far_error_t *self = malloc (bytes);
    if (!self)
        return &no_memory;
    char *room = (char *)&self->hops[hop_count];
    *self = (far_error_t){ .kind = kind,
                           .class_size = error_class.size,
                           .message_size = message.size,
                           .hop_count = hop_count,
                           .cause = before ? far_error_retain (before->cause) : NULL };
    atomic_init (&self->owners, 1);
    self->error_class = keep (&room, error_class);
    self->message = keep (&room, message);
    for (size_t i = 0; i < hop_count; i++)
        self->hops[i] = keep_hop (&room, i < inner ? &before->hops[i] : &more[i - inner]);
    return self;
}

far_error_t *far_error_from (far_status_t kind, const char *error_class, size_t class_size, const char *message,
                             size_t message_size)
{
    text_t named = error_class ? (text_t){ error_class, class_size } : text_of (far_status_name (kind));
    return build (kind, named, (text_t){ message, message_size }, NULL, NULL, 0);
}

far_error_t *far_error_vnew (far_status_t kind, const char *error_class, const char *format, va_list args)
{
    char shorter[512], *longer = NULL;
    va_list again;
    va_copy (again, args);
    int size = vsnprintf (shorter, sizeof shorter, format, args);
    if (size >= (int)sizeof shorter && vasprintf (&longer, format, again) < 0) {
        longer = NULL;
        size = (int)sizeof shorter - 1;
    }
    va_end (again);
    far_error_t *self = far_error_from (kind, error_class, error_class ? strlen (error_class) : 0,
                                        longer ? longer : shorter, size < 0 ? 0 : (size_t)size);
    free (longer);
    return self;
}

far_error_t *far_error_new (far_status_t kind, const char *format, ...)
{
    va_list args;
    va_start (args, format);
    far_error_t *self = far_error_vnew (kind, NULL, format, args);
    va_end (args);
    return self;
}

static far_error_t *copy_with (const far_error_t *error, const far_hop_t *hops, size_t count)
{
    return build (error->kind, (text_t){ error->error_class, error->class_size },
                  (text_t){ error->message, error->message_size }, error, hops, count);
}

far_error_t *far_error_with_hops (const far_error_t *error, const far_hop_t *hops, size_t count)
{
    size_t room = FAR_LIMIT_HOPS - error->hop_count;
    if (!room || !count)
        return far_error_retain (error);
    return copy_with (error, hops, count < room ? count : room);
}

far_error_t *far_error_with_hop (const far_error_t *error, const far_hop_t *hop)
{
    return far_error_with_hops (error, hop, 1);
}

static size_t causes_of (const far_error_t *error)
{
    size_t count = 0;
    while ((error = error->cause))
        count++;
    return count;
}

/* A cause with at most so many causes of its own, the innermost left out. */
static far_error_t *cut (const far_error_t *cause, size_t most)
{
    if (causes_of (cause) <= most)
        return far_error_retain (cause);
    far_error_t *copy = copy_with (cause, NULL, 0);
    if (copy->is_static)
        return copy;
    far_error_release (&copy->cause);
    copy->cause = most ? cut (cause->cause, most - 1) : NULL;
    return copy;
}

far_error_t *far_error_with_cause (const far_error_t *error, const far_error_t *cause)
{
    far_error_t *self = cause ? copy_with (error, NULL, 0) : far_error_retain (error);
    if (!cause || self->is_static)
        return self;
    far_error_release (&self->cause);
    self->cause = cut (cause, FAR_LIMIT_CAUSES - 1);
    return self;
}

far_error_t *far_error_retain (const far_error_t *error)
{
    far_error_t *self = (far_error_t *)error; /* the count is no part of what never changes */
    if (self && !self->is_static)
        atomic_fetch_add_explicit (&self->owners, 1, memory_order_relaxed);
    return self;
}

void far_error_release (far_error_t **error_p)
{
    far_error_t *self = *error_p;
    *error_p = NULL;
    if (self && !self->is_static && atomic_fetch_sub_explicit (&self->owners, 1, memory_order_acq_rel) == 1) {
        far_error_release (&self->cause);
        free (self);
    }
}

const far_error_t *far_error_none (void)
{
    return &none;
}

far_status_t far_error_kind (const far_error_t *error)
{
    return error->kind;
}

const char *far_error_class (const far_error_t *error)
{
    return error->error_class;
}

const char *far_error_message (const far_error_t *error)
{
    return error->message;
}

size_t far_error_hop_count (const far_error_t *error)
{
    return error->hop_count;
}

const far_hop_t *far_error_hop (const far_error_t *error, size_t index)
{
    return index < error->hop_count ? &error->hops[index] : NULL;
}

const far_error_t *far_error_cause (const far_error_t *error)
{
    return error->cause;
}
