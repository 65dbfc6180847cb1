/* Reads what a process says of itself. A table has a row for each key that we know; others are passed over. Owns
 * nothing. */
#include "hello.h"
#include "base/error.h"
#include "base/limits.h"
#include "wire/header.h"
#include "wire/reader.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES 255 /* of host and program: for people, so cut off beyond this */

typedef struct reading {
    hello_t hello;
    bool has_version;
} reading_t;

static far_status_t expected (const char *key, const char *what)
{
    return far_fail (FAR_E_BAD_ARGUMENTS, "HELLO: \"%s\" must be %s", key, what);
}

static char *copy (far_text_t text)
{
    return strndup (text.size ? text.data : "", text.size);
}

bool hello_is_name (far_text_t text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    for (size_t i = 0; i < text.size; i++)
        if (!text.data[i] || !strchr (allowed, text.data[i]))
            return false;
    return text.size >= 1 && text.size <= FAR_LIMIT_NAME_BYTES;
}

static far_status_t take_version (reading_t *self, const far_item_t *item)
{
    if (item->type != FAR_TYPE_INT)
        return expected ("version", "an integer");
    if (item->integer != FAR_PROTOCOL_VERSION)
        return far_fail (FAR_E_PROTOCOL_ERROR, "HELLO: version %lld of the protocol is not spoken here, %d is",
                         (long long)item->integer, FAR_PROTOCOL_VERSION);
    self->has_version = true;
    return FAR_OK;
}

static far_status_t set_text (char **out, far_text_t text)
{
    free (*out);
    *out = copy (text);
    return *out ? FAR_OK : far_fail (FAR_E_NO_MEMORY, "no memory for a HELLO");
}

static far_status_t take_name (reading_t *self, const far_item_t *item)
{
    if (item->type == FAR_TYPE_NIL) {
        free (self->hello.name);
        self->hello.name = NULL;
        return FAR_OK;
    }
    if (item->type != FAR_TYPE_STRING || !hello_is_name (item->text))
        return expected ("name", "nil, or 1 to 128 of letters, digits, '.', '_' and '-'");
    return set_text (&self->hello.name, item->text);
}

static far_status_t take_pid (reading_t *self, const far_item_t *item)
{
    if (item->type != FAR_TYPE_INT)
        return expected ("pid", "an integer");
    self->hello.pid = item->integer;
    return FAR_OK;
}

static far_status_t take_text (char **out, const char *key, const far_item_t *item)
{
    if (item->type != FAR_TYPE_STRING)
        return expected (key, "a string");
    far_text_t text = item->text;
    if (text.size > TEXT_BYTES)
        for (text.size = TEXT_BYTES; text.size && (text.data[text.size] & 0xc0) == 0x80;)
            text.size--;
    return set_text (out, text);
}

static far_status_t take_host (reading_t *self, const far_item_t *item)
{
    return take_text (&self->hello.host, "host", item);
}

static far_status_t take_program (reading_t *self, const far_item_t *item)
{
    return take_text (&self->hello.program, "program", item);
}

static const struct row {
    const char *key;
    far_status_t (*take) (reading_t *self, const far_item_t *item);
} rows[] = {
    { "version", take_version }, { "name", take_name },       { "pid", take_pid },
    { "host", take_host },       { "program", take_program },
};

static far_status_t take_entry (reading_t *self, far_reader_t *in)
{
    far_item_t key, item;
    far_reader_t value = *in;
    bool named = far_read (&value, &key) && key.type == FAR_TYPE_STRING;
    far_skip (in); /* the key, whatever it is */
    value = *in;
    far_skip (in);
    for (size_t i = 0; named && i < sizeof rows / sizeof *rows; i++)
        if (far_text_equals (key.text, rows[i].key))
            return far_read (&value, &item) ? rows[i].take (self, &item) : FAR_OK;
    return FAR_OK;
}

static far_status_t take_map (reading_t *self, const uint8_t *body, size_t size)
{
    const char *why;
    if (!far_scan (body, size, &why))
        return far_fail (FAR_E_BAD_ARGUMENTS, "HELLO: the body can't be read: %s", why);
    far_reader_t in = { body, body + size };
    far_item_t map;
    if (!far_read (&in, &map) || map.type != FAR_TYPE_MAP)
        return far_fail (FAR_E_BAD_ARGUMENTS, "HELLO: the body must be a map");
    far_status_t status = FAR_OK;
    for (size_t left = map.count; left && !status; left--)
        status = take_entry (self, &in);
    if (!status && !self->has_version)
        status = expected ("version", "there");
    return status;
}

static far_status_t complete (char **text)
{
    return *text ? FAR_OK : set_text (text, (far_text_t){ "", 0 });
}

far_status_t hello_read (const uint8_t *body, size_t size, hello_t *out)
{
    reading_t self = { 0 };
    far_status_t status = take_map (&self, body, size);
    if (!status)
        status = complete (&self.hello.host);
    if (!status)
        status = complete (&self.hello.program);
    if (status)
        hello_deinit (&self.hello);
    else
        *out = self.hello;
    return status;
}
