/* The clock of verbs that do something again and again. */
#ifndef FAR_CLI_PACE_H
#define FAR_CLI_PACE_H

/* Of a clock that is never set. */
double pace_now_ms (void);
/* Also if a signal comes. */
void pace_sleep_ms (int interval_ms);

#endif
