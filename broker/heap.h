/* A queue by any order, whose nodes lie in the things that are queued: putting in and taking out need no memory, and so
 * can't fail. */
#ifndef BROKER_HEAP_H
#define BROKER_HEAP_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: in no heap. */
typedef struct heap_node {
    struct heap_node *child, *next;
    struct heap_node *previous; /* the one before it; of a first child its parent */
} heap_node_t;

/* Does a come before b? A strict order. */
typedef bool heap_before_fn (const heap_node_t *a, const heap_node_t *b);

typedef struct heap {
    heap_node_t *first; /* NULL when empty */
    size_t count;
    heap_before_fn *before;
} heap_t;

void heap_put (heap_t *self, heap_node_t *node);
/* node is in this heap. */
void heap_remove (heap_t *self, heap_node_t *node);

#endif
