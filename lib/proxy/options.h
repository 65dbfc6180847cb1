/* Which value of an option holds for a call: its own, its proxy's, its process's, its actor's, or the default. */
#ifndef FAR_PROXY_OPTIONS_H
#define FAR_PROXY_OPTIONS_H

#include "proxy/reference.h"

/* What holds, with nothing set further up. Any thread, no lock. */
int far_caller_option (const far_caller_t *caller, far_option_t option);
int far_process_option (const far_process_t *process, far_option_t option);
/* settings are those of the call, checked; NULL for none. */
int far_call_option (const far_setting_t *settings, const far_proxy_t *proxy, far_option_t option);

/* When what is asked from now on ends. */
far_deadline_t far_process_deadline (const far_process_t *process);
far_deadline_t far_call_deadline (const far_setting_t *settings, const far_proxy_t *proxy);

far_status_t far_caller_set (far_caller_t *caller, far_option_t option, int64_t value);

#endif
