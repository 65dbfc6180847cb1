/* Arguments that are kept here: what the options do not let travel by value is hosted, and sent as a reference. */
#ifndef FAR_PROXY_AUTO_PROXY_H
#define FAR_PROXY_AUTO_PROXY_H

#include "proxy/caller.h"
#include "wire/picture.h"

/* Writes the arguments and keywords of a call, as far_picture_write_call does, but each that is of no kind in by_value (a
 * sum of far_by_value_t) as a reference to a copy of it that the caller's actor hosts. Only the arguments themselves are
 * looked at, not what is in a list or map. */
far_status_t far_auto_write_call (far_writer_t *out, far_caller_t *caller, uint32_t by_value, const char *picture,
                                  far_arguments_t *arguments, const char **results);
/* The same for values: a list (NULL: an empty one), and a map (NULL: none is written). */
void far_auto_write_values (far_writer_t *out, far_caller_t *caller, uint32_t by_value, const far_value_t *arguments,
                            const far_value_t *keywords);

#endif
