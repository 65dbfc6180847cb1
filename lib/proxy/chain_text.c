/* Reads chains of calls: names with dots between, arguments that are literals. Sends nothing. */
#include "proxy/chain_text.h"
#include "base/error.h"
#include "wire/literal.h"

#include <ctype.h>
#include <string.h>

/* A place in a chain, and the whole for messages. */
typedef struct place {
    const char *text, *at;
} place_t;

static far_status_t expected (const place_t *place, const char *what)
{
    return far_fail (FAR_E_BAD_ARGUMENTS, "chain \"%s\": expected %s at position %zu", place->text, what,
                     (size_t)(place->at - place->text) + 1);
}

static void pass_blanks (place_t *place)
{
    while (*place->at == ' ')
        place->at++;
}

static size_t name_size (const char *text)
{
    size_t size = 0;
    while (isalnum ((unsigned char)text[size]) || text[size] == '_')
        size++;
    return size;
}

/* "a.b.c" */
static far_status_t read_path (place_t *place, far_text_t *out)
{
    const char *start = place->at;
    for (;;) {
        size_t size = name_size (place->at);
        if (!size)
            return expected (place, "a name");
        place->at += size;
        if (*place->at != '.')
            break;
        place->at++;
    }
    *out = (far_text_t){ start, (size_t)(place->at - start) };
    return FAR_OK;
}

static far_status_t add_literal (place_t *place, far_literals_t *out, far_text_t keyword)
{
    far_writer_t writer;
    far_writer_init (&writer, &out->bytes);
    if (keyword.size)
        far_write_string (&writer, keyword.data, keyword.size);
    const char *why = NULL;
    size_t size = far_literal_write (&writer, place->at, &why);
    far_status_t status = far_writer_status (&writer);
    if (!size)
        status = far_fail (FAR_E_BAD_ARGUMENTS, "chain \"%s\": at position %zu: %s", place->text,
                           (size_t)(place->at - place->text) + 1, why);
    far_writer_deinit (&writer);
    place->at += size;
    out->count++;
    return status;
}

/* The keyword in front of an argument, with its `=`; empty if there is none. */
static far_text_t take_keyword (place_t *place)
{
    far_text_t name = { place->at, name_size (place->at) };
    const char *behind = place->at + name.size;
    while (*behind == ' ')
        behind++;
    if (!name.size || *behind != '=')
        return (far_text_t){ "", 0 };
    place->at = behind + 1;
    pass_blanks (place);
    return name;
}

static far_status_t read_argument (place_t *place, far_link_t *out)
{
    far_text_t keyword = take_keyword (place);
    if (!keyword.size && out->keywords.count)
        return expected (place, "a keyword, as in front of the argument before,");
    return add_literal (place, keyword.size ? &out->keywords : &out->arguments, keyword);
}

/* Behind the opening bracket, up to the closing one. */
static far_status_t read_arguments (place_t *place, far_link_t *out)
{
    far_status_t status = FAR_OK;
    pass_blanks (place);
    while (!status && *place->at != ')') {
        status = read_argument (place, out);
        pass_blanks (place);
        if (!status && *place->at == ',') {
            place->at++;
            pass_blanks (place);
        } else if (!status && *place->at != ')') {
            status = expected (place, "`,` or `)`");
        }
    }
    place->at += !status;
    return status;
}

/* What may stand behind a link: the next one, or nothing. */
static far_status_t read_end (place_t *place)
{
    pass_blanks (place);
    if (!*place->at)
        return FAR_OK;
    if (*place->at != '.')
        return expected (place, "`.` or the end");
    place->at++;
    return *place->at ? FAR_OK : expected (place, "a name");
}

far_status_t far_link_read (const char *text, const char **at, far_link_t *out)
{
    place_t place = { text, *at };
    *out = (far_link_t){ .path = { "", 0 } };
    far_status_t status = read_path (&place, &out->path);
    pass_blanks (&place);
    if (!status && *place.at == '(') {
        out->calls = true;
        place.at++;
        status = read_arguments (&place, out);
    }
    if (!status)
        status = read_end (&place);
    if (status)
        far_link_deinit (out);
    *at = place.at;
    return status;
}

void far_link_deinit (far_link_t *self)
{
    far_buffer_deinit (&self->arguments.bytes);
    far_buffer_deinit (&self->keywords.bytes);
    *self = (far_link_t){ .path = { "", 0 } };
}
