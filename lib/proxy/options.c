/* The levels of options, asked from the call outwards each time one is needed: nothing is copied when a proxy is made, so
 * that what is set later holds for it too. The options themselves, and what they can be, are base/option.c's. */
#include "proxy/options.h"

int far_caller_option (const far_caller_t *caller, far_option_t option)
{
    int value = far_option_row (option)->usual;
    far_options_get (&caller->options, option, &value);
    return value;
}

int far_process_option (const far_process_t *process, far_option_t option)
{
    int value;
    return far_options_get (&process->options, option, &value) ? value : far_caller_option (process->caller, option);
}

static int proxy_option (const far_proxy_t *proxy, far_option_t option)
{
    int value;
    for (const far_proxy_t *asked = proxy; asked; asked = asked->parent)
        if (far_options_get (&asked->options, option, &value))
            return value;
    return far_process_option (proxy->process, option);
}

int far_call_option (const far_setting_t *settings, const far_proxy_t *proxy, far_option_t option)
{
    for (; settings && settings->option != FAR_OPTION_END; settings++)
        if (settings->option == option && settings->value != FAR_UNSET)
            return (int)settings->value;
    return proxy_option (proxy, option);
}

far_deadline_t far_process_deadline (const far_process_t *process)
{
    return far_deadline_in (far_process_option (process, FAR_OPTION_DEADLINE_MS));
}

far_deadline_t far_call_deadline (const far_setting_t *settings, const far_proxy_t *proxy)
{
    return far_deadline_in (far_call_option (settings, proxy, FAR_OPTION_DEADLINE_MS));
}

far_status_t far_caller_set (far_caller_t *caller, far_option_t option, int64_t value)
{
    return far_options_set (&caller->options, option, value, FAR_LEVEL_ACTOR);
}

far_status_t far_process_set (far_process_t *process, far_option_t option, int64_t value)
{
    return process ? far_options_set (&process->options, option, value, FAR_LEVEL_PROCESS) : far_process_missing ();
}

far_status_t far_proxy_set (far_proxy_t *proxy, far_option_t option, int64_t value)
{
    return proxy ? far_options_set (&proxy->options, option, value, FAR_LEVEL_PROXY) : far_process_missing ();
}

int64_t far_proxy_option (const far_proxy_t *proxy, far_option_t option)
{
    bool is_known = proxy && option > FAR_OPTION_END && option < FAR_OPTION_COUNT;
    return is_known ? proxy_option (proxy, option) : FAR_UNSET;
}
