/* A pairing heap: putting in is one comparison, taking out a logarithm of them on average. Owns nothing. */
#include "base/heap.h"

/* Both are roots and have no siblings; so is what comes out. Either may be NULL. */
static far_heap_node_t *meld (const far_heap_t *self, far_heap_node_t *a, far_heap_node_t *b)
{
    if (!a || !b)
        return a ? a : b;
    if (self->before (b, a)) {
        far_heap_node_t *first = b;
        b = a;
        a = first;
    }
    b->next = a->child;
    b->previous = a;
    if (a->child)
        a->child->previous = b;
    a->child = b;
    return a;
}

/* Takes the first of a list of siblings away from it. */
static far_heap_node_t *detach_first (far_heap_node_t **list)
{
    far_heap_node_t *node = *list;
    if (node) {
        *list = node->next;
        node->next = node->previous = NULL;
    }
    return node;
}

/* Makes one of siblings: in pairs from the left, then the pairs from the right. */
static far_heap_node_t *meld_all (const far_heap_t *self, far_heap_node_t *siblings)
{
    far_heap_node_t *pairs = NULL, *all = NULL, *one;
    while ((one = detach_first (&siblings))) {
        far_heap_node_t *pair = meld (self, one, detach_first (&siblings));
        pair->next = pairs;
        pairs = pair;
    }
    while ((one = detach_first (&pairs)))
        all = meld (self, all, one);
    return all;
}

void far_heap_put (far_heap_t *self, far_heap_node_t *node)
{
    *node = (far_heap_node_t){ 0 };
    self->first = meld (self, self->first, node);
    self->count++;
}

void far_heap_remove (far_heap_t *self, far_heap_node_t *node)
{
    far_heap_node_t *children = meld_all (self, node->child);
    if (node == self->first) {
        self->first = children;
    } else {
        if (node->previous->child == node)
            node->previous->child = node->next;
        else
            node->previous->next = node->next;
        if (node->next)
            node->next->previous = node->previous;
        self->first = meld (self, self->first, children);
    }
    *node = (far_heap_node_t){ 0 };
    self->count--;
}

/* The one that stands behind a node and all that is below it; NULL at the end. */
static const far_heap_node_t *past (const far_heap_node_t *node)
{
    while (node && !node->next) {
        while (node->previous && node->previous->child != node)
            node = node->previous;
        node = node->previous; /* the parent */
    }
    return node ? node->next : NULL;
}

size_t far_heap_place (const far_heap_t *self, const far_heap_node_t *node)
{
    size_t place = 0;
    for (const far_heap_node_t *at = self->first; at;) {
        bool before = self->before (at, node); /* if not, nothing below it is */
        place += before;
        at = before && at->child ? at->child : past (at);
    }
    return place;
}
