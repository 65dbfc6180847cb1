/* The residents as a whole: run after everything that has come in, ended with the broker. Owns them and their places among
 * the processes; knows their kinds by the functions in their tables. */
#include "resident.h"
#include "resident_credit.h"
#include "base/error.h"
#include "base/limits.h"
#include "say.h"
#include "wire/bodies.h"

#include <stdlib.h>

residents_t *residents_new (router_t *router)
{
    residents_t *self = calloc (1, sizeof *self);
    if (self)
        self->router = router;
    return self;
}

void residents_destroy (residents_t **self_p)
{
    residents_t *self = *self_p;
    if (!self)
        return;
    pack_deinit (&self->pack); /* some of it may be for one of them */
    while (self->first) {
        resident_t *resident = self->first;
        self->first = resident->next;
        while (processes_part (self->router->processes, resident->session))
            ;
        processes_dismiss (self->router->processes, &resident->session);
        resident_credit_deinit (resident);
        resident->kind->destroy (resident);
    }
    free (self);
    *self_p = NULL;
}

static bool is_spare (const residents_t *self, const resident_t *resident)
{
    return resident->kind->is_idle && resident->maker.value && resident->kind->is_idle (resident) &&
           !processes_find (self->router->processes, resident->maker);
}

far_status_t residents_room (residents_t *self, far_process_id_t maker)
{
    size_t there = 0, made = 0;
    resident_t *spare = NULL;
    for (resident_t *resident = self->first; resident; resident = resident->next) {
        if (resident->ended)
            continue;
        there++;
        made += maker.value && far_process_id_equals (resident->maker, maker);
        spare = is_spare (self, resident) ? resident : spare; /* the newest is the first */
    }
    if (there >= FAR_LIMIT_FLEETS && !spare)
        return far_fail (FAR_E_OVERLOADED, "there are %d fleets and pipelines already", FAR_LIMIT_FLEETS);
    if (made >= FAR_LIMIT_FLEETS_MADE)
        return far_fail (FAR_E_OVERLOADED, "this process has made %d fleets and pipelines already",
                         FAR_LIMIT_FLEETS_MADE);
    if (there >= FAR_LIMIT_FLEETS)
        residents_end (spare);
    return FAR_OK;
}

bool residents_add (residents_t *self, resident_t *resident, const char *name)
{
    resident->session = processes_admit_resident (self->router->processes, resident, name);
    if (!resident->session)
        return false;
    resident->next = self->first;
    self->first = self->born = resident;
    self->count++;
    return true;
}

void residents_end (resident_t *resident)
{
    resident->ended = resident->stirred = true;
}

static void begin (residents_t *self, int64_t now_ns, actions_t *actions)
{
    self->now_ns = now_ns;
    self->actions = actions;
}

void residents_take (residents_t *self, session_t *to, session_t *from, far_bytes_t frame, int64_t now_ns,
                     actions_t *actions)
{
    far_message_t message, one;
    far_messages_t walk;
    begin (self, now_ns, actions);
    if (!far_message_read (frame.data, frame.size, &message))
        return;
    far_messages_start (&walk, &message);
    while (far_messages_next (&walk, &one))
        to->resident->kind->take (self, to->resident, from, &one);
}

bool resident_is_refused (const far_message_t *answer, far_status_t kind)
{
    far_item_t item;
    far_reader_t in = { answer->body, answer->body + answer->header.body_size };
    if (answer->header.type != FAR_ERROR || !far_read (&in, &item) || item.type != FAR_TYPE_LIST ||
        !far_read (&in, &item) || item.type != FAR_TYPE_INT || item.integer != kind)
        return false;
    far_error_t *error = far_error_read (answer->body, answer->header.body_size);
    bool refused = far_error_kind (error) == kind && !far_error_hop_count (error);
    far_error_release (&error);
    return refused;
}

void residents_joined (residents_t *self)
{
    for (resident_t *resident = self->first; resident; resident = resident->next)
        resident->stirred = true;
}

static void tell_left (residents_t *self, far_process_id_t id, const char *cause)
{
    for (resident_t *resident = self->first; resident; resident = resident->next) {
        resident_credit_leave (resident, id); /* first: it is not to be told what is given up of it */
        resident->kind->left (self, resident, id, cause);
    }
}

void residents_left (residents_t *self, far_process_id_t id, const char *cause, int64_t now_ns, actions_t *actions)
{
    begin (self, now_ns, actions);
    tell_left (self, id, cause);
    pack_send_all (&self->pack, actions);
}

void residents_let_go (residents_t *self, session_t *session)
{
    pack_drop (&self->pack, session);
}

/* As a process that says BYE: all that have met it learn of it. */
static void leave (residents_t *self, resident_t *resident)
{
    processes_t *processes = self->router->processes;
    far_process_id_t id = resident->session->id;
    session_t *other;
    pack_drop (&self->pack, resident->session);
    while ((other = processes_part (processes, resident->session))) {
        if (other->resident)
            continue;
        say_down (self->actions, other, id, FAR_DOWN_BYE, NULL);
        self->router->counters.value[COUNT_DOWNS]++;
    }
    processes_dismiss (processes, &resident->session);
    action_t *action = actions_add (self->actions, ACTION_LEFT, NULL);
    if (action)
        action->left = id;
    resident_credit_deinit (resident);
    resident->kind->destroy (resident);
    self->count--;
}

/* One that ended before the last run is sent nothing any more: then the others gave up what they did for it. */
static void leave_those_ended (residents_t *self)
{
    for (resident_t **at = &self->first; *at;) {
        resident_t *resident = *at;
        if (!resident->ended || resident->stirred) {
            at = &resident->next;
            continue;
        }
        *at = resident->next;
        leave (self, resident);
    }
}

static void run_one (residents_t *self, resident_t *resident)
{
    bool stirred = resident->stirred;
    resident->stirred = false;
    if (!resident->ended) {
        if (stirred || resident->kind->next_time (resident) <= self->now_ns)
            resident->kind->run (self, resident);
    } else if (stirred) {
        tell_left (self, resident->session->id, NULL);
    }
}

void residents_run (residents_t *self, int64_t now_ns, actions_t *actions)
{
    begin (self, now_ns, actions);
    leave_those_ended (self);
    for (resident_t *resident = self->first; resident; resident = resident->next)
        run_one (self, resident);
    pack_send_all (&self->pack, actions);
}

far_deadline_t residents_deadline (const residents_t *self)
{
    far_deadline_t earliest = self->pack.first ? 0 : FAR_DEADLINE_NEVER;
    for (const resident_t *resident = self->first; resident; resident = resident->next) {
        far_deadline_t next = resident->stirred || resident->ended ? 0 : resident->kind->next_time (resident);
        if (next < earliest)
            earliest = next;
    }
    return earliest;
}
