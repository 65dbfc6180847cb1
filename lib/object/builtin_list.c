/* Methods of lists. */
#include "object/builtin_compare.h"
#include "object/builtin_edit.h"
#include "object/builtin_methods.h"
#include "object/builtin_number.h"
#include "object/builtin_sequence.h"
#include "object/hosted.h"

#include <stdlib.h>
#include <string.h>

/* A place between items, as slices have it: from the end if negative, and never outside. */
static size_t place_in (const far_value_t *list, int64_t index)
{
    int64_t count = (int64_t)far_value_count (list);
    int64_t at = index < 0 ? (index < -count ? 0 : index + count) : index;
    return (size_t)(at > count ? count : at);
}

/* Changes a list by one splice. The item (may be NULL) is consumed. */
static far_status_t splice (far_hosted_t *self, int64_t index, far_value_t *item)
{
    far_value_t **list, *dropped = NULL;
    far_keys_t *keys;
    far_status_t status = item ? far_hosted_edit (self, &list, &keys) : FAR_E_NO_MEMORY;
    if (!status) {
        status = far_value_splice (*list, place_in (*list, index), 0, &item, 1, &dropped);
        far_hosted_edited (self, &dropped);
    }
    if (status)
        far_value_destroy (&item);
    return status;
}

static far_status_t append (far_call_t *call, void *self)
{
    const far_value_t *item;
    far_status_t status = far_call_args (call, &item);
    return status ? status : splice (self, INT64_MAX, far_hosted_kept (item));
}

static far_status_t insert (far_call_t *call, void *self)
{
    int64_t index;
    const far_value_t *item;
    far_status_t status = far_call_args (call, &index, &item);
    return status ? status : splice (self, index, far_hosted_kept (item));
}

static far_status_t pop (far_call_t *call, void *self)
{
    int64_t index;
    far_value_t **list, *dropped = NULL;
    far_keys_t *keys;
    far_status_t status = far_call_args (call, &index);
    if (!status)
        status = far_hosted_edit (self, &list, &keys);
    if (status)
        return status;
    int64_t count = (int64_t)far_value_count (*list), at = index < 0 ? index + count : index;
    if (!count)
        status = far_raise ("IndexError", "pop from empty list");
    else if (at < 0 || at >= count)
        status = far_raise ("IndexError", "pop index out of range");
    else
        status = far_value_splice (*list, (size_t)at, 1, NULL, 0, &dropped);
    far_value_t *item = status ? NULL : far_value_retain (dropped);
    far_hosted_edited (self, &dropped);
    return far_hosted_answer (call, status, &item);
}

static far_status_t extend (far_call_t *call, void *self)
{
    const far_value_t *sent;
    far_value_t **list, *dropped = NULL;
    far_keys_t *keys;
    far_status_t status = far_call_args (call, &sent);
    far_value_t *from = status ? NULL : far_hosted_operand (sent);
    if (from)
        status = far_hosted_edit (self, &list, &keys);
    if (!from || status) {
        far_value_destroy (&from);
        return status ? status : FAR_E_NO_MEMORY;
    }
    status = far_list_insert_all (*list, far_value_count (*list), 0, from, &dropped);
    far_hosted_edited (self, &dropped);
    far_value_destroy (&from);
    return status;
}

/* The place of a value between two places; SIZE_MAX where it is not there. */
static size_t find (const far_value_t *list, const far_value_t *value, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (far_builtin_equals (far_value_item (list, i), value))
            return i;
    return SIZE_MAX;
}

static far_status_t delete_first (far_value_t *list, const far_value_t *value, far_value_t **dropped)
{
    size_t at = find (list, value, 0, far_value_count (list));
    return at == SIZE_MAX ? far_raise ("ValueError", "list.remove(x): x not in list")
                          : far_value_splice (list, at, 1, NULL, 0, dropped);
}

static far_status_t delete_value (far_call_t *call, void *self)
{
    const far_value_t *sent;
    far_value_t **list, *dropped = NULL;
    far_keys_t *keys;
    far_status_t status = far_call_args (call, &sent);
    far_value_t *value = status ? NULL : far_hosted_operand (sent);
    if (value)
        status = far_hosted_edit (self, &list, &keys);
    if (!status && value) {
        status = delete_first (*list, value, &dropped);
        far_hosted_edited (self, &dropped);
    }
    status = !status && !value ? FAR_E_NO_MEMORY : status;
    far_value_destroy (&value);
    return status;
}

static far_status_t index_of (far_call_t *call, void *self)
{
    const far_value_t *sent;
    int64_t start, stop;
    far_status_t status = far_call_args (call, &sent, &start, &stop);
    if (status)
        return status;
    far_value_t *list = far_hosted_read (self), *value = far_hosted_operand (sent);
    size_t at = find (list, value, place_in (list, start), place_in (list, stop));
    far_value_destroy (&list);
    far_value_destroy (&value);
    return at == SIZE_MAX ? far_raise ("ValueError", "list.index(x): x not in list")
                          : far_call_return (call, "u", (uint64_t)at);
}

static far_status_t count_of (far_call_t *call, void *self)
{
    const far_value_t *sent;
    far_status_t status = far_call_args (call, &sent);
    if (status)
        return status;
    far_value_t *list = far_hosted_read (self), *value = far_hosted_operand (sent);
    uint64_t count = 0;
    for (size_t i = 0; i < far_value_count (list); i++)
        count += far_builtin_equals (far_value_item (list, i), value);
    far_value_destroy (&list);
    far_value_destroy (&value);
    return far_call_return (call, "u", count);
}

/* Merges two sorted runs of items into out. Equal ones stay in their order. */
static far_status_t merge (far_operator_t before, far_value_t *const *items, size_t middle, size_t count,
                           far_value_t **out)
{
    far_status_t status = FAR_OK;
    for (size_t left = 0, right = middle, at = 0; at < count; at++) {
        bool takes_right = left == middle;
        if (left < middle && right < count)
            status = far_builtin_order (before, items[right], items[left], &takes_right);
        if (status)
            return status;
        out[at] = takes_right ? items[right++] : items[left++];
    }
    return status;
}

/* Sorts items; room is for as many. Borrows the values. */
static far_status_t sort_items (far_operator_t before, far_value_t **items, size_t count, far_value_t **room)
{
    if (count < 2)
        return FAR_OK;
    size_t middle = count / 2;
    far_status_t status = sort_items (before, items, middle, room);
    if (!status)
        status = sort_items (before, items + middle, count - middle, room);
    if (!status)
        status = merge (before, items, middle, count, room);
    if (!status)
        memcpy (items, room, count * sizeof *items);
    return status;
}

/* Puts the same items in another order: `before` sorts them, FAR_OPERATOR_COUNT turns them round. */
static far_status_t reorder (far_value_t *list, far_operator_t before)
{
    size_t count = far_value_count (list);
    far_value_t **items = far_value_order (list);
    if (before == FAR_OPERATOR_COUNT) {
        for (size_t i = 0; i < count / 2; i++) {
            far_value_t *item = items[i];
            items[i] = items[count - 1 - i];
            items[count - 1 - i] = item;
        }
        return FAR_OK;
    }
    far_value_t **sorted = malloc (2 * count * sizeof *sorted + 1);
    if (!sorted)
        return far_fail (FAR_E_NO_MEMORY, "no memory to sort a list");
    if (count)
        memcpy (sorted, items, count * sizeof *items);
    far_status_t status = sort_items (before, sorted, count, sorted + count);
    if (!status && count)
        memcpy (items, sorted, count * sizeof *items);
    free (sorted);
    return status;
}

static far_status_t reorder_hosted (far_hosted_t *self, far_operator_t before)
{
    far_value_t **list, *dropped = NULL;
    far_keys_t *keys;
    far_status_t status = far_hosted_edit (self, &list, &keys);
    if (status)
        return status;
    status = reorder (*list, before);
    far_hosted_edited (self, &dropped);
    return status;
}

static far_status_t sort (far_call_t *call, void *self)
{
    bool reverse;
    far_status_t status = far_call_args (call, &reverse);
    return status ? status : reorder_hosted (self, reverse ? FAR_GT : FAR_LT);
}

static far_status_t reverse (far_call_t *call, void *self)
{
    (void)call;
    return reorder_hosted (self, FAR_OPERATOR_COUNT);
}

static far_status_t copy (far_call_t *call, void *self)
{
    far_value_t *list = far_hosted_read (self);
    return far_hosted_answer (call, FAR_OK, &list);
}

static far_status_t clear (far_call_t *call, void *self)
{
    (void)call;
    far_value_t **list, *dropped = NULL;
    far_keys_t *keys;
    far_status_t status = far_hosted_edit (self, &list, &keys);
    if (status)
        return status;
    status = far_value_splice (*list, 0, far_value_count (*list), NULL, 0, &dropped);
    far_hosted_edited (self, &dropped);
    return status;
}

const far_method_t far_list_methods[] = {
    { "append", append, "item:v", "Add an item at the end." },
    { "extend", extend, "items:v", "Add all items of a list, map (its keys), string or binary." },
    { "insert", insert, "index:l, item:v", "Put an item before the one at index." },
    { "pop", pop, "index:l=-1 -> v", "Take an item out, the last by default." },
    { "remove", delete_value, "value:v", "Take the first equal item out; ValueError if there is none." },
    { "index", index_of, "value:v, start:l=0, stop:l=9223372036854775807 -> u", "Where the first equal item is." },
    { "count", count_of, "value:v -> u", "How many items are equal." },
    { "sort", sort, "reverse:b=false", "Sort in place; equal items keep their order." },
    { "reverse", reverse, NULL, "Turn the order round." },
    { "copy", copy, "-> [v]", "The list by value." },
    { "clear", clear, NULL, "Take all items out." },
    { 0 },
};
