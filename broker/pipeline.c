/* Inputs on their way through the stages. Each waits in the list of its stage or is in the list of those that run; those
 * with a deadline are in a queue by it too. Owns the items and their inputs. */
#include "pipeline.h"
#include "base/error.h"
#include "pipeline_text.h"

#include <stdlib.h>
#include <string.h>

#define STAGE_BYTES ((size_t)16 << 20) /* handed out and not answered at one stage; a single one may be larger */

static pipeline_item_t *of_timed (const far_heap_node_t *node)
{
    return node ? (pipeline_item_t *)((uintptr_t)node - offsetof (pipeline_item_t, timed)) : NULL;
}

static bool ends_before (const far_heap_node_t *a, const far_heap_node_t *b)
{
    const pipeline_item_t *one = of_timed (a), *other = of_timed (b);
    return one->ends != other->ends ? one->ends < other->ends : one->number < other->number;
}

static far_status_t read_sink (pipeline_t *self, const char *sink)
{
    self->sink_text = strdup (sink);
    if (!self->sink_text)
        return far_fail (FAR_E_NO_MEMORY, "no memory for a pipeline");
    self->place_count++;
    return pipeline_text_read_one (self->sink_text, "errors", &self->stages[self->stage_count]);
}

far_status_t pipeline_init (pipeline_t *self, const char *stages, const char *sink, size_t window)
{
    *self = (pipeline_t){ .text = strdup (stages), .window = window, .timed.before = ends_before };
    if (!self->text)
        return far_fail (FAR_E_NO_MEMORY, "no memory for a pipeline");
    if (!window || window > PIPELINE_WINDOW_MOST)
        return far_fail (FAR_E_BAD_ARGUMENTS, "the window of a pipeline is 1 to %d", PIPELINE_WINDOW_MOST);
    far_status_t status = pipeline_text_read (self->text, self->stages, &self->stage_count);
    self->place_count = self->stage_count;
    return status || !*sink ? status : read_sink (self, sink);
}

void pipeline_deinit (pipeline_t *self)
{
    pipeline_item_t *item;
    while ((item = pipeline_any (self)))
        pipeline_remove (self, item, PIPELINE_DROPPED, 0);
    far_map_deinit (&self->attempts);
    for (unsigned i = 0; i < self->place_count; i++) {
        latency_destroy (&self->stages[i].waited);
        latency_destroy (&self->stages[i].worked);
    }
    free (self->text);
    free (self->sink_text);
    self->text = self->sink_text = NULL;
}

static void append (pipeline_list_t *list, pipeline_item_t *item)
{
    item->next = NULL;
    item->previous = list->last;
    *(list->last ? &list->last->next : &list->first) = item;
    list->last = item;
    list->count++;
}

static void prepend (pipeline_list_t *list, pipeline_item_t *item)
{
    item->previous = NULL;
    item->next = list->first;
    *(list->first ? &list->first->previous : &list->last) = item;
    list->first = item;
    list->count++;
}

static void insert_after (pipeline_list_t *list, pipeline_item_t *before, pipeline_item_t *item)
{
    item->previous = before;
    item->next = before->next;
    *(item->next ? &item->next->previous : &list->last) = item;
    before->next = item;
    list->count++;
}

static void unlink_from (pipeline_list_t *list, pipeline_item_t *item)
{
    *(item->previous ? &item->previous->next : &list->first) = item->next;
    *(item->next ? &item->next->previous : &list->last) = item->previous;
    list->count--;
}

static size_t size_of (const pipeline_item_t *item)
{
    return item->fields_size + item->body_size;
}

static void set_end (pipeline_t *self, pipeline_item_t *item, far_deadline_t ends)
{
    if (item->ends != FAR_DEADLINE_NEVER)
        far_heap_remove (&self->timed, &item->timed);
    item->ends = ends;
    if (ends != FAR_DEADLINE_NEVER)
        far_heap_put (&self->timed, &item->timed);
}

/* Takes it out of the list that it is in. */
static void leave_list (pipeline_t *self, pipeline_item_t *item)
{
    pipeline_stage_t *stage = &self->stages[item->stage];
    if (!item->attempt) {
        stage->back = stage->back == item ? NULL : stage->back;
        unlink_from (&stage->waiting, item);
        return;
    }
    unlink_from (&self->running, item);
    far_map_remove (&self->attempts, item->attempt);
    stage->running--;
    stage->alone = false;
    stage->bytes -= size_of (item);
    item->attempt = 0;
    if (item->ends != item->deadline)
        set_end (self, item, item->deadline);
}

static void note_done (pipeline_stage_t *stage, const pipeline_item_t *item, int64_t now_ns)
{
    stage->done++;
    rate_add (&stage->rate, 1, now_ns);
    latency_note (&stage->worked, now_ns - item->since, now_ns);
}

static void note_failed (pipeline_stage_t *stage, int64_t now_ns)
{
    stage->failed++;
    rate_add (&stage->rate, 1, now_ns);
}

static void enter_stage (pipeline_t *self, pipeline_item_t *item)
{
    self->stages[item->stage].entered++;
    append (&self->stages[item->stage].waiting, item);
}

/* It waits there from now on, with this input. */
static void move_to (pipeline_t *self, pipeline_item_t *item, unsigned stage, uint8_t *input, int64_t now_ns)
{
    free (item->input);
    item->input = input;
    item->since = now_ns;
    item->stage = stage;
    item->deaths = 0;
    enter_stage (self, item);
}

pipeline_item_t *pipeline_enter (pipeline_t *self, const pipeline_item_t *like)
{
    pipeline_item_t *item = malloc (sizeof *item);
    if (!item)
        return NULL;
    *item = *like;
    item->number = ++self->pushed;
    item->ends = FAR_DEADLINE_NEVER;
    set_end (self, item, item->deadline);
    self->inside++;
    enter_stage (self, item);
    return item;
}

void pipeline_pass (pipeline_t *self, pipeline_item_t *item, uint8_t *input, size_t fields_size, size_t body_size,
                    int64_t now_ns)
{
    leave_list (self, item);
    note_done (&self->stages[item->stage], item, now_ns);
    item->fields_size = fields_size;
    item->body_size = body_size;
    move_to (self, item, item->stage + 1, input, now_ns);
}

void pipeline_divert (pipeline_t *self, pipeline_item_t *item, uint8_t *input, size_t body_size, far_error_t *error,
                      int64_t now_ns)
{
    leave_list (self, item);
    note_failed (&self->stages[item->stage], now_ns);
    item->body_size = body_size;
    item->error = error;
    move_to (self, item, self->stage_count, input, now_ns);
}

void pipeline_repeat (pipeline_t *self, pipeline_item_t *item, bool died, int64_t now_ns)
{
    pipeline_stage_t *stage = &self->stages[item->stage];
    leave_list (self, item);
    item->deaths += died;
    item->since = now_ns;
    stage->repeated++;
    if (stage->back && !died)
        insert_after (&stage->waiting, stage->back, item);
    else
        prepend (&stage->waiting, item);
    stage->back = died ? NULL : item;
}

void pipeline_pause (pipeline_t *self, const pipeline_item_t *item, int64_t now_ns)
{
    pipeline_stage_t *stage = &self->stages[item->stage];
    stage->not_before = now_ns + stage->pause_ns;
}

void pipeline_remove (pipeline_t *self, pipeline_item_t *item, pipeline_end_t how, int64_t now_ns)
{
    pipeline_stage_t *stage = &self->stages[item->stage];
    leave_list (self, item);
    set_end (self, item, FAR_DEADLINE_NEVER);
    if (how == PIPELINE_DONE)
        note_done (stage, item, now_ns);
    else if (how == PIPELINE_FAILED)
        note_failed (stage, now_ns);
    self->inside--;
    far_error_release (&item->error);
    free (item->input);
    free (item);
}

/* With only one there is nothing to be found out. */
static bool is_last_attempt (const pipeline_stage_t *stage, const pipeline_item_t *item)
{
    return item->deaths && item->deaths + 1 >= stage->attempts;
}

pipeline_item_t *pipeline_next (pipeline_t *self, unsigned stage, int64_t now_ns)
{
    pipeline_stage_t *at = &self->stages[stage];
    pipeline_item_t *item = at->waiting.first;
    if (at->not_before > now_ns)
        return NULL;
    at->not_before = 0;
    if (!item || at->alone || (at->running && is_last_attempt (at, item)) || (at->most && at->running >= at->most))
        return NULL;
    return !at->running || at->bytes + size_of (item) <= STAGE_BYTES ? item : NULL;
}

bool pipeline_start (pipeline_t *self, pipeline_item_t *item, far_process_id_t where, int64_t now_ns)
{
    pipeline_stage_t *stage = &self->stages[item->stage];
    if (!far_map_put (&self->attempts, self->attempt + 1, item))
        return false;
    unlink_from (&stage->waiting, item);
    stage->back = NULL;
    stage->alone = is_last_attempt (stage, item);
    item->attempt = ++self->attempt;
    item->where = where;
    latency_note (&stage->waited, now_ns - item->since, now_ns);
    item->since = now_ns;
    stage->running++;
    stage->bytes += size_of (item);
    append (&self->running, item);
    if (stage->timeout_ns && now_ns + stage->timeout_ns < item->deadline)
        set_end (self, item, now_ns + stage->timeout_ns);
    return true;
}

pipeline_item_t *pipeline_attempt (const pipeline_t *self, far_process_id_t where, uint64_t attempt)
{
    pipeline_item_t *item = far_map_get (&self->attempts, attempt);
    return item && item->where.value == where.value ? item : NULL;
}

pipeline_item_t *pipeline_running_at (const pipeline_t *self, far_process_id_t where)
{
    pipeline_item_t *item = self->running.last;
    while (item && item->where.value != where.value)
        item = item->previous;
    return item;
}

static pipeline_item_t *find_pushed (pipeline_item_t *item, far_process_id_t pusher, uint64_t request)
{
    while (item && (item->pusher_id.value != pusher.value || (request && item->request != request)))
        item = item->next;
    return item;
}

pipeline_item_t *pipeline_of_pusher (const pipeline_t *self, far_process_id_t pusher, uint64_t request)
{
    pipeline_item_t *found = find_pushed (self->running.first, pusher, request);
    for (unsigned i = 0; !found && i < self->place_count; i++)
        found = find_pushed (self->stages[i].waiting.first, pusher, request);
    return found;
}

pipeline_item_t *pipeline_any (const pipeline_t *self)
{
    pipeline_item_t *item = self->running.first;
    for (unsigned i = 0; !item && i < self->place_count; i++)
        item = self->stages[i].waiting.first;
    return item;
}

pipeline_item_t *pipeline_expired (const pipeline_t *self, int64_t now_ns)
{
    pipeline_item_t *item = of_timed (self->timed.first);
    return item && item->ends <= now_ns ? item : NULL;
}

far_deadline_t pipeline_next_time (const pipeline_t *self)
{
    const pipeline_item_t *timed = of_timed (self->timed.first);
    far_deadline_t earliest = timed ? timed->ends : FAR_DEADLINE_NEVER;
    for (unsigned i = 0; i < self->place_count; i++)
        if (self->stages[i].waiting.count && self->stages[i].not_before && self->stages[i].not_before < earliest)
            earliest = self->stages[i].not_before;
    return earliest;
}
