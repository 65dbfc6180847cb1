/* One image that is to be made small: a stream of thumbnails, which become files. */
#ifndef THUMBS_JOB_H
#define THUMBS_JOB_H

#include <farcall.h>

typedef struct {
    const char *path, *name; /* the name is the end of the path */
    far_stream_t *stream;
    bool *kills; /* the worker that first has some of an image, but not all; for all jobs */
} job_t;

/* Sends the image and waits for nothing. false after it has printed what is wrong. */
bool job_start (job_t *self, far_proxy_t *thumbs, const far_value_t *widths);
/* Writes the thumbnails as they come, to DIRECTORY/NAME-WIDTH.png. false after it has printed what is wrong. */
bool job_finish (job_t *self, const char *directory);
/* Fine on one that was not started. */
void job_deinit (job_t *self);

#endif
