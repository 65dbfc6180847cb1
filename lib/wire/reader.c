/* MessagePack, head by head. Every format of the specification is one row of a table; nothing is built, nothing is
 * allocated, and a count that the bytes behind it can't hold is refused where it stands. */
#include "wire/reader.h"
#include "base/limits.h"
#include "wire/bytes.h"

#define REQUEST_SIZE 8
#define NS_PER_S     1000000000u

static const char too_short[] = "it ends too early";

/* What stands behind the bytes 0xc0 to 0xdf: a number of so many bytes, which is the value or tells its size. */
typedef enum shape { NIL, NEVER, BOOL, BINARY, EXT, FLOAT, NATURAL, INTEGER, STRING, LIST, MAP } shape_t;

typedef struct format {
    uint8_t shape, number_size;
} format_t;

static const format_t formats[] = {
    { NIL, 0 },     { NEVER, 0 },   { BOOL, 0 },    { BOOL, 0 },    { BINARY, 1 },  { BINARY, 2 },  { BINARY, 4 },
    { EXT, 1 },     { EXT, 2 },     { EXT, 4 },     { FLOAT, 4 },   { FLOAT, 8 },   { NATURAL, 1 }, { NATURAL, 2 },
    { NATURAL, 4 }, { NATURAL, 8 }, { INTEGER, 1 }, { INTEGER, 2 }, { INTEGER, 4 }, { INTEGER, 8 }, { EXT, 0 },
    { EXT, 0 },     { EXT, 0 },     { EXT, 0 },     { EXT, 0 },     { STRING, 1 },  { STRING, 2 },  { STRING, 4 },
    { LIST, 2 },    { LIST, 4 },    { MAP, 2 },     { MAP, 4 },
};

static uint64_t load (const uint8_t *at, size_t size)
{
    switch (size) {
    case 1:
        return *at;
    case 2:
        return far_get16 (at);
    case 4:
        return far_get32 (at);
    case 8:
        return far_get64 (at);
    default:
        return 0;
    }
}

static int64_t load_signed (const uint8_t *at, size_t size)
{
    switch (size) {
    case 1:
        return (int8_t)*at;
    case 2:
        return (int16_t)far_get16 (at);
    case 4:
        return (int32_t)far_get32 (at);
    default:
        return (int64_t)far_get64 (at);
    }
}

static double load_float (const uint8_t *at, size_t size)
{
    if (size == 4) {
        uint32_t bits = far_get32 (at);
        float value;
        memcpy (&value, &bits, sizeof value);
        return value;
    }
    uint64_t bits = far_get64 (at);
    double value;
    memcpy (&value, &bits, sizeof value);
    return value;
}

/* The size bytes at the reader's place, as text. */
static const char *take_text (far_reader_t *self, far_item_t *out, far_type_t type, uint64_t size)
{
    if (size > (uint64_t)(self->end - self->position))
        return too_short;
    out->type = type;
    out->text = (far_text_t){ (const char *)self->position, (size_t)size };
    self->position += size;
    return NULL;
}

static const char *take_count (far_reader_t *self, far_item_t *out, far_type_t type, uint64_t count)
{
    uint64_t values = type == FAR_TYPE_MAP ? 2 * count : count;
    if (values > (uint64_t)(self->end - self->position))
        return too_short;
    out->type = type;
    out->count = (size_t)count;
    return NULL;
}

static const char *take_time (far_item_t *out)
{
    const uint8_t *at = (const uint8_t *)out->text.data;
    uint64_t seconds, nanoseconds = 0;
    switch (out->text.size) {
    case 4:
        seconds = far_get32 (at);
        break;
    case 8:
        seconds = far_get64 (at) & 0x3ffffffff;
        nanoseconds = far_get64 (at) >> 34;
        break;
    case 12:
        seconds = far_get64 (at + 4);
        nanoseconds = far_get32 (at);
        break;
    default:
        return "a timestamp is not of 4, 8 or 12 bytes";
    }
    if (nanoseconds >= NS_PER_S)
        return "a timestamp has a second of nanoseconds or more";
    out->type = FAR_TYPE_TIME;
    out->time = (struct timespec){ .tv_sec = (time_t)seconds, .tv_nsec = (long)nanoseconds };
    return NULL;
}

/* An ext of size bytes: its type stands at the reader's place, then the content. */
static const char *take_ext (far_reader_t *self, far_item_t *out, uint64_t size)
{
    if (self->position == self->end)
        return too_short;
    out->ext = (int8_t)*self->position++;
    const char *why = take_text (self, out, FAR_TYPE_REFERENCE, size);
    if (why)
        return why;
    if (out->ext == FAR_EXT_TIMESTAMP)
        return take_time (out);
    return out->ext >= FAR_EXT_REFERENCE && out->ext <= FAR_EXT_REQUEST ? NULL : "an ext type is not known";
}

static const char *take_natural (far_item_t *out, uint64_t number)
{
    if (number > INT64_MAX) {
        out->type = FAR_TYPE_UINT;
        out->natural = number;
    } else {
        out->type = FAR_TYPE_INT;
        out->integer = (int64_t)number;
    }
    return NULL;
}

/* The formats that have a whole byte as their head. */
static const char *take_formatted (far_reader_t *self, uint8_t head, far_item_t *out)
{
    format_t format = formats[head - 0xc0];
    const uint8_t *at = self->position;
    if (format.number_size > self->end - at)
        return too_short;
    self->position += format.number_size;
    uint64_t number = load (at, format.number_size);
    switch ((shape_t)format.shape) {
    case NIL:
        out->type = FAR_TYPE_NIL;
        return NULL;
    case BOOL:
        out->type = FAR_TYPE_BOOL;
        out->boolean = head & 1;
        return NULL;
    case BINARY:
        return take_text (self, out, FAR_TYPE_BINARY, number);
    case EXT:
        return take_ext (self, out, format.number_size ? number : 1u << (head - 0xd4));
    case FLOAT:
        out->type = FAR_TYPE_FLOAT;
        out->real = load_float (at, format.number_size);
        return NULL;
    case NATURAL:
        return take_natural (out, number);
    case INTEGER:
        out->type = FAR_TYPE_INT;
        out->integer = load_signed (at, format.number_size);
        return NULL;
    case STRING:
        return take_text (self, out, FAR_TYPE_STRING, number);
    case LIST:
        return take_count (self, out, FAR_TYPE_LIST, number);
    case MAP:
        return take_count (self, out, FAR_TYPE_MAP, number);
    case NEVER:
        break;
    }
    return "the byte 0xc1 begins no value";
}

/* NULL, or what is wrong. */
static const char *take (far_reader_t *self, far_item_t *out)
{
    if (self->position == self->end)
        return too_short;
    uint8_t head = *self->position++;
    if (head < 0x80 || head >= 0xe0) {
        out->type = FAR_TYPE_INT;
        out->integer = (int8_t)head;
        return NULL;
    }
    if (head >= 0xc0)
        return take_formatted (self, head, out);
    if (head >= 0xa0)
        return take_text (self, out, FAR_TYPE_STRING, head & 0x1f);
    return take_count (self, out, head >= 0x90 ? FAR_TYPE_LIST : FAR_TYPE_MAP, head & 0x0f);
}

bool far_read (far_reader_t *self, far_item_t *out)
{
    return take (self, out) == NULL;
}

static uint64_t items_behind (const far_item_t *item)
{
    return item->type == FAR_TYPE_LIST ? item->count : item->type == FAR_TYPE_MAP ? 2 * (uint64_t)item->count : 0;
}

bool far_skip (far_reader_t *self)
{
    far_item_t item;
    for (uint64_t left = 1; left; left--) {
        if (take (self, &item))
            return false;
        left += items_behind (&item);
    }
    return true;
}

static const char *scan (far_reader_t *in, size_t *answers)
{
    uint64_t left[FAR_LIMIT_DEPTH]; /* values that are still to come in each open list and map */
    size_t depth = 0;
    for (size_t values = 1; values <= FAR_LIMIT_VALUES; values++) {
        far_item_t item;
        const char *why = take (in, &item);
        if (why)
            return why;
        if (item.type == FAR_TYPE_STRING && !far_is_utf8 (item.text.data, item.text.size))
            return "a string is not UTF-8";
        *answers += item.type == FAR_TYPE_REFERENCE && item.ext == FAR_EXT_REQUEST;
        if (item.type == FAR_TYPE_LIST || item.type == FAR_TYPE_MAP) {
            if (depth == FAR_LIMIT_DEPTH)
                return "it is nested more than 32 deep";
            if (item.count) {
                left[depth++] = items_behind (&item);
                continue;
            }
        }
        while (depth && --left[depth - 1] == 0)
            depth--;
        if (depth == 0)
            return in->position == in->end ? NULL : "there are bytes behind its end";
    }
    return "it has more than 1000000 values";
}

bool far_scan_answers (const uint8_t *data, size_t size, const char **why, size_t *answers)
{
    far_reader_t in = { data, size ? data + size : data };
    *answers = 0;
    const char *wrong = scan (&in, answers);
    if (wrong)
        *why = wrong;
    return wrong == NULL;
}

bool far_scan (const uint8_t *data, size_t size, const char **why)
{
    size_t answers;
    return far_scan_answers (data, size, why, &answers);
}

bool far_text_equals (far_text_t text, const char *string)
{
    return strlen (string) == text.size && memcmp (text.data, string, text.size) == 0;
}

bool far_answer_read (const far_item_t *item, far_answer_t *out)
{
    if (item->type != FAR_TYPE_REFERENCE || item->ext != FAR_EXT_REQUEST || item->text.size < REQUEST_SIZE)
        return false;
    far_text_t path = { item->text.data + REQUEST_SIZE, item->text.size - REQUEST_SIZE };
    if (!far_is_utf8 (path.data, path.size))
        return false;
    *out = (far_answer_t){ far_get64 ((const uint8_t *)item->text.data), path };
    return true;
}
