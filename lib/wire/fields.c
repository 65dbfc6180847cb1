/* Fields, as bytes: one table says what the known ones hold. Knows nothing of the messages that they stand in. */
#include "wire/fields.h"
#include "base/limits.h"
#include "wire/bytes.h"

#define HEAD_SIZE    4
#define MOST_CONTENT 24

/* Bytes of content; 0: not known, and passed over. */
static uint16_t content_size (uint16_t tag)
{
    static const uint16_t sizes[] = {
        [FAR_FIELD_REFERENCE] = 16, [FAR_FIELD_RELEASE] = 16, [FAR_FIELD_GRANT] = 24, [FAR_FIELD_DOWN] = 12,
        [FAR_FIELD_PRIORITY] = 4,   [FAR_FIELD_DELAY] = 4,    [FAR_FIELD_KEY] = 8,    [FAR_FIELD_CHAIN] = 16,
        [FAR_FIELD_FORGET] = 8,     [FAR_FIELD_REPORT] = 4,   [FAR_FIELD_CREDIT] = 16
    };
    return tag < sizeof sizes / sizeof *sizes ? sizes[tag] : 0;
}

bool far_fields_check (const uint8_t *data, size_t size)
{
    size_t count = 0;
    while (size) {
        if (size < HEAD_SIZE || ++count > FAR_LIMIT_FIELDS)
            return false;
        uint16_t known = content_size (far_get16 (data)), content = far_get16 (data + 2);
        if (content > size - HEAD_SIZE || (known && content != known))
            return false;
        data += HEAD_SIZE + content;
        size -= (size_t)HEAD_SIZE + content;
    }
    return true;
}

void far_fields_start (far_fields_t *self, const uint8_t *data, size_t size)
{
    *self = (far_fields_t){ data, size ? data + size : data };
}

bool far_fields_next (far_fields_t *self, far_field_t *out)
{
    if (self->position == self->end)
        return false;
    const uint8_t *content = self->position + HEAD_SIZE;
    out->tag = far_get16 (self->position);
    self->position = content + far_get16 (self->position + 2);
    switch (out->tag) {
    case FAR_FIELD_REFERENCE:
        out->reference.owner.value = far_get64 (content);
        out->reference.object.value = far_get64 (content + 8);
        break;
    case FAR_FIELD_RELEASE:
        out->release.object.value = far_get64 (content);
        out->release.receipts = far_get64 (content + 8);
        break;
    case FAR_FIELD_GRANT:
        out->grant.object.value = far_get64 (content);
        out->grant.giver.value = far_get64 (content + 8);
        out->grant.to.value = far_get64 (content + 16);
        break;
    case FAR_FIELD_DOWN:
        out->down.process.value = far_get64 (content);
        out->down.how = far_get32 (content + 8);
        break;
    case FAR_FIELD_CREDIT:
        out->credit.messages = far_get64 (content);
        out->credit.bytes = far_get64 (content + 8);
        break;
    case FAR_FIELD_PRIORITY:
        out->priority = (int32_t)far_get32 (content);
        break;
    case FAR_FIELD_DELAY:
        out->delay_ms = far_get32 (content);
        break;
    case FAR_FIELD_KEY:
        out->key = far_get64 (content);
        break;
    case FAR_FIELD_CHAIN:
        out->chain.process.value = far_get64 (content);
        out->chain.request = far_get64 (content + 8);
        break;
    case FAR_FIELD_FORGET:
        out->forget = far_get64 (content);
        break;
    case FAR_FIELD_REPORT:
        out->report = far_get32 (content);
        break;
    default:
        break;
    }
    return true;
}

size_t far_fields_count (const uint8_t *data, size_t size, uint16_t tag)
{
    size_t count = 0;
    for (const uint8_t *at = data; size && at != data + size; at += HEAD_SIZE + far_get16 (at + 2))
        count += far_get16 (at) == tag;
    return count;
}

size_t far_field_write (const far_field_t *field, uint8_t *out)
{
    uint16_t size = content_size (field->tag);
    uint8_t *content = out + HEAD_SIZE;
    switch (field->tag) {
    case FAR_FIELD_REFERENCE:
        far_put64 (content, field->reference.owner.value);
        far_put64 (content + 8, field->reference.object.value);
        break;
    case FAR_FIELD_RELEASE:
        far_put64 (content, field->release.object.value);
        far_put64 (content + 8, field->release.receipts);
        break;
    case FAR_FIELD_GRANT:
        far_put64 (content, field->grant.object.value);
        far_put64 (content + 8, field->grant.giver.value);
        far_put64 (content + 16, field->grant.to.value);
        break;
    case FAR_FIELD_DOWN:
        far_put64 (content, field->down.process.value);
        far_put32 (content + 8, field->down.how);
        break;
    case FAR_FIELD_CREDIT:
        far_put64 (content, field->credit.messages);
        far_put64 (content + 8, field->credit.bytes);
        break;
    case FAR_FIELD_PRIORITY:
        far_put32 (content, (uint32_t)field->priority);
        break;
    case FAR_FIELD_DELAY:
        far_put32 (content, field->delay_ms);
        break;
    case FAR_FIELD_KEY:
        far_put64 (content, field->key);
        break;
    case FAR_FIELD_CHAIN:
        far_put64 (content, field->chain.process.value);
        far_put64 (content + 8, field->chain.request);
        break;
    case FAR_FIELD_FORGET:
        far_put64 (content, field->forget);
        break;
    case FAR_FIELD_REPORT:
        far_put32 (content, field->report);
        break;
    default:
        return 0;
    }
    far_put16 (out, field->tag);
    far_put16 (out + 2, size);
    return (size_t)HEAD_SIZE + size;
}

void far_field_append (far_buffer_t *out, const far_field_t *field)
{
    uint8_t bytes[HEAD_SIZE + MOST_CONTENT];
    far_buffer_append (out, bytes, far_field_write (field, bytes));
}
