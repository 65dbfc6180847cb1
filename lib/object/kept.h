/* Answers that stay: those of requests with the flag KEEP, until their caller forgets them or is down, so that its later
 * requests can refer to them before it has seen them. docs/protocol.md, section 3. Not thread-safe, but for the owners of
 * one answer: whoever has the table has a lock. What is let go is handed back, because nothing must be released under
 * that lock. */
#ifndef FAR_OBJECT_KEPT_H
#define FAR_OBJECT_KEPT_H

#include "base/ids.h"
#include "base/map.h"
#include "object/object.h"
#include "wire/writer.h"

/* What a request was answered with: an error, or a value. */
typedef struct far_outcome {
    far_error_t *error;
    far_value_t *value;
    far_object_t *object; /* what the value is as a root: its object, or one that hosts a copy of it; NULL if it lies in
                           * another process */
    size_t size_bytes;    /* of its body, as it was sent */
} far_outcome_t;

/* Reads the answer that stands in a writer's buffer from start on; what can't be read or hosted is an error. */
void far_outcome_read (far_outcome_t *self, const far_writer_t *writer, size_t start);
void far_outcome_deinit (far_outcome_t *self);

typedef struct far_keeper far_keeper_t;

/* One answer. Owners: the table, the request that it is the answer of, and the requests that refer to it. */
typedef struct far_kept {
    far_handle_t handle;
    bool settled;   /* is it there? Set once, with the lock */
    size_t waiting; /* requests that were set aside until it is; with the lock */
    far_outcome_t outcome;
    far_keeper_t *keeper; /* of its caller's answers, while it is in the table */
} far_kept_t;

/* Takes the outcome. */
void far_kept_settle (far_kept_t *self, far_outcome_t *outcome);

/* All-zero is empty and valid. */
typedef struct far_keeps {
    far_map_t callers;     /* process -> far_keeper_t */
    far_keeper_t *dropped; /* out of the index, to be handed back one by one */
} far_keeps_t;

/* Has this process as much kept here as it may have? Answers that have not come yet weigh nothing. */
bool far_keeps_full (const far_keeps_t *self, far_process_id_t caller);
/* A place for the answer of a request that has just arrived; one owner for the caller. NULL if the caller has a request
 * of this ID here already, or without memory: then it is not kept. */
far_kept_t *far_keeps_add (far_keeps_t *self, far_process_id_t caller, uint64_t request);
/* Borrowed; NULL: unknown or forgotten. */
far_kept_t *far_keeps_find (const far_keeps_t *self, far_process_id_t caller, uint64_t request);
/* Does this process have any? */
bool far_keeps_any (const far_keeps_t *self, far_process_id_t caller);
/* Takes it out of the table and gives the table's owner; NULL if it is not there. */
far_handle_t *far_keeps_forget (far_keeps_t *self, far_process_id_t caller, uint64_t request);
/* The same with any of a caller that is down, or of anybody: call it until it gives NULL. */
far_handle_t *far_keeps_drop_caller (far_keeps_t *self, far_process_id_t caller);
far_handle_t *far_keeps_clear (far_keeps_t *self);

#endif
