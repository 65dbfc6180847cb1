/* MessagePack to C variables by a picture: everything is checked against the picture first, and noted as takes; only then
 * anything is made or stored (picture_take.c). So a failure changes no variable and leaves nothing behind. A picture of
 * few letters allocates nothing but what the program gets. */
#include "base/error.h"
#include "wire/picture.h"
#include "wire/picture_take.h"
#include "wire/picture_text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_TAKES 16

typedef struct taking {
    far_picture_t picture;
    far_arguments_t *arguments;
    far_take_t *takes;
    size_t count, capacity;
    far_take_t first[FIRST_TAKES];
} taking_t;

static const char *found (const far_item_t *item)
{
    return item->type == FAR_TYPE_UINT ? "int" : far_type_name (item->type);
}

static far_status_t mismatch (const far_picture_t *at, const far_item_t *item)
{
    return far_fail (FAR_E_BAD_ARGUMENTS, "picture letter \"%c\" (position %zu): expected %s, found %s", *at->at,
                     far_picture_position (at), far_picture_meaning (*at->at), found (item));
}

static far_status_t unreadable (const far_picture_t *at)
{
    return far_fail (FAR_E_PROTOCOL_ERROR, "picture letter \"%c\" (position %zu): the value can't be read", *at->at,
                     far_picture_position (at));
}

static far_status_t out_of_range (const far_picture_t *at, const far_item_t *item)
{
    const char *range = *at->at == 'i' ? "of 32 bits" : *at->at == 'l' ? "of 64 bits" : "that is not negative";
    if (item->type == FAR_TYPE_UINT)
        return far_fail (FAR_E_BAD_ARGUMENTS,
                         "picture letter \"%c\" (position %zu): expected an integer %s, found %llu", *at->at,
                         far_picture_position (at), range, (unsigned long long)item->natural);
    return far_fail (FAR_E_BAD_ARGUMENTS, "picture letter \"%c\" (position %zu): expected an integer %s, found %lld",
                     *at->at, far_picture_position (at), range, (long long)item->integer);
}

static far_status_t check_integer (const far_picture_t *at, const far_item_t *item)
{
    if (item->type != FAR_TYPE_INT && item->type != FAR_TYPE_UINT)
        return mismatch (at, item);
    bool is_natural = item->type == FAR_TYPE_UINT;
    bool fits = *at->at == 'u'   ? is_natural || item->integer >= 0
                : *at->at == 'l' ? !is_natural
                                 : !is_natural && item->integer >= INT_MIN && item->integer <= INT_MAX;
    return fits ? FAR_OK : out_of_range (at, item);
}

static far_status_t check_string (const far_picture_t *at, const far_item_t *item)
{
    if (item->type != FAR_TYPE_STRING)
        return mismatch (at, item);
    if (item->text.size && memchr (item->text.data, '\0', item->text.size))
        return far_fail (FAR_E_BAD_ARGUMENTS,
                         "picture letter \"s\" (position %zu): expected a string without zero bytes, found one with",
                         far_picture_position (at));
    return FAR_OK;
}

static far_status_t check_scalar (const far_picture_t *at, const far_item_t *item)
{
    bool fits = true;
    switch (*at->at) {
    case 'i':
    case 'l':
    case 'u':
        return check_integer (at, item);
    case 's':
        return check_string (at, item);
    case 'b':
        fits = item->type == FAR_TYPE_BOOL;
        break;
    case 'f':
        fits = item->type == FAR_TYPE_FLOAT || item->type == FAR_TYPE_INT || item->type == FAR_TYPE_UINT;
        break;
    case 'y':
        fits = item->type == FAR_TYPE_BINARY;
        break;
    case 't':
        fits = item->type == FAR_TYPE_TIME;
        break;
    default: /* P, O */
        fits = item->type == FAR_TYPE_REFERENCE;
        break;
    }
    return fits ? FAR_OK : mismatch (at, item);
}

static far_take_t *add_take (taking_t *self)
{
    if (self->count == self->capacity) {
        size_t bytes = self->capacity * sizeof *self->takes;
        far_take_t *more = realloc (self->takes == self->first ? NULL : self->takes, 2 * bytes);
        if (!more) {
            far_fail (FAR_E_NO_MEMORY, "no memory for a picture of %zu values", self->capacity);
            return NULL;
        }
        if (self->takes == self->first)
            memcpy (more, self->first, bytes);
        self->takes = more;
        self->capacity *= 2;
    }
    far_take_t *take = &self->takes[self->count++];
    take->made.text = NULL;
    return take;
}

static far_status_t check (taking_t *self, far_reader_t *in);

static far_status_t check_one (taking_t *self, far_reader_t *in)
{
    far_picture_t *at = &self->picture;
    char letter = *at->at;
    if (letter == 'n') {
        at->at++;
        return far_skip (in) ? FAR_OK : unreadable (at);
    }
    far_take_t *take = add_take (self);
    if (!take)
        return FAR_E_NO_MEMORY;
    take->letter = letter;
    take->position = far_picture_position (at);
    take->variable = va_arg (self->arguments->list, void *);
    take->value = *in;
    if (letter == 'v' ? !far_skip (in) : !far_read (in, &take->item))
        return unreadable (at);
    far_status_t status = letter == 'v' ? FAR_OK : check_scalar (at, &take->item);
    at->at++;
    return status;
}

static far_status_t check_list (taking_t *self, far_reader_t *in)
{
    far_picture_t opened = self->picture;
    far_item_t head;
    if (!far_read (in, &head))
        return unreadable (&opened);
    if (head.type != FAR_TYPE_LIST)
        return mismatch (&opened, &head);
    size_t count;
    self->picture.at++;
    far_status_t status = far_picture_count (&self->picture, ']', &count, NULL);
    if (!status && count != head.count)
        status = far_fail (FAR_E_BAD_ARGUMENTS, "picture letter \"[\" (position %zu): expected %zu items, found %zu",
                           far_picture_position (&opened), count, head.count);
    while (!status && far_picture_peek (&self->picture) != ']')
        status = check (self, in);
    self->picture.at++;
    return status;
}

/* The value of the last entry whose key is this string. */
static bool look_up (far_reader_t entries, size_t count, const char *name, far_reader_t *out)
{
    bool is_there = false;
    for (size_t i = 0; i < count; i++) {
        far_reader_t key = entries;
        far_item_t item;
        if (!far_skip (&entries) || !far_read (&key, &item))
            return false;
        if (item.type == FAR_TYPE_STRING && far_text_equals (item.text, name)) {
            *out = entries;
            is_there = true;
        }
        if (!far_skip (&entries))
            return false;
    }
    return is_there;
}

/* At a key letter. */
static far_status_t check_entry (taking_t *self, far_reader_t entries, size_t count)
{
    far_picture_t *at = &self->picture;
    if (*at->at != 's')
        return far_fail (FAR_E_BAD_ARGUMENTS,
                         "picture letter \"%c\" (position %zu): expected \"s\", as keys are looked up", *at->at,
                         far_picture_position (at));
    const char *name = va_arg (self->arguments->list, const char *);
    far_reader_t value;
    if (!look_up (entries, count, name, &value))
        return far_fail (FAR_E_BAD_ARGUMENTS, "picture letter \"s\" (position %zu): expected a key \"%s\", found none",
                         far_picture_position (at), name);
    at->at++;
    far_picture_peek (at);
    return check (self, &value);
}

static far_status_t check_map (taking_t *self, far_reader_t *in)
{
    far_picture_t opened = self->picture;
    far_reader_t entries = *in;
    far_item_t head;
    if (!far_read (&entries, &head) || !far_skip (in))
        return unreadable (&opened);
    if (head.type != FAR_TYPE_MAP)
        return mismatch (&opened, &head);
    far_status_t status = FAR_OK;
    self->picture.at++;
    while (!status && far_picture_peek (&self->picture) != '}')
        status = check_entry (self, entries, head.count);
    self->picture.at++;
    return status;
}

/* The value at the reader's place, by what the picture has next. */
static far_status_t check (taking_t *self, far_reader_t *in)
{
    switch (*self->picture.at) {
    case '[':
        return check_list (self, in);
    case '{':
        return check_map (self, in);
    default:
        return check_one (self, in);
    }
}

far_status_t far_picture_read_value (far_reader_t *in, const char *picture, const far_resolver_t *resolver,
                                     far_arguments_t *arguments)
{
    taking_t self;
    self.picture = (far_picture_t){ picture ? picture : "", picture ? picture : "" };
    if (!far_picture_peek (&self.picture))
        return FAR_OK;
    size_t count;
    far_status_t status = far_picture_count (&self.picture, '\0', &count, NULL);
    if (status)
        return status;
    if (count != 1)
        return far_fail (FAR_E_BAD_ARGUMENTS, "picture \"%s\": expected one value, found %zu", self.picture.text,
                         count);
    self.arguments = arguments;
    self.takes = self.first;
    self.count = 0;
    self.capacity = FIRST_TAKES;
    far_reader_t at = *in;
    status = check (&self, &at);
    if (!status)
        status = far_takes_carry_out (self.takes, self.count, resolver);
    if (!status)
        *in = at;
    if (self.takes != self.first)
        free (self.takes);
    return status;
}
