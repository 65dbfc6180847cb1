/* Inputs on their way through the stages. Each waits in the list of its stage or is in the list of those that run; those
 * with a deadline are in a queue by it too. Owns the items and their inputs. */
#include "pipeline.h"
#include "base/error.h"
#include "base/limits.h"
#include "hello.h"

#include <stdlib.h>
#include <string.h>

#define STAGE_BYTES ((size_t)16 << 20) /* handed out and not answered at one stage; a single one may be larger */
#define BLANKS      " \t\n"

static pipeline_item_t *of_timed (const far_heap_node_t *node)
{
    return node ? (pipeline_item_t *)((uintptr_t)node - offsetof (pipeline_item_t, timed)) : NULL;
}

static bool ends_before (const far_heap_node_t *a, const far_heap_node_t *b)
{
    const pipeline_item_t *one = of_timed (a), *other = of_timed (b);
    return one->deadline != other->deadline ? one->deadline < other->deadline : one->number < other->number;
}

/* Cuts blanks off both ends. */
static char *trim (char *text)
{
    text += strspn (text, BLANKS);
    for (size_t size = strlen (text); size && strchr (BLANKS, text[size - 1]); size--)
        text[size - 1] = 0;
    return text;
}

static far_status_t read_stage (pipeline_t *self, char *text)
{
    char *at = strchr (text, '@');
    if (!at)
        return far_fail (FAR_E_BAD_ARGUMENTS, "stage %u: expected `path @ name`, not '%.128s'", self->stage_count + 1,
                         trim (text));
    *at = 0;
    pipeline_stage_t *stage = &self->stages[self->stage_count];
    stage->path = trim (text);
    stage->at = trim (at + 1);
    if (!*stage->path || strlen (stage->path) > FAR_LIMIT_PATH_BYTES || strpbrk (stage->path, BLANKS))
        return far_fail (FAR_E_BAD_ARGUMENTS, "stage %u: '%.128s' is no path", self->stage_count + 1, stage->path);
    if (!hello_is_name ((far_text_t){ stage->at, strlen (stage->at) }))
        return far_fail (FAR_E_BAD_ARGUMENTS, "stage %u: '%.128s' is no name of a process or fleet",
                         self->stage_count + 1, stage->at);
    self->stage_count++;
    return FAR_OK;
}

far_status_t pipeline_init (pipeline_t *self, const char *text, size_t window)
{
    *self = (pipeline_t){ .text = strdup (text), .window = window, .timed.before = ends_before };
    if (!self->text)
        return far_fail (FAR_E_NO_MEMORY, "no memory for a pipeline");
    if (!window || window > PIPELINE_WINDOW_MOST)
        return far_fail (FAR_E_BAD_ARGUMENTS, "the window of a pipeline is 1 to %d", PIPELINE_WINDOW_MOST);
    for (char *rest = self->text; rest;) {
        char *bar = strchr (rest, '|'), *stage = rest;
        if (bar)
            *bar = 0;
        rest = bar ? bar + 1 : NULL;
        if (self->stage_count == PIPELINE_STAGES_MOST)
            return far_fail (FAR_E_BAD_ARGUMENTS, "a pipeline has at most %d stages", PIPELINE_STAGES_MOST);
        far_status_t status = read_stage (self, stage);
        if (status)
            return status;
    }
    return FAR_OK;
}

void pipeline_deinit (pipeline_t *self)
{
    pipeline_item_t *item;
    while ((item = pipeline_any (self)))
        pipeline_remove (self, item, PIPELINE_DROPPED, 0);
    far_map_deinit (&self->attempts);
    for (unsigned i = 0; i < self->stage_count; i++) {
        latency_destroy (&self->stages[i].waited);
        latency_destroy (&self->stages[i].worked);
    }
    free (self->text);
    self->text = NULL;
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

/* Takes it out of the list that it is in. */
static void leave_list (pipeline_t *self, pipeline_item_t *item)
{
    pipeline_stage_t *stage = &self->stages[item->stage];
    if (!item->attempt) {
        unlink_from (&stage->waiting, item);
        return;
    }
    unlink_from (&self->running, item);
    far_map_remove (&self->attempts, item->attempt);
    stage->running--;
    stage->bytes -= size_of (item);
    item->attempt = 0;
}

/* Made when it is first needed: many pipelines are opened that do little. */
static void note_time (latency_t **latency, int64_t since, int64_t now_ns)
{
    if (!*latency)
        *latency = latency_new ();
    latency_add (*latency, now_ns - since, now_ns);
}

static void note_done (pipeline_stage_t *stage, const pipeline_item_t *item, int64_t now_ns)
{
    stage->done++;
    rate_add (&stage->rate, 1, now_ns);
    note_time (&stage->worked, item->since, now_ns);
}

static void enter_stage (pipeline_t *self, pipeline_item_t *item)
{
    self->stages[item->stage].entered++;
    append (&self->stages[item->stage].waiting, item);
}

pipeline_item_t *pipeline_enter (pipeline_t *self, const pipeline_item_t *like)
{
    pipeline_item_t *item = self->inside < self->window ? malloc (sizeof *item) : NULL;
    if (!item)
        return NULL;
    *item = *like;
    item->number = ++self->pushed;
    if (item->deadline != FAR_DEADLINE_NEVER)
        far_heap_put (&self->timed, &item->timed);
    self->inside++;
    enter_stage (self, item);
    return item;
}

void pipeline_pass (pipeline_t *self, pipeline_item_t *item, uint8_t *input, size_t fields_size, size_t body_size,
                    int64_t now_ns)
{
    leave_list (self, item);
    note_done (&self->stages[item->stage], item, now_ns);
    item->since = now_ns;
    free (item->input);
    item->input = input;
    item->fields_size = fields_size;
    item->body_size = body_size;
    item->stage++;
    item->deaths = 0;
    enter_stage (self, item);
}

void pipeline_repeat (pipeline_t *self, pipeline_item_t *item, bool died, int64_t now_ns)
{
    pipeline_stage_t *stage = &self->stages[item->stage];
    leave_list (self, item);
    item->deaths += died;
    item->since = now_ns;
    stage->repeated++;
    prepend (&stage->waiting, item);
}

void pipeline_pause (pipeline_t *self, unsigned stage, int64_t until_ns)
{
    self->stages[stage].not_before = until_ns;
}

void pipeline_remove (pipeline_t *self, pipeline_item_t *item, pipeline_end_t how, int64_t now_ns)
{
    pipeline_stage_t *stage = &self->stages[item->stage];
    leave_list (self, item);
    if (item->deadline != FAR_DEADLINE_NEVER)
        far_heap_remove (&self->timed, &item->timed);
    if (how == PIPELINE_DONE) {
        note_done (stage, item, now_ns);
    } else if (how == PIPELINE_FAILED) {
        stage->failed++;
        rate_add (&stage->rate, 1, now_ns);
    }
    self->inside--;
    free (item->input);
    free (item);
}

pipeline_item_t *pipeline_next (pipeline_t *self, unsigned stage, int64_t now_ns)
{
    pipeline_stage_t *at = &self->stages[stage];
    pipeline_item_t *item = at->waiting.first;
    if (at->not_before > now_ns)
        return NULL;
    at->not_before = 0;
    return item && (!at->running || at->bytes + size_of (item) <= STAGE_BYTES) ? item : NULL;
}

bool pipeline_start (pipeline_t *self, pipeline_item_t *item, far_process_id_t where, int64_t now_ns)
{
    pipeline_stage_t *stage = &self->stages[item->stage];
    if (!far_map_put (&self->attempts, self->attempt + 1, item))
        return false;
    unlink_from (&stage->waiting, item);
    item->attempt = ++self->attempt;
    item->where = where;
    note_time (&stage->waited, item->since, now_ns);
    item->since = now_ns;
    stage->running++;
    stage->bytes += size_of (item);
    append (&self->running, item);
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
    for (unsigned i = 0; !found && i < self->stage_count; i++)
        found = find_pushed (self->stages[i].waiting.first, pusher, request);
    return found;
}

pipeline_item_t *pipeline_any (const pipeline_t *self)
{
    pipeline_item_t *item = self->running.first;
    for (unsigned i = 0; !item && i < self->stage_count; i++)
        item = self->stages[i].waiting.first;
    return item;
}

pipeline_item_t *pipeline_expired (const pipeline_t *self, int64_t now_ns)
{
    pipeline_item_t *item = of_timed (self->timed.first);
    return item && item->deadline <= now_ns ? item : NULL;
}

far_deadline_t pipeline_next_time (const pipeline_t *self)
{
    const pipeline_item_t *timed = of_timed (self->timed.first);
    far_deadline_t earliest = timed ? timed->deadline : FAR_DEADLINE_NEVER;
    for (unsigned i = 0; i < self->stage_count; i++)
        if (self->stages[i].waiting.count && self->stages[i].not_before && self->stages[i].not_before < earliest)
            earliest = self->stages[i].not_before;
    return earliest;
}
