/* What a peer sends, from the first byte on: the frame, its messages, and each body by every reader that there is.
 *
 *     clang -g -O1 -fsanitize=fuzzer,address,undefined -std=c11 -D_GNU_SOURCE -DFAR_VERSION='"0"' -Ilib -Ilib/include \
 *         tests/fuzz/fuzz_message.c lib/base/[a-z]*.c lib/wire/[a-z]*.c -lmsgpackc -lpthread -o fuzz_message
 */
#include "wire/bodies.h"
#include "wire/message.h"
#include "wire/picture.h"
#include "wire/summary.h"
#include "wire/value.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void require (bool truth)
{
    if (!truth)
        abort ();
}

static far_handle_t *resolve_nothing (void *context, const far_reference_t *reference)
{
    (void)context;
    (void)reference;
    far_fail (FAR_E_STALE, "there is none");
    return NULL;
}

static const far_resolver_t nothing = { .resolve = resolve_nothing };

static far_status_t take (far_reader_t in, const char *picture, ...)
{
    far_arguments_t arguments;
    va_start (arguments.list, picture);
    far_status_t status = far_picture_read_value (&in, picture, &nothing, &arguments);
    va_end (arguments.list);
    return status;
}

static void take_apart (far_reader_t in)
{
    char *text = NULL;
    far_bytes_t bytes = { NULL, 0 };
    int number = 0;
    far_value_t *value = NULL;
    far_proxy_t *proxy = NULL;
    take (in, "[s[y]{si}v]", &text, &bytes, "k", &number, &value);
    far_string_free (&text);
    far_bytes_free (&bytes);
    far_value_destroy (&value);
    require (take (in, "P", &proxy) != FAR_OK);
    take (in, "[iii]", &number, &number, &number);
}

/* What was read as a value and is written again reads as the same value. */
static void read_value (const uint8_t *body, size_t size)
{
    far_reader_t in = { body, body + size }, skipped = in;
    require (far_skip (&skipped) && skipped.position == skipped.end);
    far_value_t *value = far_value_read (&in, &nothing), *again = NULL;
    take_apart ((far_reader_t){ body, body + size });
    if (!value)
        return;
    far_buffer_t bytes = { 0 };
    far_writer_t out;
    far_writer_init (&out, &bytes);
    far_value_write (&out, value);
    if (!far_writer_status (&out)) {
        const char *why;
        require (far_scan (bytes.data, bytes.size, &why));
        in = (far_reader_t){ bytes.data, bytes.data + bytes.size };
        again = far_value_read (&in, &nothing);
        require (again && far_value_count (again) == far_value_count (value));
    }
    far_writer_deinit (&out);
    far_buffer_deinit (&bytes);
    far_value_destroy (&again);
    far_value_destroy (&value);
}

static void read_body (const uint8_t *body, size_t size)
{
    far_request_body_t request;
    const char *why;
    for (unsigned type = 0; type < 40; type++)
        if (!far_request_body_read ((uint8_t)type, body, size, &request))
            for (size_t i = 0; i < request.argument_count; i++)
                require (far_skip (&request.arguments));
    far_error_t *error = far_error_read (body, size);
    char *text = far_error_text (error);
    far_string_free (&text);
    far_error_release (&error);
    if (far_scan (body, size, &why))
        read_value (body, size);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    far_message_t frame, message;
    if (far_message_read (data, size, &frame)) {
        far_messages_t messages;
        far_messages_start (&messages, &frame);
        while (far_messages_next (&messages, &message)) {
            char summary[128];
            far_summary (&message, summary, sizeof summary);
            require (message.body + message.header.body_size <= data + size);
            far_fields_t fields;
            far_field_t field;
            far_fields_start (&fields, message.fields, message.header.fields_size);
            while (far_fields_next (&fields, &field))
                far_fields_count (message.fields, message.header.fields_size, field.tag);
            read_body (message.body, message.header.body_size);
        }
    }
    read_body (data, size);
    return 0;
}
