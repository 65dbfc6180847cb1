/* Ids that cross the wire, as types that can't be mixed up, and what the numbers of a process ID mean. */
#ifndef FAR_BASE_IDS_H
#define FAR_BASE_IDS_H

#include <farcall/base.h>

typedef struct far_object_id {
    uint64_t value;
} far_object_id_t;

typedef struct far_request_id {
    uint64_t value;
} far_request_id_t;

#define FAR_PARTY_SESSION 0u
#define FAR_PARTY_BROKER  1u

/* Serial 1 of every incarnation is the broker itself. */
#define FAR_FIRST_SERIAL 2u
/* From here on they are of processes that live inside the broker: fleets and pipelines. */
#define FAR_FIRST_RESIDENT 0x80000000u

static inline uint32_t far_process_id_incarnation (far_process_id_t id)
{
    return (uint32_t)(id.value >> 32);
}

static inline uint32_t far_process_id_serial (far_process_id_t id)
{
    return (uint32_t)id.value;
}

static inline far_process_id_t far_process_id_make (uint32_t incarnation, uint32_t serial)
{
    return (far_process_id_t){ (uint64_t)incarnation << 32 | serial };
}

static inline bool far_process_id_is_resident (far_process_id_t id)
{
    return far_process_id_serial (id) >= FAR_FIRST_RESIDENT;
}

static inline bool far_process_id_equals (far_process_id_t a, far_process_id_t b)
{
    return a.value == b.value;
}

#endif
