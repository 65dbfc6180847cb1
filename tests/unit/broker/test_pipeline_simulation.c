/* The core of a pipeline under random events, with a plain account of what is inside: nothing is lost, nothing is counted
 * twice, no stage has more than it may, and who runs alone does. */
#include "support/cm.h"

#include "base/error.h"
#include "broker/pipeline.h"

#include <stdlib.h>

enum { STEPS = 200000, WINDOW = 24, PROCESSES = 3, PUSHERS = 3, STAGES = 3, PLACES = STAGES + 1 };

#define MS INT64_C (1000000)

static const char stages[] = "a @ x attempts=3 pause_ms=2 | b @ y most=4 timeout_ms=5 | c @ z attempts=2";
static session_t pushers[PUSHERS] = { { .id = { 1 } }, { .id = { 2 } }, { .id = { 3 } } };

/* Each number is that of items. */
typedef struct account {
    pipeline_t line;
    int64_t now_ns;
    unsigned seed;
    pipeline_item_t *inside[WINDOW];
    size_t count;
    uint64_t pushed, ended[PLACES], gone[PLACES]; /* gone: dropped */
} account_t;

static unsigned below (account_t *self, unsigned limit)
{
    return (unsigned)rand_r (&self->seed) % limit;
}

static far_process_id_t a_process (account_t *self)
{
    return (far_process_id_t){ 100 + below (self, PROCESSES) };
}

static pipeline_item_t *any_item (account_t *self, bool running)
{
    if (!self->count)
        return NULL;
    pipeline_item_t *item = self->inside[below (self, (unsigned)self->count)];
    return (item->attempt != 0) == running ? item : NULL;
}

static void forget (account_t *self, pipeline_item_t *item)
{
    for (size_t i = 0; i < self->count; i++)
        if (self->inside[i] == item) {
            self->inside[i] = self->inside[--self->count];
            return;
        }
    fail_msg ("an item that is not inside");
}

static void take_out (account_t *self, pipeline_item_t *item, pipeline_end_t how)
{
    forget (self, item);
    (how == PIPELINE_DROPPED ? self->gone : self->ended)[item->stage]++;
    pipeline_remove (&self->line, item, how, self->now_ns);
}

/* No more than there is credit for. */
static void push (account_t *self)
{
    if (self->count == WINDOW)
        return;
    session_t *pusher = &pushers[below (self, PUSHERS)];
    if (self->count == WINDOW)
        return;
    pipeline_item_t like = { .pusher = pusher,
                             .pusher_id = pusher->id,
                             .request = self->pushed + 1,
                             .since = self->now_ns,
                             .deadline = below (self, 2) ? FAR_DEADLINE_NEVER : self->now_ns + below (self, 40) * MS,
                             .input = malloc (8),
                             .fields_size = 3,
                             .body_size = 5 };
    pipeline_item_t *item = pipeline_enter (&self->line, &like);
    assert_non_null (item);
    self->pushed++;
    self->inside[self->count++] = item;
}

static void hand_out (account_t *self)
{
    unsigned stage = below (self, PLACES);
    pipeline_item_t *item = pipeline_next (&self->line, stage, self->now_ns);
    if (!item)
        return;
    assert_int_equal (item->stage, stage);
    far_process_id_t where = a_process (self);
    assert_true (pipeline_start (&self->line, item, where, self->now_ns));
    assert_ptr_equal (pipeline_attempt (&self->line, where, item->attempt), item);
}

static void finish (account_t *self)
{
    pipeline_item_t *item = any_item (self, true);
    if (!item)
        return;
    if (item->stage + 1 >= STAGES) {
        take_out (self, item, PIPELINE_DONE);
        return;
    }
    self->ended[item->stage]++;
    pipeline_pass (&self->line, item, malloc (9), 4, 5, self->now_ns);
}

static void end_badly (account_t *self, pipeline_item_t *item)
{
    if (item->error) {
        take_out (self, item, PIPELINE_FAILED);
        return;
    }
    self->ended[item->stage]++;
    pipeline_divert (&self->line, item, malloc (9), 6, far_error_new (FAR_E_LIMIT, "no"), self->now_ns);
    assert_int_equal (item->stage, STAGES);
}

/* As the broker does it: what had its last attempt has failed. */
static void die (account_t *self)
{
    far_process_id_t where = a_process (self);
    pipeline_item_t *item;
    while ((item = pipeline_running_at (&self->line, where)))
        if (item->deaths + 1 < self->line.stages[item->stage].attempts) {
            pipeline_repeat (&self->line, item, true, self->now_ns);
        } else {
            assert_int_equal (self->line.stages[item->stage].running, 1); /* it was alone */
            end_badly (self, item);
        }
}

static void refuse (account_t *self)
{
    pipeline_item_t *item = any_item (self, true);
    if (!item)
        return;
    unsigned stage = item->stage;
    pipeline_pause (&self->line, item, self->now_ns);
    pipeline_repeat (&self->line, item, false, self->now_ns);
    assert_null (pipeline_next (&self->line, stage, self->now_ns));
}

static void give_up (account_t *self)
{
    far_process_id_t pusher = pushers[below (self, PUSHERS)].id;
    pipeline_item_t *item;
    while ((item = pipeline_of_pusher (&self->line, pusher, 0)))
        take_out (self, item, PIPELINE_DROPPED);
}

static void expire (account_t *self)
{
    pipeline_item_t *item;
    self->now_ns += below (self, 3) * MS;
    while ((item = pipeline_expired (&self->line, self->now_ns))) {
        bool is_over = item->deadline <= self->now_ns;
        assert_true (is_over || item->attempt); /* who only waits has all the time until then */
        if (is_over)
            take_out (self, item, PIPELINE_FAILED);
        else
            end_badly (self, item);
    }
    assert_true (pipeline_expired (&self->line, self->now_ns) == NULL);
}

static void check_stage (const account_t *self, unsigned place)
{
    const pipeline_stage_t *stage = &self->line.stages[place];
    size_t waiting = 0, running = 0, bytes = 0;
    for (size_t i = 0; i < self->count; i++) {
        const pipeline_item_t *item = self->inside[i];
        if (item->stage != place)
            continue;
        waiting += !item->attempt;
        running += item->attempt != 0;
        bytes += item->attempt ? item->fields_size + item->body_size : 0;
    }
    assert_int_equal (stage->waiting.count, waiting);
    assert_int_equal (stage->running, running);
    assert_int_equal (stage->bytes, bytes);
    assert_true (!stage->most || running <= stage->most);
    assert_true (!stage->alone || running == 1);
    assert_int_equal (stage->done + stage->failed, self->ended[place]);
    assert_int_equal (stage->entered, self->ended[place] + self->gone[place] + waiting + running);
}

static void nothing_is_lost_or_counted_twice (void **state)
{
    (void)state;
    static const struct {
        void (*does) (account_t *self);
        unsigned weight;
    } events[] = { { push, 30 }, { hand_out, 60 }, { finish, 40 }, { refuse, 5 },
                   { die, 2 },   { expire, 4 },    { give_up, 1 } };
    account_t account = { .now_ns = MS, .seed = 1 }, *self = &account;
    assert_int_equal (pipeline_init (&self->line, stages, "d @ w", WINDOW), FAR_OK);
    for (int step = 0; step < STEPS; step++) {
        unsigned at = below (self, 142), event = 0;
        while (at >= events[event].weight)
            at -= events[event++].weight;
        events[event].does (self);
        if (any_item (self, true) && !below (self, 20)) {
            pipeline_item_t *item = any_item (self, true);
            if (item)
                end_badly (self, item);
        }
        assert_int_equal (self->line.inside, self->count);
        for (unsigned place = 0; place < PLACES; place++)
            check_stage (self, place);
    }
    for (unsigned place = 0; place < PLACES; place++)
        assert_true (self->line.stages[place].done && self->line.stages[place].repeated);
    pipeline_deinit (&self->line);
}

int main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (nothing_is_lost_or_counted_twice) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
