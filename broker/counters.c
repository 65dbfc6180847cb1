/* The names of the counters. */
#include "counters.h"

const char *const counter_names[COUNTER_COUNT] = {
#define COUNTER_NAME(name, text) [COUNT_##name] = text,
    COUNTERS (COUNTER_NAME)
#undef COUNTER_NAME
};
