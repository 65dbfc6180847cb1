/* A module for far-actor, the first stage: what a record of dpkg's says of a package. A record is a line of dpkg.log, or a
 * paragraph of the database; of others, and of lines that are about no package, there is an error. Keeps nothing. */
#include <farcall.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BYTES = 128 };

typedef struct {
    char package[WORD_BYTES]; /* without the architecture */
    char what[WORD_BYTES];    /* "install", "half-configured", ...; "now:installed" in the database */
    uint64_t kb;              /* its size, where the record says it */
} event_t;

static bool is_of (const char *word, const char *letters)
{
    return *word && !word[strspn (word, letters)];
}

static bool is_good (event_t *event)
{
    event->package[strcspn (event->package, ":")] = '\0';
    return is_of (event->package, "abcdefghijklmnopqrstuvwxyz0123456789+.-") &&
           is_of (event->what, "abcdefghijklmnopqrstuvwxyz-:");
}

static bool is_action (const char *word)
{
    static const char *const actions[] = {
        "install", "upgrade", "configure", "trigproc", "disappear", "remove", "purge"
    };
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (!strcmp (actions[i], word))
            return true;
    return false;
}

/* "DATE TIME status STATE PACKAGE VERSION", or "DATE TIME ACTION PACKAGE VERSION VERSION". */
static bool parse_line (const char *line, event_t *out)
{
    char date[12], time[10], word[3][WORD_BYTES], more[2];
    int end = 0; /* of the sixth word */
    if (sscanf (line, "%11s %9s %127s %127s %127s %*s%n %1s", date, time, word[0], word[1], word[2], &end, more) != 5 ||
        !end || fnmatch ("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]", date, 0) ||
        fnmatch ("[0-9][0-9]:[0-9][0-9]:[0-9][0-9]", time, 0))
        return false;
    bool is_status = !strcmp (word[0], "status");
    strcpy (out->what, word[is_status]);
    strcpy (out->package, word[1 + is_status]);
    return is_status || is_action (word[0]);
}

/* "Package: NAME", "Status: want ok STATE", "Installed-Size: KB" among others. */
static bool parse_paragraph (const char *text, event_t *out)
{
    strcpy (out->what, "now:");
    for (const char *line = text; line; line = strchr (line, '\n')) {
        line += *line == '\n';
        if (sscanf (line, "Package: %127s", out->package) != 1 &&
            sscanf (line, "Status: %*s %*s %100s", out->what + strlen ("now:")) != 1)
            sscanf (line, "Installed-Size: %" SCNu64, &out->kb);
    }
    return out->what[strlen ("now:")];
}

static far_status_t parse_event (far_call_t *call, void *self)
{
    (void)self;
    far_bytes_t record;
    if (far_call_args (call, &record))
        return far_call_status (call);
    event_t event = { 0 };
    char *text = strndup (record.data, record.size);
    if (!text)
        return far_call_fail (call, "MemoryError", "no memory for a record");
    bool parsed =
        strncmp (text, "Package:", strlen ("Package:")) ? parse_line (text, &event) : parse_paragraph (text, &event);
    free (text);
    if (!parsed || !is_good (&event))
        return far_call_fail (call, "NoPackage", "nothing is said of a package");
    return far_call_return (call, "[ssu]", event.package, event.what, event.kb);
}

FAR_MODULE (parse)
{
    far_module_set_doc (module, "What dpkg writes.");
    far_module_function (module, "event", parse_event, "record:y -> [v]",
                         "[package, what, KB], of a line or a paragraph.");
}
