/* Stages as text: `path @ name key=number ... | path @ name`. */
#ifndef BROKER_PIPELINE_TEXT_H
#define BROKER_PIPELINE_TEXT_H

#include "pipeline.h"
#include "setting.h"

/* Those that a stage may have; each is a number. */
extern const setting_t pipeline_settings[];
extern const size_t pipeline_settings_count;

/* Reads all stages; text is cut into the pieces that they point to. BadArguments says which stage is wrong, and what was
 * expected. */
far_status_t pipeline_text_read (char *text, pipeline_stage_t stages[PIPELINE_STAGES_MOST], unsigned *out_count);
/* Reads a single one; where says for people which it is. */
far_status_t pipeline_text_read_one (char *text, const char *where, pipeline_stage_t *out);

#endif
