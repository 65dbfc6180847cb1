/* Requests that are set aside, in the order of their arrival. One can only wait for a request that arrived before it, so
 * what all wait for in the end is in the queue, or runs. Each answer counts who waits for it: mostly nobody, and then
 * nothing is looked through. */
#include "actor/aside.h"
#include "actor/inbox.h"

static bool is_ready (const far_inbound_t *inbound)
{
    return atomic_load (&inbound->wanted.cancelled) || far_pins_settled (&inbound->pins);
}

/* One more or one less who waits for each answer that is not there. */
static void count (const far_inbound_t *inbound, int change)
{
    for (size_t i = 0; i < inbound->pins.count; i++) {
        far_kept_t *kept = inbound->pins.pins[i].kept;
        if (!kept->settled)
            kept->waiting += (size_t)change;
    }
}

void far_aside_enter (far_actor_t *actor, far_inbound_t *inbound)
{
    if (is_ready (inbound)) {
        far_inbox_enqueue (actor, inbound);
        return;
    }
    count (inbound, 1);
    *actor->last_aside = inbound;
    actor->last_aside = &inbound->next;
}

/* Takes the one at this place out. */
static far_inbound_t *take (far_actor_t *actor, far_inbound_t **place)
{
    far_inbound_t *inbound = *place;
    *place = inbound->next;
    inbound->next = NULL;
    if (!*place)
        actor->last_aside = place;
    return inbound;
}

static bool refers_to (const far_inbound_t *inbound, const far_kept_t *kept)
{
    for (size_t i = 0; i < inbound->pins.count; i++)
        if (inbound->pins.pins[i].kept == kept)
            return true;
    return false;
}

void far_aside_settle (far_actor_t *actor, far_kept_t *kept, far_outcome_t *outcome)
{
    far_kept_settle (kept, outcome);
    for (far_inbound_t **place = &actor->first_aside; kept->waiting && *place;) {
        kept->waiting -= refers_to (*place, kept);
        if (is_ready (*place))
            far_inbox_enqueue (actor, take (actor, place));
        else
            place = &(*place)->next;
    }
}

bool far_aside_take_out (far_actor_t *actor, const far_inbound_t *inbound)
{
    far_inbound_t **place = &actor->first_aside;
    while (*place && *place != inbound)
        place = &(*place)->next;
    if (!*place)
        return false;
    count (take (actor, place), -1);
    return true;
}

void far_aside_look (far_actor_t *actor)
{
    for (far_inbound_t **place = &actor->first_aside; *place;) {
        if (!is_ready (*place)) {
            place = &(*place)->next;
            continue;
        }
        far_inbound_t *inbound = take (actor, place);
        count (inbound, -1);
        far_inbox_enqueue (actor, inbound);
    }
}

void far_aside_clear (far_actor_t *actor, far_leftovers_t *leftovers)
{
    while (actor->first_aside) {
        far_inbound_t *inbound = take (actor, &actor->first_aside);
        count (inbound, -1);
        inbound->next = leftovers->inbounds;
        leftovers->inbounds = inbound;
    }
}
