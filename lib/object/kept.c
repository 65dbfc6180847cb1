/* Answers that stay. The table owns one owner of each, by caller and request ID; it does not know whether the answer is
 * there yet, nor who waits for it. */
#include "object/kept.h"
#include "object/call.h"
#include "object/hosted.h"
#include "base/error.h"
#include "base/limits.h"

#include <stdlib.h>

/* What a value is as the root of a path. */
static far_object_t *as_root (const far_value_t *value, const far_writer_t *writer, size_t start)
{
    far_handle_t *handle = far_value_handle (value);
    if (handle)
        return far_object_retain (far_object_from_handle (handle));
    far_value_t *copy = far_written_value (writer, start);
    return copy ? far_hosted_new (&copy) : NULL;
}

void far_outcome_read (far_outcome_t *self, const far_writer_t *writer, size_t start)
{
    *self = (far_outcome_t){ .value = far_written_value (writer, start), .size_bytes = writer->out->size - start };
    if (self->value)
        self->object = as_root (self->value, writer, start);
    if (!self->value || (!self->object && !far_value_handle (self->value)))
        self->error = far_error_retain (far_last_error ());
}

void far_outcome_deinit (far_outcome_t *self)
{
    far_error_release (&self->error);
    far_value_destroy (&self->value);
    far_object_destroy (&self->object);
}

static void kept_last (far_handle_t *handle)
{
    far_kept_t *self = (far_kept_t *)handle;
    if (!far_handle_drop (handle))
        return;
    far_outcome_deinit (&self->outcome);
    free (self);
}

static const char *kept_text (const far_handle_t *handle)
{
    (void)handle;
    return "";
}

static const far_handle_kind_t kept_kind = {
    .name = "kept", .last = kept_last, .class_name = kept_text, .path = kept_text
};

/* What is kept for one caller. */
struct far_keeper {
    far_map_t requests; /* request ID -> far_kept_t */
    size_t bytes;       /* of those that are settled */
    far_keeper_t *next; /* dropped */
    size_t position;    /* dropped: of the requests up to here the table's owner has been given */
};

void far_kept_settle (far_kept_t *self, far_outcome_t *outcome)
{
    self->outcome = *outcome;
    self->settled = true;
    if (self->keeper)
        self->keeper->bytes += outcome->size_bytes;
    *outcome = (far_outcome_t){ 0 };
}

static far_keeper_t *keeper_of (const far_keeps_t *self, far_process_id_t caller)
{
    return far_map_get (&self->callers, caller.value);
}

static far_keeper_t *keeper_get_or_new (far_keeps_t *self, far_process_id_t caller)
{
    far_keeper_t *keeper = keeper_of (self, caller);
    if (keeper)
        return keeper;
    keeper = calloc (1, sizeof *keeper);
    if (keeper && !far_map_put (&self->callers, caller.value, keeper)) {
        free (keeper);
        return NULL;
    }
    return keeper;
}

static void keeper_free (far_keeper_t *keeper)
{
    far_map_deinit (&keeper->requests);
    free (keeper);
}

static far_keeper_t *take_out (far_keeps_t *self, far_process_id_t caller)
{
    far_keeper_t *keeper = far_map_remove (&self->callers, caller.value);
    if (!self->callers.count)
        far_map_deinit (&self->callers);
    return keeper;
}

static void end_if_empty (far_keeps_t *self, far_process_id_t caller, const far_keeper_t *keeper)
{
    if (!keeper->requests.count)
        keeper_free (take_out (self, caller));
}

bool far_keeps_full (const far_keeps_t *self, far_process_id_t caller)
{
    const far_keeper_t *keeper = keeper_of (self, caller);
    return keeper && (keeper->requests.count >= FAR_LIMIT_KEPT || keeper->bytes >= FAR_LIMIT_KEPT_BYTES);
}

far_kept_t *far_keeps_add (far_keeps_t *self, far_process_id_t caller, uint64_t request)
{
    far_keeper_t *keeper = keeper_get_or_new (self, caller);
    if (!keeper || far_map_get (&keeper->requests, request))
        return NULL;
    far_kept_t *kept = calloc (1, sizeof *kept);
    if (!kept || !far_map_put (&keeper->requests, request, kept)) {
        free (kept);
        end_if_empty (self, caller, keeper);
        return NULL;
    }
    kept->keeper = keeper;
    far_handle_init (&kept->handle, &kept_kind);
    far_handle_retain (&kept->handle);
    return kept;
}

far_kept_t *far_keeps_find (const far_keeps_t *self, far_process_id_t caller, uint64_t request)
{
    const far_keeper_t *keeper = keeper_of (self, caller);
    return keeper ? far_map_get (&keeper->requests, request) : NULL;
}

bool far_keeps_any (const far_keeps_t *self, far_process_id_t caller)
{
    return self->callers.count && keeper_of (self, caller);
}

far_handle_t *far_keeps_forget (far_keeps_t *self, far_process_id_t caller, uint64_t request)
{
    far_keeper_t *keeper = keeper_of (self, caller);
    far_kept_t *kept = keeper ? far_map_remove (&keeper->requests, request) : NULL;
    if (!kept)
        return NULL;
    if (kept->settled)
        keeper->bytes -= kept->outcome.size_bytes;
    kept->keeper = NULL;
    end_if_empty (self, caller, keeper);
    return &kept->handle;
}

static void drop (far_keeps_t *self, far_keeper_t *keeper)
{
    keeper->next = self->dropped;
    self->dropped = keeper;
}

static far_handle_t *dropped_take (far_keeps_t *self)
{
    uint64_t request;
    while (self->dropped) {
        far_keeper_t *keeper = self->dropped;
        far_kept_t *kept = far_map_next (&keeper->requests, &keeper->position, &request);
        if (kept) {
            kept->keeper = NULL;
            return &kept->handle;
        }
        self->dropped = keeper->next;
        keeper_free (keeper);
    }
    return NULL;
}

far_handle_t *far_keeps_drop_caller (far_keeps_t *self, far_process_id_t caller)
{
    far_keeper_t *keeper = take_out (self, caller);
    if (keeper)
        drop (self, keeper);
    return dropped_take (self);
}

far_handle_t *far_keeps_clear (far_keeps_t *self)
{
    size_t position = 0;
    uint64_t caller;
    for (far_keeper_t *keeper; (keeper = far_map_next (&self->callers, &position, &caller));)
        drop (self, keeper);
    far_map_deinit (&self->callers);
    return dropped_take (self);
}
