/* Other processes, as this one knows them: one entry for each, for as long as a handle, proxy or request refers to it.
 * It owns nothing of theirs, and learns that one is gone from the actor. */
#include "proxy/process.h"
#include "base/error.h"
#include "proxy/request.h"
#include "proxy/turn.h"
#include "wire/summary.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static far_process_t *from_handle (far_handle_t *handle)
{
    return (far_process_t *)handle;
}

/* With the lock. */
static bool drop_process (far_process_t *self)
{
    bool gone = far_handle_drop (&self->handle);
    if (gone && self->listed)
        far_map_remove (&self->caller->processes, self->id.value);
    return gone;
}

static void free_process (far_process_t *self)
{
    assert (self->proxies.count == 0 && !self->waiting && !self->turns);
    far_map_deinit (&self->proxies);
    far_error_release (&self->down);
    free (self->name);
    free (self);
}

void far_process_unget (far_process_t *self)
{
    far_caller_t *caller = self->caller;
    if (!drop_process (self))
        return;
    free_process (self);
    caller->ops->release (caller); /* not the last user: somebody holds the lock */
}

static void process_last (far_handle_t *handle)
{
    far_process_t *self = from_handle (handle);
    far_caller_t *caller = self->caller;
    pthread_mutex_lock (&caller->lock);
    bool gone = drop_process (self);
    pthread_mutex_unlock (&caller->lock);
    if (!gone)
        return;
    free_process (self);
    caller->ops->release (caller);
}

static const char *process_text (const far_handle_t *handle)
{
    (void)handle;
    return "";
}

static const far_handle_kind_t process_kind = {
    .name = "process", .last = process_last, .class_name = process_text, .path = process_text
};

far_process_t *far_process_get (far_caller_t *caller, far_process_id_t id)
{
    far_process_t *self = far_map_get (&caller->processes, id.value);
    if (self)
        return far_process_retain (self);
    self = calloc (1, sizeof *self);
    if (!self || !far_map_put (&caller->processes, id.value, self)) {
        free (self);
        far_fail (FAR_E_NO_MEMORY, "no memory for a process");
        return NULL;
    }
    far_handle_init (&self->handle, &process_kind);
    self->caller = caller;
    far_options_init (&self->options);
    self->id = id;
    self->listed = true;
    caller->ops->retain (caller);
    return self;
}

far_process_t *far_process_retain (far_process_t *self)
{
    far_handle_retain (&self->handle);
    return self;
}

void far_process_set_down (far_process_t *self, far_error_t *error, far_request_t **ended)
{
    while (self->waiting)
        far_request_end (self->waiting, far_error_retain (error), ended);
    if (self->down)
        far_error_release (&error);
    else
        self->down = error;
    self->credit = NULL;
    far_turn_call_all (self);
}

void far_processes_set_down (far_caller_t *caller, far_error_t *error, far_request_t **ended)
{
    size_t position = 0;
    uint64_t id;
    far_process_t *process;
    while ((process = far_map_next (&caller->processes, &position, &id))) {
        far_process_set_down (process, far_error_retain (error), ended);
        process->listed = false;
    }
    far_map_deinit (&caller->processes);
    far_requests_expire (caller, ended);
    far_turn_forget_all (caller);
}

/* What gave NULL has just failed in this thread, if the program checks at the end of a chain: that says more. */
far_status_t far_process_missing (void)
{
    return far_last_status () ? far_last_status ()
                              : far_fail (FAR_E_BAD_ARGUMENTS, "the process, proxy or request is NULL");
}

char *far_process_describe (const far_process_t *self, char *out, size_t out_size)
{
    const char *name = atomic_load (&self->name);
    char id[32];
    if (self->id.value == FAR_PARTY_BROKER)
        snprintf (out, out_size, "the broker");
    else
        snprintf (out, out_size, "%s%s%s%s", name ? name : "process ", name ? " (" : "",
                  far_process_text (self->id.value, id), name ? ")" : "");
    return out;
}

far_process_id_t far_process_get_id (const far_process_t *process)
{
    return process ? process->id : (far_process_id_t){ 0 };
}

void far_process_destroy (far_process_t **process_p)
{
    if (!process_p || !*process_p)
        return;
    far_handle_release (&(*process_p)->handle);
    *process_p = NULL;
}
