/* A fleet with workers 'A', 'B', ... and callers 'a', 'b', ..., and its jobs by the callers' request IDs. */
#ifndef FAR_TESTS_BROKER_FLEET_FIXTURE_H
#define FAR_TESTS_BROKER_FLEET_FIXTURE_H

#include "support/cm.h"

#include "broker/fleet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS 1000000

static session_t sessions[128];

/* The process of a letter. */
static inline session_t *who (char name)
{
    session_t *session = &sessions[(unsigned char)name];
    session->id.value = (uint64_t)(unsigned char)name;
    return session;
}

static const fleet_settings_t plain = { .queue_requests = 1000,
                                        .queue_bytes = 1000000,
                                        .attempts = 3,
                                        .poison = 0,
                                        .backoff_ns = 0,
                                        .queue_without_worker = true };

typedef struct wish {
    far_deadline_t deadline; /* 0: none */
    job_wishes_t wishes;
} wish_t;

/* A request of caller; the status of taking it. */
static inline far_status_t ask (fleet_t *fleet, char caller, uint64_t request, wish_t wish, int64_t now_ns)
{
    const far_message_t message = { .header = { .type = FAR_CALL, .request = request },
                                    .fields = (const uint8_t *)"",
                                    .body = (const uint8_t *)"" };
    far_status_t status = fleet_room (fleet, FAR_HEADER_SIZE);
    if (status)
        return status;
    fleet_job_t *job = job_new (&message);
    job->wishes = wish.wishes;
    if (wish.deadline)
        job->deadline = wish.deadline;
    status = fleet_add (fleet, who (caller), job, now_ns);
    if (status)
        free (job);
    return status;
}

/* All that is handed out now, as "1A 2B". */
static inline const char *handed_out (fleet_t *fleet, int64_t now_ns)
{
    static char text[4096];
    size_t size = 0;
    fleet_job_t *job;
    text[0] = 0;
    while ((job = fleet_next (fleet, now_ns)))
        size += (size_t)snprintf (text + size, sizeof text - size, "%s%u%c", size ? " " : "", (unsigned)job->request,
                                  (char)job->worker->id.value);
    return text;
}

/* The caller's request is answered by whoever has it. */
static inline void answer (fleet_t *fleet, char caller, uint64_t request)
{
    fleet_job_t *job = fleet_find (fleet, who (caller)->id, request);
    assert_non_null (job);
    assert_int_equal (job->state, JOB_RUNNING);
    assert_ptr_equal (fleet_attempt (fleet, job->worker->id, job->attempt), job);
    fleet_take (fleet, job);
    free (job);
}

/* A worker dies; which requests end with it, as "1 2". */
static inline const char *died (fleet_t *fleet, char worker, int64_t now_ns)
{
    static char text[4096];
    size_t size = 0;
    fleet_job_t *job;
    fleet_worker_t *gone = fleet_worker (fleet, who (worker)->id);
    assert_non_null (gone);
    text[0] = 0;
    while ((job = fleet_lose (fleet, gone, now_ns))) {
        size += (size_t)snprintf (text + size, sizeof text - size, "%s%u", size ? " " : "", (unsigned)job->request);
        fleet_take (fleet, job);
        free (job);
    }
    assert_null (fleet_worker (fleet, who (worker)->id));
    return text;
}

#define NONE       ((wish_t){ 0 })
#define IDEMPOTENT ((wish_t){ .wishes.idempotent = true })
#define KEYED(k)   ((wish_t){ .wishes = { .has_key = true, .key = (k) } })

#endif
