/* A queue by any order, whose nodes lie in the things that are queued: putting in and taking out need no memory, and so
 * can't fail. */
#ifndef FAR_BASE_HEAP_H
#define FAR_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: in no heap. */
typedef struct far_heap_node {
    struct far_heap_node *child, *next;
    struct far_heap_node *previous; /* the one before it; of a first child its parent */
} far_heap_node_t;

/* Does a come before b? A strict order. */
typedef bool far_heap_before_fn (const far_heap_node_t *a, const far_heap_node_t *b);

typedef struct far_heap {
    far_heap_node_t *first; /* NULL when empty */
    size_t count;
    far_heap_before_fn *before;
} far_heap_t;

void far_heap_put (far_heap_t *self, far_heap_node_t *node);
/* node is in this heap. */
void far_heap_remove (far_heap_t *self, far_heap_node_t *node);
/* How many come before the node, which is in this heap. Goes through all of them. */
size_t far_heap_place (const far_heap_t *self, const far_heap_node_t *node);

#endif
