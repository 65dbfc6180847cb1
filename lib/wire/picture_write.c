/* C variables to MessagePack by a picture. Allocates nothing but what the buffer needs. */
#include "base/error.h"
#include "wire/picture.h"
#include "wire/picture_text.h"

#include <string.h>

/* Lists around the arguments of a CALL: the body itself, and the list of arguments. */
#define CALL_DEPTH 2

/* P and O: what is given must be what the letter says. */
static void write_handle (far_writer_t *out, char letter, far_handle_t *handle)
{
    const char *wanted = letter == 'P' ? "proxy" : "object";
    if (!handle)
        far_write_nil (out);
    else if (strcmp (handle->kind->name, wanted) == 0)
        far_write_reference (out, handle);
    else if (!out->failed)
        out->failed =
            far_fail (FAR_E_BAD_ARGUMENTS, "expected a far_%s_t, found a far_%s_t", wanted, handle->kind->name);
}

static void write_string (far_writer_t *out, const char *text)
{
    if (text)
        far_write_string (out, text, strlen (text));
    else
        far_write_nil (out);
}

static void write_binary (far_writer_t *out, const far_bytes_t *bytes)
{
    if (bytes)
        far_write_binary (out, bytes->data, bytes->size);
    else
        far_write_nil (out);
}

static void write_time (far_writer_t *out, const struct timespec *time)
{
    if (time)
        far_write_time (out, *time);
    else
        far_write_nil (out);
}

static void write_value (far_writer_t *out, far_picture_t *picture, far_arguments_t *arguments);

/* At the opening bracket of a picture that was checked. */
static void write_items (far_writer_t *out, far_picture_t *picture, char closing, far_arguments_t *arguments)
{
    size_t count;
    picture->at++;
    if (far_picture_count (picture, closing, &count, NULL))
        return;
    if (closing == ']')
        far_write_list (out, count);
    else
        far_write_map (out, count / 2);
    out->depth++;
    while (far_picture_peek (picture) != closing)
        write_value (out, picture, arguments);
    picture->at++;
    out->depth--;
}

/* A failure of the writer, with the place in the picture. */
static void explain (far_writer_t *out, const far_picture_t *at)
{
    out->failed = far_fail (out->failed, "picture letter \"%c\" (position %zu): %s", *at->at, far_picture_position (at),
                            far_error_message (far_last_error ()));
}

static void write_value (far_writer_t *out, far_picture_t *picture, far_arguments_t *arguments)
{
    bool had_failed = out->failed != FAR_OK;
    far_picture_t at = *picture;
    char letter = *picture->at;
    if (letter == '[' || letter == '{') {
        write_items (out, picture, letter == '[' ? ']' : '}', arguments);
        return;
    }
    picture->at++;
    switch (letter) {
    case 'n':
        far_write_nil (out);
        break;
    case 'b':
        far_write_bool (out, va_arg (arguments->list, int) != 0);
        break;
    case 'i':
        far_write_int (out, va_arg (arguments->list, int));
        break;
    case 'l':
        far_write_int (out, va_arg (arguments->list, int64_t));
        break;
    case 'u':
        far_write_uint (out, va_arg (arguments->list, uint64_t));
        break;
    case 'f':
        far_write_float (out, va_arg (arguments->list, double));
        break;
    case 's':
        write_string (out, va_arg (arguments->list, const char *));
        break;
    case 'y':
        write_binary (out, va_arg (arguments->list, const far_bytes_t *));
        break;
    case 't':
        write_time (out, va_arg (arguments->list, const struct timespec *));
        break;
    case 'P':
    case 'O':
        write_handle (out, letter, va_arg (arguments->list, void *));
        break;
    default:
        far_value_write (out, va_arg (arguments->list, const far_value_t *));
        break;
    }
    if (out->failed && !had_failed)
        explain (out, &at);
}

static void write_arguments (far_writer_t *out, far_picture_t *picture, size_t count, size_t keywords,
                             far_arguments_t *arguments)
{
    far_write_list (out, count - keywords);
    for (size_t i = 0; i < count; i++) {
        far_picture_peek (picture);
        if (i == count - keywords)
            far_write_map (out, keywords);
        const char *name;
        size_t size = i >= count - keywords ? far_picture_keyword (picture, &name) : 0;
        if (size) {
            far_write_string (out, name, size);
            far_picture_peek (picture);
        }
        write_value (out, picture, arguments);
    }
}

far_status_t far_picture_write_call (far_writer_t *out, const char *picture, far_arguments_t *arguments,
                                     bool *has_keywords, const char **results)
{
    far_picture_t at = { picture ? picture : "", picture ? picture : "" };
    size_t count, keywords = 0;
    far_status_t status = far_picture_count (&at, '>', &count, &keywords);
    if (status)
        return out->failed = status;
    unsigned depth = out->depth;
    out->depth = CALL_DEPTH;
    write_arguments (out, &at, count, keywords, arguments);
    out->depth = depth;
    *has_keywords = keywords > 0;
    *results = far_picture_peek (&at) == '>' ? at.at + 1 : "";
    return far_writer_status (out);
}

far_status_t far_picture_write_value (far_writer_t *out, const char *picture, far_arguments_t *arguments)
{
    far_picture_t at = { picture ? picture : "", picture ? picture : "" };
    size_t count;
    far_status_t status = far_picture_count (&at, '\0', &count, NULL);
    if (!status && count != 1)
        status = far_fail (FAR_E_BAD_ARGUMENTS, "picture \"%s\": expected one value, found %zu", at.text, count);
    if (status)
        return out->failed = status;
    far_picture_peek (&at);
    write_value (out, &at, arguments);
    return far_writer_status (out);
}
