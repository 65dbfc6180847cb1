/* Stages as records, told to the broker as text. */
#ifndef FAR_ACTOR_PIPELINE_TEXT_H
#define FAR_ACTOR_PIPELINE_TEXT_H

#include <farcall/pipeline.h>

/* "path @ at attempts=3 | path @ at": of records that a zero one ends. Yours: far_string_free. NULL with BadArguments (says
 * which stage is wrong) or NoMemory. Numbers are judged by the broker. */
char *far_pipeline_text (const far_pipeline_stage_t *stages);

#endif
