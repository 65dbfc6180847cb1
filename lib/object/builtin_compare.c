/* Equality, order and hash of plain values, as Python has them. Trees are no higher than a message may be nested, so
 * recursion is bounded. */
#include "object/builtin_compare.h"
#include "object/builtin_map.h"
#include "object/builtin_number.h"
#include "base/random.h"
#include "base/siphash.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

static int order_of_texts (const far_value_t *a, const far_value_t *b)
{
    far_bytes_t left = far_value_bytes (a), right = far_value_bytes (b);
    int order = memcmp (left.data, right.data, left.size < right.size ? left.size : right.size);
    return order ? order : (left.size > right.size) - (left.size < right.size);
}

static int order_of_times (const far_value_t *a, const far_value_t *b)
{
    struct timespec left = far_value_time (a), right = far_value_time (b);
    if (left.tv_sec != right.tv_sec)
        return left.tv_sec < right.tv_sec ? -1 : 1;
    return (left.tv_nsec > right.tv_nsec) - (left.tv_nsec < right.tv_nsec);
}

static bool lists_equal (const far_value_t *a, const far_value_t *b)
{
    size_t count = far_value_count (a);
    if (count != far_value_count (b))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!far_builtin_equals (far_value_item (a, i), far_value_item (b, i)))
            return false;
    return true;
}

bool far_builtin_equals (const far_value_t *a, const far_value_t *b)
{
    far_number_t left, right;
    if (far_number_of (a, &left) && far_number_of (b, &right)) {
        int order = 0;
        return far_number_compare (&left, &right, &order) && !order;
    }
    if (far_value_type (a) != far_value_type (b))
        return false;
    switch (far_value_type (a)) {
    case FAR_TYPE_STRING:
    case FAR_TYPE_BINARY:
        return !order_of_texts (a, b);
    case FAR_TYPE_LIST:
        return a == b || lists_equal (a, b);
    case FAR_TYPE_MAP:
        return a == b || far_entries_equal (a, b);
    case FAR_TYPE_TIME:
        return !order_of_times (a, b);
    case FAR_TYPE_REFERENCE:
        return far_value_handle (a) == far_value_handle (b);
    default:
        return true; /* nil */
    }
}

/* The operator, by which of two values comes first. */
static bool holds (far_operator_t of, int order)
{
    switch (of) {
    case FAR_LT:
        return order < 0;
    case FAR_LE:
        return order <= 0;
    case FAR_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

/* By the first pair that differs, else by length. */
static far_status_t order_lists (far_operator_t of, const far_value_t *a, const far_value_t *b, bool *out)
{
    size_t left = far_value_count (a), right = far_value_count (b);
    for (size_t i = 0; i < left && i < right; i++)
        if (!far_builtin_equals (far_value_item (a, i), far_value_item (b, i)))
            return far_builtin_order (of, far_value_item (a, i), far_value_item (b, i), out);
    *out = holds (of, (left > right) - (left < right));
    return FAR_OK;
}

far_status_t far_builtin_order (far_operator_t of, const far_value_t *a, const far_value_t *b, bool *out)
{
    far_number_t left, right;
    far_type_t type = far_value_type (a);
    if (far_number_of (a, &left) && far_number_of (b, &right)) {
        int order = 0;
        *out = far_number_compare (&left, &right, &order) && holds (of, order);
        return FAR_OK;
    }
    if (type == far_value_type (b) && type == FAR_TYPE_LIST)
        return order_lists (of, a, b, out);
    if (type == far_value_type (b) && (type == FAR_TYPE_STRING || type == FAR_TYPE_BINARY)) {
        *out = holds (of, order_of_texts (a, b));
        return FAR_OK;
    }
    if (type == far_value_type (b) && type == FAR_TYPE_TIME) {
        *out = holds (of, order_of_times (a, b));
        return FAR_OK;
    }
    return far_raise ("TypeError", "'%s' not supported between instances of '%s' and '%s'",
                      far_operator_row (of)->symbol, far_builtin_name (a), far_builtin_name (b));
}

static uint64_t hash_key[2];
static pthread_once_t hash_once = PTHREAD_ONCE_INIT;

static void make_hash_key (void)
{
    far_random (hash_key, sizeof hash_key);
}

/* Numbers that are equal have equal hashes, whatever their type: the number modulo this prime, as in CPython. */
#define HASH_BITS  61
#define HASH_PRIME (((uint64_t)1 << HASH_BITS) - 1)

static int64_t sign_hash (uint64_t hash, bool negative)
{
    int64_t result = negative ? -(int64_t)hash : (int64_t)hash;
    return result == -1 ? -2 : result;
}

static int64_t hash_real (double value)
{
    if (!isfinite (value))
        return isnan (value) ? 0 : value > 0 ? 314159 : -314159;
    int exponent;
    uint64_t hash = 0;
    for (double rest = frexp (fabs (value), &exponent); rest != 0;) {
        hash = (hash << 28 & HASH_PRIME) | hash >> (HASH_BITS - 28);
        rest *= 0x1p28;
        exponent -= 28;
        uint64_t digits = (uint64_t)rest;
        rest -= (double)digits;
        hash += digits;
        if (hash >= HASH_PRIME)
            hash -= HASH_PRIME;
    }
    int turn = exponent % HASH_BITS;
    turn += turn < 0 ? HASH_BITS : 0;
    hash = (hash << turn & HASH_PRIME) | hash >> (HASH_BITS - turn);
    return sign_hash (hash, value < 0);
}

static int64_t hash_number (const far_number_t *number)
{
    if (number->is_real)
        return hash_real (number->real);
    far_wide_t whole = number->whole;
    return sign_hash ((uint64_t)((whole < 0 ? -whole : whole) % (far_wide_t)HASH_PRIME), whole < 0);
}

static int64_t hash_bytes (const void *data, size_t size)
{
    pthread_once (&hash_once, make_hash_key);
    return (int64_t)far_siphash (hash_key, data, size);
}

uint64_t far_builtin_scatter (int64_t hash)
{
    return (uint64_t)hash_bytes (&hash, sizeof hash);
}

far_status_t far_builtin_hash (const far_value_t *value, int64_t *out)
{
    far_number_t number;
    if (far_number_of (value, &number)) {
        *out = hash_number (&number);
        return FAR_OK;
    }
    far_type_t type = far_value_type (value);
    if (type == FAR_TYPE_LIST || type == FAR_TYPE_MAP)
        return far_raise ("TypeError", "unhashable type: '%s'", far_builtin_name (value));
    if (type == FAR_TYPE_TIME) {
        struct timespec time = far_value_time (value);
        int64_t parts[2] = { time.tv_sec, time.tv_nsec };
        *out = hash_bytes (parts, sizeof parts);
    } else if (type == FAR_TYPE_REFERENCE) {
        const far_handle_t *handle = far_value_handle (value);
        *out = hash_bytes (&handle, sizeof handle);
    } else {
        far_bytes_t text = far_value_bytes (value);
        *out = hash_bytes (text.data, text.size);
    }
    return FAR_OK;
}
