/* The pipeline. A file is pushed as its number and its path, and goes from stage to stage as
 *
 *     [number, path] -> [number, path, text] -> [number, path, size, {word: count}]
 *
 * Texts and counts don't come by here. When a worker dies, the broker gives what it had to another. */
#include "feed.h"
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { WINDOW = 64 /* files are inside at a time: enough for all workers to be busy */ };

static const char stages[] = "reader.read @ readers | indexer.count @ indexers | merger.index.add @ merger";

typedef struct {
    files_t *files;
    FILE *errors;
    bool failed;
} feed_t;

/* What a stage can't take is left out. Anything else is no fault of the file's, and the end of all. */
static void note_error (void *context, uint64_t input, const far_error_t *error)
{
    feed_t *self = context;
    size_t number = input - 1; /* files are pushed in the order of their numbers */
    file_fate_t fate = files_fate_of (far_error_class (error));
    bool is_end = fate == FILE_TAKEN;
    if (is_end)
        progress_clear ();
    else
        files_leave_out (self->files, number, fate);
    self->failed |= is_end;
    char *text = far_error_text (error);
    fprintf (is_end ? stderr : self->errors, "%s: %s\n", self->files->files[number].path,
             text ? text : far_error_message (error));
    far_string_free (&text);
}

static bool push_all (feed_t *self, far_pipeline_t *line, crew_t *crew, bool kills)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < self->files->count && !self->failed; i++) {
        const file_t *file = &self->files->files[i];
        far_bytes_t path = { file->path, strlen (file->path) };
        if (far_pipeline_push (line, "[uy]", (uint64_t)i, &path)) /* waits while the pipeline is full */
            return !far_print_error (file->path);
        bytes += file->size_bytes;
        progress_draw (bytes, self->files->size_bytes, i + 1);
        if (kills && bytes >= self->files->size_bytes / 2) {
            progress_clear ();
            if (!crew_kill_one (crew, "indexers"))
                return false;
            kills = false;
        }
    }
    if (far_pipeline_finish (line))
        return !far_print_error ("the pipeline");
    return !self->failed;
}

static double now (void)
{
    struct timespec time;
    clock_gettime (CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* From the first push to the end of the last stage of the last file. */
static bool push_and_print (feed_t *self, far_pipeline_t *line, crew_t *crew, bool kills)
{
    double start = now ();
    bool fed = push_all (self, line, crew, kills);
    double seconds = now () - start;
    progress_clear ();
    if (!fed || !crew_print (crew, seconds))
        return false;
    files_print_left_out (self->files, stdout);
    return true;
}

bool feed (crew_t *crew, files_t *files, bool kills, const char *error_path)
{
    feed_t self = { .files = files, .errors = fopen (error_path, "w") };
    if (!self.errors) {
        perror (error_path);
        return false;
    }
    far_pipeline_t *line = far_pipeline_open (
        crew->me, &(far_pipeline_options_t){
                      .stages = stages, .name = "index", .window = WINDOW, .on_error = note_error, .context = &self });
    bool fed = line ? push_and_print (&self, line, crew, kills) : !far_print_error ("the pipeline");
    far_pipeline_destroy (&line);
    fclose (self.errors);
    return fed;
}
