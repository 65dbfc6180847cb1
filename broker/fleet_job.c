/* The orders in which jobs come. Owns nothing but the memory of a job, which free gives back. */
#include "fleet_job.h"

#include <stdlib.h>
#include <string.h>

fleet_job_t *job_new (const far_message_t *message)
{
    const far_header_t *header = &message->header;
    size_t size = (size_t)FAR_HEADER_SIZE + header->fields_size + header->body_size;
    fleet_job_t *self = malloc (sizeof *self + size);
    if (!self)
        return NULL;
    *self = (fleet_job_t){ .request = header->request, .deadline = FAR_DEADLINE_NEVER, .size = size };
    far_header_write (header, self->frame);
    memcpy (self->frame + FAR_HEADER_SIZE, message->fields, header->fields_size);
    memcpy (self->frame + FAR_HEADER_SIZE + header->fields_size, message->body, header->body_size);
    return self;
}

static fleet_job_t *at (const far_heap_node_t *node, size_t offset)
{
    return node ? (fleet_job_t *)((uintptr_t)node - offset) : NULL;
}

fleet_job_t *job_of_waiting (const far_heap_node_t *node)
{
    return at (node, offsetof (fleet_job_t, waiting));
}

fleet_job_t *job_of_timed (const far_heap_node_t *node)
{
    return at (node, offsetof (fleet_job_t, timed));
}

bool job_is_before (const far_heap_node_t *a, const far_heap_node_t *b)
{
    const fleet_job_t *one = job_of_waiting (a), *other = job_of_waiting (b);
    if (one->wishes.priority != other->wishes.priority)
        return one->wishes.priority > other->wishes.priority;
    if (one->deadline != other->deadline)
        return one->deadline < other->deadline;
    return one->order < other->order;
}

bool job_starts_before (const far_heap_node_t *a, const far_heap_node_t *b)
{
    const fleet_job_t *one = job_of_waiting (a), *other = job_of_waiting (b);
    return one->not_before != other->not_before ? one->not_before < other->not_before : one->order < other->order;
}

bool job_ends_before (const far_heap_node_t *a, const far_heap_node_t *b)
{
    const fleet_job_t *one = job_of_timed (a), *other = job_of_timed (b);
    return one->deadline != other->deadline ? one->deadline < other->deadline : one->order < other->order;
}
