/* What changes a list or a map in place: items, slices, and the in-place operators that those types have of their own. */
#include "object/builtin_edit.h"
#include "object/builtin_repr.h"
#include "object/builtin_sequence.h"
#include "base/error.h"
#include "base/limits.h"

#include <stdlib.h>

/* Puts another value in the place of *self_p. */
static far_status_t replace (far_value_t **self_p, far_value_t *by, far_value_t **dropped)
{
    *dropped = *self_p;
    *self_p = by;
    return FAR_OK;
}

far_status_t far_list_insert_all (far_value_t *list, size_t at, size_t removed, const far_value_t *from,
                                  far_value_t **dropped)
{
    far_value_t *items = NULL;
    far_status_t status = far_sequence_items (from, &items);
    if (status)
        return status;
    size_t count = 0;
    far_value_t *const *slots = far_value_slots (items, &count);
    size_t weight = far_value_weight (items, FAR_LIMIT_VALUES); /* nested ones could be taken in again and again */
    if (weight > count + 1 && far_value_weight (list, FAR_LIMIT_VALUES) + weight > FAR_LIMIT_VALUES)
        status = far_fail (FAR_E_LIMIT, "a list of %d values or more", FAR_LIMIT_VALUES);
    for (size_t i = 0; !status && i < count; i++)
        far_value_retain (slots[i]);
    if (!status) {
        status = far_value_splice (list, at, removed, slots, count, dropped);
        for (size_t i = 0; status && i < count; i++) {
            far_value_t *item = slots[i];
            far_value_destroy (&item);
        }
    }
    far_value_destroy (&items);
    return status;
}

static far_status_t set_index (far_value_t *list, const far_value_t *index, const far_value_t *value,
                               far_value_t **dropped)
{
    size_t at;
    far_status_t status = far_sequence_index (list, index, &at);
    if (status)
        return status;
    far_value_t *item = far_value_retain (value);
    status = far_value_splice (list, at, 1, &item, 1, dropped);
    if (status)
        far_value_destroy (&item);
    return status;
}

/* A slice with gaps is set item by item, in a copy that takes the list's place. */
static far_status_t set_with_gaps (far_value_t **self_p, far_slice_t slice, const far_value_t *from,
                                   far_value_t **dropped)
{
    far_value_t *items = NULL, *after = far_value_retain (*self_p);
    far_status_t status = far_sequence_items (from, &items);
    if (!status && far_value_count (items) != slice.count)
        status = far_raise ("ValueError", "attempt to assign sequence of size %zu to extended slice of size %zu",
                            far_value_count (items), slice.count);
    if (!status)
        status = far_value_unshare (&after);
    for (size_t i = 0; !status && i < slice.count; i++) {
        far_value_t *item = far_value_retain (far_value_item (items, i)), *old = NULL;
        status = far_value_splice (after, slice.start + i * (size_t)slice.step, 1, &item, 1, &old);
        far_value_destroy (status ? &item : &old); /* old lives on in *self_p */
    }
    far_value_destroy (&items);
    if (!status)
        return replace (self_p, after, dropped);
    far_value_destroy (&after);
    return status;
}

/* Python asks for equal counts only where the step was given and is not 1. */
static bool has_gaps (const far_value_t *key)
{
    int64_t step = far_value_int (far_value_item (key, 2));
    return far_value_count (key) == 3 && far_value_type (far_value_item (key, 2)) != FAR_TYPE_NIL && step != 1 &&
           !far_value_bool (far_value_item (key, 2));
}

static far_status_t set_slice (far_value_t **self_p, const far_value_t *key, const far_value_t *from,
                               far_value_t **dropped)
{
    far_slice_t slice;
    far_status_t status = far_slice_of (key, far_value_count (*self_p), &slice);
    if (status)
        return status;
    return has_gaps (key) ? set_with_gaps (self_p, slice, from, dropped)
                          : far_list_insert_all (*self_p, slice.start, slice.count, from, dropped);
}

static far_status_t list_set (far_value_t **self_p, far_keys_t *keys, const far_value_t *key, const far_value_t *value,
                              far_value_t **dropped)
{
    (void)keys;
    return far_value_type (key) == FAR_TYPE_LIST ? set_slice (self_p, key, value, dropped)
                                                 : set_index (*self_p, key, value, dropped);
}

/* What a slice with gaps leaves, as a list that takes the list's place. */
static far_status_t delete_with_gaps (far_value_t **self_p, far_slice_t slice, far_value_t **dropped)
{
    bool back = slice.step < 0;
    size_t stride = (size_t)(back ? -slice.step : slice.step);
    size_t next = back ? slice.start - (slice.count - 1) * stride : slice.start, left = slice.count;
    far_value_t *after = far_value_list ();
    far_status_t status = after ? FAR_OK : FAR_E_NO_MEMORY;
    for (size_t i = 0; !status && i < far_value_count (*self_p); i++) {
        if (left && i == next) {
            next += stride;
            left--;
            continue;
        }
        far_value_t *item = far_value_retain (far_value_item (*self_p, i));
        status = far_value_append (after, &item);
    }
    if (!status)
        return replace (self_p, after, dropped);
    far_value_destroy (&after);
    return status;
}

static far_status_t list_delete (far_value_t **self_p, far_keys_t *keys, const far_value_t *key,
                                 const far_value_t *nothing, far_value_t **dropped)
{
    (void)keys, (void)nothing;
    far_slice_t slice = { .count = 1, .step = 1 };
    far_status_t status = far_value_type (key) == FAR_TYPE_LIST ? far_slice_of (key, far_value_count (*self_p), &slice)
                                                                : far_sequence_index (*self_p, key, &slice.start);
    if (status || !slice.count)
        return status;
    return slice.step == 1 ? far_value_splice (*self_p, slice.start, slice.count, NULL, 0, dropped)
                           : delete_with_gaps (self_p, slice, dropped);
}

static far_status_t list_extend (far_value_t **self_p, far_keys_t *keys, const far_value_t *from,
                                 const far_value_t *nothing, far_value_t **dropped)
{
    (void)keys, (void)nothing;
    return far_list_insert_all (*self_p, far_value_count (*self_p), 0, from, dropped);
}

static far_status_t list_repeat (far_value_t **self_p, far_keys_t *keys, const far_value_t *times,
                                 const far_value_t *nothing, far_value_t **dropped)
{
    (void)keys, (void)nothing;
    far_value_t *repeated = NULL;
    far_status_t status = far_builtin_operate (FAR_MUL, *self_p, times, &repeated);
    return status ? status : replace (self_p, repeated, dropped);
}

static far_status_t map_set (far_value_t **self_p, far_keys_t *keys, const far_value_t *key, const far_value_t *value,
                             far_value_t **dropped)
{
    return far_entries_set (keys, *self_p, key, value, dropped);
}

static far_status_t map_delete (far_value_t **self_p, far_keys_t *keys, const far_value_t *key,
                                const far_value_t *nothing, far_value_t **dropped)
{
    (void)nothing;
    size_t at;
    far_status_t status = far_keys_find (keys, *self_p, key, &at);
    if (status)
        return status;
    return at == SIZE_MAX ? far_raise_missing (key) : far_entries_remove (keys, *self_p, at, dropped);
}

static far_status_t map_update (far_value_t **self_p, far_keys_t *keys, const far_value_t *from,
                                const far_value_t *nothing, far_value_t **dropped)
{
    (void)nothing;
    far_keys_forget (keys);
    return far_entries_update (self_p, from, dropped);
}

static const struct edit_row {
    far_operator_t of;
    far_type_t type;
    far_status_t (*does) (far_value_t **self_p, far_keys_t *keys, const far_value_t *first, const far_value_t *second,
                          far_value_t **dropped);
} rows[] = {
    { FAR_SETITEM, FAR_TYPE_LIST, list_set }, { FAR_DELITEM, FAR_TYPE_LIST, list_delete },
    { FAR_IADD, FAR_TYPE_LIST, list_extend }, { FAR_IMUL, FAR_TYPE_LIST, list_repeat },
    { FAR_SETITEM, FAR_TYPE_MAP, map_set },   { FAR_DELITEM, FAR_TYPE_MAP, map_delete },
    { FAR_IOR, FAR_TYPE_MAP, map_update },
};

static const struct edit_row *find_row (far_operator_t of, far_type_t type)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].of == of && rows[i].type == type)
            return &rows[i];
    return NULL;
}

bool far_builtin_edits (far_operator_t of, far_type_t type)
{
    return of == FAR_SETITEM || of == FAR_DELITEM || find_row (of, type);
}

far_status_t far_builtin_edit (far_operator_t of, far_value_t **self_p, far_keys_t *keys, const far_value_t *first,
                               const far_value_t *second, far_value_t **dropped)
{
    const struct edit_row *row = find_row (of, far_value_type (*self_p));
    if (!row)
        return far_raise ("TypeError", "'%s' does not support item %s", far_builtin_name (*self_p),
                          of == FAR_SETITEM ? "assignment" : "deletion");
    return row->does (self_p, keys, first, second, dropped);
}
