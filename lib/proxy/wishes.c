/* The options of a call that only fleets look at, as fields and flags of its message. They are not looked up for other
 * processes, whose calls they must not slow down. */
#include "proxy/wishes.h"

static int option_of (const far_invocation_t *call, far_option_t option)
{
    return far_call_option (call->settings, call->proxy, option);
}

void far_wishes_add (const far_invocation_t *call, far_outgoing_t *out)
{
    if (!far_process_id_is_resident (call->proxy->process->id))
        return;
    int priority = option_of (call, FAR_OPTION_PRIORITY), delay_ms = option_of (call, FAR_OPTION_DELAY_MS);
    int key = option_of (call, FAR_OPTION_KEY);
    if (option_of (call, FAR_OPTION_IDEMPOTENT))
        out->header.flags |= FAR_FLAG_IDEMPOTENT;
    if (priority)
        far_field_append (&out->fields, &(far_field_t){ .tag = FAR_FIELD_PRIORITY, .priority = priority });
    if (delay_ms > 0)
        far_field_append (&out->fields, &(far_field_t){ .tag = FAR_FIELD_DELAY, .delay_ms = (uint32_t)delay_ms });
    if (key >= 0)
        far_field_append (&out->fields, &(far_field_t){ .tag = FAR_FIELD_KEY, .key = (uint64_t)key });
}
