/* The grammar of pictures, apart from what their letters do. */
#include "wire/picture_text.h"
#include "base/error.h"
#include "base/limits.h"

static const char *const meanings[128] = {
    ['i'] = "an integer",  ['l'] = "an integer",  ['u'] = "an integer", ['s'] = "a string", ['b'] = "a bool",
    ['f'] = "a float",     ['y'] = "a binary",    ['v'] = "a value",    ['n'] = "a value",  ['t'] = "a timestamp",
    ['P'] = "a reference", ['O'] = "a reference", ['['] = "a list",     ['{'] = "a map",
};

const char *far_picture_meaning (char letter)
{
    return meanings[letter & 0x7f];
}

size_t far_picture_position (const far_picture_t *self)
{
    return (size_t)(self->at - self->text) + 1;
}

char far_picture_peek (far_picture_t *self)
{
    while (*self->at == ' ' || *self->at == ',' || *self->at == '\t' || *self->at == '\n')
        self->at++;
    return *self->at;
}

static bool is_name (char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

size_t far_picture_keyword (far_picture_t *self, const char **out_name)
{
    const char *name = self->at;
    size_t size = 0;
    while (is_name (name[size]))
        size++;
    if (size == 0 || name[size] != ':')
        return 0;
    self->at += size + 1;
    *out_name = name;
    return size;
}

static far_status_t wrong (const far_picture_t *at, const char *expected)
{
    if (*at->at)
        return far_fail (FAR_E_BAD_ARGUMENTS, "picture \"%s\": expected %s at position %zu, found \"%c\"", at->text,
                         expected, far_picture_position (at), *at->at);
    return far_fail (FAR_E_BAD_ARGUMENTS, "picture \"%s\": expected %s at position %zu, found its end", at->text,
                     expected, far_picture_position (at));
}

/* Open brackets, and how many values each has so far. */
typedef struct brackets {
    char closing[FAR_LIMIT_DEPTH + 1];
    size_t counts[FAR_LIMIT_DEPTH + 1];
    size_t depth;
} brackets_t;

static far_status_t open_bracket (const far_picture_t *at, brackets_t *open, char letter)
{
    if (open->depth == FAR_LIMIT_DEPTH)
        return far_fail (FAR_E_BAD_ARGUMENTS, "picture \"%s\": nested more than %d deep", at->text, FAR_LIMIT_DEPTH);
    open->depth++;
    open->closing[open->depth] = letter == '[' ? ']' : '}';
    open->counts[open->depth] = 0;
    return FAR_OK;
}

/* The value at the place, or its opening bracket. */
static far_status_t count_one (far_picture_t *at, brackets_t *open, size_t *keywords)
{
    const char *name;
    if (open->depth == 0 && keywords && far_picture_keyword (at, &name)) {
        ++*keywords;
        far_picture_peek (at);
    } else if (open->depth == 0 && keywords && *keywords) {
        return wrong (at, "a keyword, as in front of the value before,");
    }
    char letter = *at->at;
    if ((letter & 0x80) || !far_picture_meaning (letter))
        return wrong (at, "a letter");
    open->counts[open->depth]++;
    return letter == '[' || letter == '{' ? open_bracket (at, open, letter) : FAR_OK;
}

far_status_t far_picture_count (const far_picture_t *self, char end, size_t *count, size_t *keywords)
{
    far_picture_t at = *self;
    brackets_t open;
    open.depth = 0;
    open.closing[0] = end;
    open.counts[0] = 0;
    for (;; at.at++) {
        char letter = far_picture_peek (&at), closing = open.closing[open.depth];
        if (letter == closing || (closing == '>' && letter == '\0')) {
            if (closing == '}' && open.counts[open.depth] % 2)
                return wrong (&at, "a value for the last key");
            if (open.depth == 0)
                break;
            open.depth--;
            continue;
        }
        far_status_t status = count_one (&at, &open, keywords);
        if (status)
            return status;
    }
    *count = open.counts[0];
    return FAR_OK;
}
