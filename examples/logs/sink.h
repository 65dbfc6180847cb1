/* The error sink: records that a stage could make nothing of. It is a module of this program's own actor. */
#ifndef LOGS_SINK_H
#define LOGS_SINK_H

#include <farcall.h>

typedef struct {
    uint64_t stage, input; /* from 1 */
    const char *why;       /* the class of the error */
    char *text;            /* all that is known of the error, in several lines */
} refused_t;

/* The module: its function take is told of each error of a stage, and takes those that are a record's own fault. Any other
 * comes out of the pipeline. */
FAR_MODULE (sink);

/* When the pipeline has finished: those that were taken, as they came; NULL past the end. Borrowed until sink_clear. */
const refused_t *sink_item (size_t index);
void sink_clear (void);

#endif
