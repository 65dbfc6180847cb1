/* Hash maps: from 64-bit keys, and from names that a peer may choose (SipHash-2-4 with a random key, so that nobody
 * can aim at one bucket). Open addressing; grows by doubling; removal leaves no tombstones. */
#ifndef FAR_BASE_MAP_H
#define FAR_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct far_map_slot {
    uint64_t key;
    void *value; /* NULL: free */
} far_map_slot_t;

typedef struct far_map {
    far_map_slot_t *slots;
    size_t count, capacity; /* capacity is 0 or a power of 2 */
} far_map_t;

/* An all-zero map is empty and valid. Values are borrowed and never NULL. */
void far_map_deinit (far_map_t *self);
void *far_map_get (const far_map_t *self, uint64_t key);
/* Sets or replaces. false without memory: then nothing has changed. */
bool far_map_put (far_map_t *self, uint64_t key, void *value);
/* Takes out and gives the value; NULL if there was none. */
void *far_map_remove (far_map_t *self, uint64_t key);
/* Goes through all: start with *position = 0; NULL at the end. The map must not change meanwhile. */
void *far_map_next (const far_map_t *self, size_t *position, uint64_t *out_key);

typedef struct far_names far_names_t;

far_names_t *far_names_new (void);
void far_names_destroy (far_names_t **self_p);
void *far_names_get (const far_names_t *self, const char *name, size_t size);
/* Adds; the name is copied. false without memory, or if the name is there already. */
bool far_names_add (far_names_t *self, const char *name, size_t size, void *value);
void *far_names_remove (far_names_t *self, const char *name, size_t size);
size_t far_names_count (const far_names_t *self);
/* Goes through all, in no order; *out_name is borrowed and NUL-terminated. */
void *far_names_next (const far_names_t *self, size_t *position, const char **out_name);

#endif
