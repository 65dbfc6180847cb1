/* A list of actions, and the bytes that they are about. It grows where it has to, and keeps what it has grown to, so
 * that the steps of the hot path allocate nothing. */
#include "actions.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_CAPACITY 64
#define KEPT_BYTES     ((size_t)1 << 20)
#define LINE_BYTES     1024

void actions_deinit (actions_t *self)
{
    free (self->items);
    far_buffer_deinit (&self->bytes);
    *self = (actions_t){ 0 };
}

void actions_clear (actions_t *self)
{
    self->count = 0;
    if (self->bytes.capacity > KEPT_BYTES)
        far_buffer_deinit (&self->bytes);
    self->bytes.size = 0;
}

action_t *actions_add (actions_t *self, action_kind_t kind, session_t *session)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity ? self->capacity * 2 : FIRST_CAPACITY;
        action_t *items = realloc (self->items, capacity * sizeof *items);
        if (!items) {
            self->failed = true;
            return NULL;
        }
        self->items = items;
        self->capacity = capacity;
    }
    action_t *action = &self->items[self->count++];
    action->kind = kind;
    action->session = session;
    return action;
}

void actions_log (actions_t *self, const char *format, ...)
{
    char line[LINE_BYTES];
    va_list args;
    va_start (args, format);
    int wanted = vsnprintf (line, sizeof line, format, args);
    va_end (args);
    size_t offset = self->bytes.size, size = wanted < LINE_BYTES ? (size_t)wanted + 1 : LINE_BYTES;
    far_buffer_append (&self->bytes, line, size);
    action_t *action = self->bytes.failed ? NULL : actions_add (self, ACTION_LOG, NULL);
    self->failed |= self->bytes.failed;
    if (action)
        action->data.offset = offset, action->data.size = size;
}

const uint8_t *actions_data (const actions_t *self, const action_t *action)
{
    return self->bytes.data + action->data.offset;
}
