/* Maps by Python's keys: equal ones are one key (1, 1.0 and true), lists and maps can be none. */
#ifndef FAR_OBJECT_BUILTIN_MAP_H
#define FAR_OBJECT_BUILTIN_MAP_H

#include "object/builtin.h"

/* Where the keys of a map are. Made when it pays: a few searches are made without it. All-zero is valid and empty; it
 * has to be told of every change but of entries added at the end. */
typedef struct far_keys {
    uint32_t *slots;          /* entry + 1; 0: free */
    size_t capacity, counted; /* entries that are in it: the first ones of the map */
    size_t searches;          /* since it was last forgotten */
} far_keys_t;

/* An index from the first search on. */
#define FAR_KEYS_NOW ((far_keys_t){ .searches = SIZE_MAX / 2 })

void far_keys_deinit (far_keys_t *self);
/* Entries have moved or gone. */
void far_keys_forget (far_keys_t *self);

/* The entry of a key, or SIZE_MAX. Of equal keys (which a message may bring) the last. TypeError: unhashable; NoMemory. */
far_status_t far_keys_find (far_keys_t *self, const far_value_t *map, const far_value_t *key, size_t *out);

bool far_entries_equal (const far_value_t *a, const far_value_t *b);
/* The item of a key, one more owner of it. KeyError. */
far_status_t far_entries_get (far_keys_t *keys, const far_value_t *map, const far_value_t *key, far_value_t **out);

/* Changes; the map has one owner. Sets an item; key and item are borrowed, what was there goes to *dropped. */
far_status_t far_entries_set (far_keys_t *keys, far_value_t *map, const far_value_t *key, const far_value_t *item,
                              far_value_t **dropped);
/* Takes an entry out; *dropped gets its key and item. */
far_status_t far_entries_remove (far_keys_t *keys, far_value_t *map, size_t entry, far_value_t **dropped);
/* Sets all the entries of from, a map or a list of pairs. TypeError, ValueError; then *map has not changed. Else *dropped
 * gets what *map was. */
far_status_t far_entries_update (far_value_t **map, const far_value_t *from, far_value_t **dropped);
/* A map in which each key is once: the same one where that is so already. Consumes map; NULL with the last error. */
far_value_t *far_entries_without_doubles (far_value_t *map);
/* Rows of the table of operators: a | b. */
far_status_t far_entries_merge (far_operator_t of, const far_value_t *a, const far_value_t *b, far_value_t **out);

#endif
