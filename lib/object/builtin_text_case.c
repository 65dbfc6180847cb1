/* Letters: capital and small ones, and what kind they are. Of a string by Unicode, as the C library's C.UTF-8 knows it, one
 * character for one; of a binary ASCII's. */
#include "object/builtin_text.h"

#include <locale.h>
#include <pthread.h>
#include <wctype.h>

static locale_t unicode;
static pthread_once_t unicode_once = PTHREAD_ONCE_INIT;

static void make_unicode (void)
{
    unicode = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    if (!unicode)
        unicode = newlocale (LC_CTYPE_MASK, "C", (locale_t)0);
}

/* What is no ASCII in a binary is no letter. */
static bool has_class (const far_value_t *self, uint32_t code, int (*of) (wint_t, locale_t))
{
    return (code < 0x80 || far_value_type (self) != FAR_TYPE_BINARY) && of (code, unicode);
}

static uint32_t to_case (const far_value_t *self, uint32_t code, bool upper)
{
    if (code >= 0x80 && far_value_type (self) == FAR_TYPE_BINARY)
        return code;
    return upper ? towupper_l (code, unicode) : towlower_l (code, unicode);
}

static void append_code (const far_value_t *self, far_buffer_t *out, uint32_t code)
{
    uint8_t bytes[4] = { (uint8_t)code };
    size_t size = 1;
    if (far_value_type (self) != FAR_TYPE_BINARY && code >= 0x80) {
        size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        for (size_t i = size; --i; code >>= 6)
            bytes[i] = (uint8_t)(0x80 | (code & 0x3f));
        bytes[0] = (uint8_t)((0xf00u >> size & 0xff) | code);
    }
    far_buffer_append (out, bytes, size);
}

/* In front of the first character: no letter, and no other character either. */
#define BEGINNING ((uint32_t)WEOF)

/* Is a character to be a capital one? That depends on the one before it, and on itself. */
typedef bool upper_fn (const far_value_t *self, uint32_t before, uint32_t code);

static bool always (const far_value_t *self, uint32_t before, uint32_t code)
{
    (void)self, (void)before, (void)code;
    return true;
}

static bool never (const far_value_t *self, uint32_t before, uint32_t code)
{
    (void)self, (void)before, (void)code;
    return false;
}

static bool is_first (const far_value_t *self, uint32_t before, uint32_t code)
{
    (void)self, (void)code;
    return before == BEGINNING;
}

static bool begins_word (const far_value_t *self, uint32_t before, uint32_t code)
{
    (void)code;
    return !has_class (self, before, iswalpha_l) || has_class (self, before, iswdigit_l);
}

static bool is_small (const far_value_t *self, uint32_t before, uint32_t code)
{
    (void)before;
    return has_class (self, code, iswlower_l);
}

static far_status_t change_case (const far_value_t *self, upper_fn *upper, far_value_t **out)
{
    pthread_once (&unicode_once, make_unicode);
    far_bytes_t text = far_value_bytes (self);
    far_buffer_t changed = { 0 };
    uint32_t before = BEGINNING, code;
    const char *at = text.data, *end = at + text.size;
    for (; at < end; before = code) {
        at += far_text_code (self, at, end, &code);
        append_code (self, &changed, to_case (self, code, upper (self, before, code)));
    }
    return far_text_finish (self, &changed, out);
}

static far_status_t text_upper (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return change_case (self, always, out);
}

FAR_TEXT_METHOD (upper)

static far_status_t text_lower (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return change_case (self, never, out);
}

FAR_TEXT_METHOD (lower)

static far_status_t text_capitalize (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return change_case (self, is_first, out);
}

FAR_TEXT_METHOD (capitalize)

static far_status_t text_title (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return change_case (self, begins_word, out);
}

FAR_TEXT_METHOD (title)

static far_status_t text_swapcase (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return change_case (self, is_small, out);
}

FAR_TEXT_METHOD (swapcase)

typedef bool is_fn (const far_value_t *self, uint32_t code);

static bool is_alpha (const far_value_t *self, uint32_t code)
{
    return has_class (self, code, iswalpha_l) && !has_class (self, code, iswdigit_l);
}

static bool is_digit (const far_value_t *self, uint32_t code)
{
    return has_class (self, code, iswdigit_l);
}

static bool is_alnum (const far_value_t *self, uint32_t code)
{
    return has_class (self, code, iswalnum_l);
}

/* Is every character so, and is there one? */
static far_status_t all_are (const far_value_t *self, is_fn *is, far_value_t **out)
{
    pthread_once (&unicode_once, make_unicode);
    far_bytes_t text = far_value_bytes (self);
    const char *at = text.data, *end = at + text.size;
    bool all = text.size;
    for (uint32_t code; all && at < end;) {
        at += far_text_code (self, at, end, &code);
        all = is (self, code);
    }
    *out = far_value_from_bool (all);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t text_isalpha (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return all_are (self, is_alpha, out);
}

FAR_TEXT_METHOD (isalpha)

static far_status_t text_isdigit (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return all_are (self, is_digit, out);
}

FAR_TEXT_METHOD (isdigit)

static far_status_t text_isalnum (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return all_are (self, is_alnum, out);
}

FAR_TEXT_METHOD (isalnum)

static far_status_t text_isspace (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return all_are (self, far_text_is_space, out);
}

FAR_TEXT_METHOD (isspace)

/* Is there a letter of this case, and none of the other? */
static far_status_t is_in_case (const far_value_t *self, bool upper, far_value_t **out)
{
    pthread_once (&unicode_once, make_unicode);
    far_bytes_t text = far_value_bytes (self);
    const char *at = text.data, *end = at + text.size;
    bool some = false, other = false;
    for (uint32_t code; at < end;) {
        at += far_text_code (self, at, end, &code);
        some |= has_class (self, code, upper ? iswupper_l : iswlower_l);
        other |= has_class (self, code, upper ? iswlower_l : iswupper_l);
    }
    *out = far_value_from_bool (some && !other);
    return *out ? FAR_OK : FAR_E_NO_MEMORY;
}

static far_status_t text_isupper (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return is_in_case (self, true, out);
}

FAR_TEXT_METHOD (isupper)

static far_status_t text_islower (const far_value_t *self, far_value_t *const *arguments, far_value_t **out)
{
    (void)arguments;
    return is_in_case (self, false, out);
}

FAR_TEXT_METHOD (islower)
