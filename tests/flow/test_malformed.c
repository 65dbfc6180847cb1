/* Messages that are not as they should be, between real processes through a real broker: whoever waits is told at once.
 * The test speaks below the API, through the insides of an actor of its own, since the API sends no such thing. */
#include "support/pair.h"

#include "actor/inbox.h"
#include "proxy/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Calls wait for ever: what ends, ends by an answer. */
static int set_up (void **state)
{
    return pair_set_up (state, "probe", FAR_FOREVER);
}

typedef struct body {
    const char *bytes;
    size_t size;
} body_t;

#define BODY(text) \
    { \
        (text), sizeof (text) - 1 \
    }

/* A request of any type with any body; it is sent by the next flush. */
static far_request_t *submit (pair_t *pair, uint8_t type, body_t body)
{
    far_outgoing_t out;
    far_outgoing_init (&out, type, far_process_get_id (pair->host));
    far_buffer_append (&out.buffer, body.bytes, body.size);
    far_request_t *request = far_request_submit (pair->host, &out, FAR_FOREVER, "something", "");
    assert_made (request);
    return request;
}

static void flush (pair_t *pair)
{
    pair->me->caller.ops->flush (&pair->me->caller);
}

static void assert_refused (far_request_t *request, const char *why)
{
    assert_status (far_request_result (request, ""), FAR_E_PROTOCOL_ERROR);
    if (!strstr (far_error_message (far_last_error ()), why))
        fail_msg ("'%s' does not say '%s'", far_error_message (far_last_error ()), why);
    far_request_destroy (&request);
}

static void assert_still_serves (pair_t *pair)
{
    int out = 0;
    assert_ok (far_call (pair->module, "echo", "i>i", 7, &out));
    assert_int_equal (out, 7);
}

enum { UNKNOWN_TYPE = 30 };

static void S11_an_unknown_type_is_an_error_to_the_sender (void **state)
{
    pair_t *pair = *state;
    far_request_t *request = submit (pair, UNKNOWN_TYPE, (body_t)BODY ("\xc0"));
    flush (pair);
    assert_refused (request, "unknown type");
    assert_still_serves (pair);
}

static void S12_a_broken_body_is_answered (void **state)
{
    static const struct {
        uint8_t type;
        body_t body;
        const char *why;
    } cases[] = {
        { FAR_CALL, BODY (""), "ends too early" },
        { FAR_CALL, BODY ("\x95\xc0"), "ends too early" },
        { FAR_CALL, BODY ("\x92\xc0\xa1"), "ends too early" },
        { FAR_CALL, BODY ("\x92\xc0\xa1\xff"), "UTF-8" },
        { FAR_CALL, BODY ("\x92\xc0\xa0\xc0"), "" },
        { FAR_CALL, BODY ("\xdd\xff\xff\xff\xff"), "" },
        { FAR_CALL, BODY ("\xc1"), "" },
        { FAR_CALL, BODY ("\xd4\x09\x00"), "" },
        { FAR_CALL, BODY ("\x80"), "" },
        { FAR_CALL, BODY ("\x90"), "" },
        { FAR_CALL, BODY ("\x92\xa1x\xa0"), "" },
        { FAR_CALL, BODY ("\x93\xc0\xaaprobe.echo\xc0"), "" },
        { FAR_CALL, BODY ("\x93\xc0\xaaprobe.echo\x91\xd5\x01\x91\x00"), "reference 0" },
        { FAR_GETATTR, BODY ("\x91"), "" },
        { FAR_GETVALUE, BODY ("\xc0"), "" },
        { FAR_IMPORT, BODY ("\x91\x01"), "" },
        { FAR_TRANSFER, BODY ("\x91"), "ends too early" },
    };
    pair_t *pair = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        far_request_t *request = submit (pair, cases[i].type, cases[i].body);
        flush (pair);
        assert_refused (request, cases[i].why);
    }
    assert_still_serves (pair);
}

typedef struct answered {
    far_actor_t *actor;
    uint8_t type;
    body_t body;
} answered_t;

/* Answers the call that it runs in behind the library's back. What it gives then is nobody's answer any more. */
static far_status_t answer_brokenly (far_call_t *call, void *context)
{
    const answered_t *self = context;
    far_caller_t *caller = &self->actor->caller;
    far_outgoing_t out;
    far_outgoing_init (&out, self->type, far_call_caller (call));
    far_buffer_append (&out.buffer, self->body.bytes, self->body.size);
    pthread_mutex_lock (&caller->lock);
    out.header.request = self->actor->running->message.header.request;
    assert_ok (caller->ops->submit (caller, &out));
    pthread_mutex_unlock (&caller->lock);
    far_outgoing_deinit (&out);
    return FAR_OK;
}

static void S12_a_broken_answer_ends_the_wait (void **state)
{
    static const struct {
        uint8_t type;
        body_t body;
        const char *why;
    } cases[] = {
        { FAR_RESULT, BODY (""), "ends too early" },
        { FAR_RESULT,
          BODY ("\xa4text"
                "more"),
          "can't be read" },
        { FAR_RESULT, BODY ("\xa1\xff"), "UTF-8" },
        { FAR_RESULT, BODY ("\xd5\x01\x91\x00"), "reference" },
        { FAR_ERROR, BODY (""), "can't be read" },
        { FAR_ERROR, BODY ("\xc0"), "is not [kind, class, message, hops, cause]" },
        { FAR_ERROR, BODY ("\x93\x01\xa0\xa1\xff"), "UTF-8" },
    };
    pair_t *pair = *state;
    answered_t answered = { .actor = world_actor (pair->world, "liar") };
    far_object_t *function = far_function (answered.actor, answer_brokenly, &answered, "");
    far_process_t *host = far_find (answered.actor, "host");
    far_proxy_t *probe = far_import (host, "probe"), *proxy = NULL;
    assert_ok (far_call (probe, "hold", "O", function));
    assert_ok (far_call (pair->module, "held", ">P", &proxy)); /* calls go straight to the liar */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        answered.type = cases[i].type;
        answered.body = cases[i].body;
        far_value_t *value = NULL;
        assert_status (far_call (proxy, NULL, ">v", &value), FAR_E_PROTOCOL_ERROR);
        if (!strstr (far_error_message (far_last_error ()), cases[i].why))
            fail_msg ("'%s' does not say '%s'", far_error_message (far_last_error ()), cases[i].why);
    }
    answered.type = FAR_RESULT;
    answered.body = (body_t)BODY ("\x07");
    int out = 0;
    assert_ok (far_call (proxy, NULL, ">i", &out));
    assert_int_equal (out, 7);
    assert_ok (far_call (probe, "drop", ""));
    far_proxy_destroy (&proxy);
    far_proxy_destroy (&probe);
    far_process_destroy (&host);
    far_object_destroy (&function);
    far_actor_destroy (&answered.actor);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (S11_an_unknown_type_is_an_error_to_the_sender),
        cmocka_unit_test (S12_a_broken_body_is_answered),
        cmocka_unit_test (S12_a_broken_answer_ends_the_wait),
    };
    return cmocka_run_group_tests_name ("malformed", tests, set_up, pair_tear_down);
}
