/* Counters of the kernel's out-of-memory killer. A cgroup of version 2 has them in memory.events.local, one of version 1
 * in memory.oom_control, the machine in /proc/vmstat: each with a line "oom_kill NUMBER". Owns, for the cgroups of our
 * processes, how many kills have been put down to one of them. */
#include "base/oom.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 1024, GROUPS = 16 };

static struct claims {
    pthread_mutex_t lock;
    struct {
        char counter[sizeof ((far_oom_mark_t *)0)->counter];
        uint64_t claimed, used; /* kills; when it was last looked for, counted */
    } groups[GROUPS];
    uint64_t uses;
} claims = { .lock = PTHREAD_MUTEX_INITIALIZER };

typedef bool line_fn (char *line, void *context);

/* Calls take with each line until that gives true. */
static bool find_line (const char *path, line_fn *take, void *context)
{
    char line[LINE_BYTES];
    bool found = false;
    FILE *file = fopen (path, "re");
    while (file && !found && fgets (line, sizeof line, file)) {
        line[strcspn (line, "\n")] = 0;
        found = take (line, context);
    }
    if (file)
        fclose (file);
    return found;
}

static bool take_count (char *line, void *context)
{
    static const char key[] = "oom_kill ";
    if (strncmp (line, key, sizeof key - 1) != 0)
        return false;
    *(uint64_t *)context = strtoull (line + sizeof key - 1, NULL, 10);
    return true;
}

static bool read_count (const char *counter, uint64_t *out)
{
    return find_line (counter, take_count, out);
}

static bool has_word (const char *words, const char *word)
{
    size_t size = strlen (word);
    for (const char *at = words; at; at = strchr (at, ',')) {
        at += *at == ',';
        if (strncmp (at, word, size) == 0 && (!at[size] || at[size] == ','))
            return true;
    }
    return false;
}

/* A process's cgroup that counts its memory, and where the hierarchy of that is mounted. */
typedef struct group {
    bool is_v1;
    char path[LINE_BYTES];
    char mounted[2 * LINE_BYTES]; /* the directory of the cgroup itself */
    size_t top;                   /* of that the part that is the mount */
} group_t;

/* "4:memory:/path" of version 1 counts more than "0::/path" of version 2, whose tree may be there without controllers. */
static bool take_group (char *line, void *context)
{
    group_t *self = context;
    char *controllers = strchr (line, ':'), *path = controllers ? strchr (controllers + 1, ':') : NULL;
    if (!path)
        return false;
    *path++ = 0;
    bool is_v1 = has_word (++controllers, "memory");
    if (!is_v1 && *controllers)
        return false;
    self->is_v1 = is_v1;
    snprintf (self->path, sizeof self->path, "%s", path);
    return is_v1;
}

/* "31 23 0:28 ROOT POINT OPTIONS ... - TYPE SOURCE OPTIONS": what is mounted there begins at ROOT of the hierarchy. */
static bool take_mount (char *line, void *context)
{
    group_t *self = context;
    char root[LINE_BYTES], point[LINE_BYTES], type[32], options[LINE_BYTES];
    const char *behind = strstr (line, " - ");
    if (!behind || sscanf (line, "%*s %*s %*s %1023s %1023s", root, point) != 2 ||
        sscanf (behind, " - %31s %*s %1023s", type, options) != 2)
        return false;
    if (self->is_v1 ? strcmp (type, "cgroup") != 0 || !has_word (options, "memory") : strcmp (type, "cgroup2") != 0)
        return false;
    size_t size = strcmp (root, "/") == 0 ? 0 : strlen (root);
    if (strncmp (self->path, root, size) != 0 || (self->path[size] && self->path[size] != '/'))
        return false;
    self->top = strlen (point);
    snprintf (self->mounted, sizeof self->mounted, "%s%s", point, self->path + size);
    return true;
}

/* The file in which the kills of a process's cgroup are counted: of the nearest one above, where the controller of memory
 * does not reach down to it. */
static bool find_counter (const char *proc, pid_t pid, char *out, size_t out_size)
{
    char path[PATH_MAX];
    group_t group = { 0 };
    uint64_t count;
    snprintf (path, sizeof path, "%s/%d/cgroup", proc, (int)pid);
    find_line (path, take_group, &group);
    snprintf (path, sizeof path, "%s/self/mountinfo", proc);
    if (!group.path[0] || !find_line (path, take_mount, &group))
        return false;
    const char *name = group.is_v1 ? "memory.oom_control" : "memory.events.local";
    for (char *end = group.mounted + strlen (group.mounted); end; end = strrchr (group.mounted + group.top, '/')) {
        *end = 0;
        size_t size = (size_t)snprintf (path, sizeof path, "%s/%s", group.mounted, name);
        if (size < out_size && read_count (path, &count))
            return snprintf (out, out_size, "%s", path);
    }
    return false;
}

/* With the lock: what was put down to processes of this cgroup. */
static uint64_t *claimed_in (const char *counter)
{
    size_t found = 0;
    for (size_t i = 0; i < GROUPS; i++) {
        if (strcmp (claims.groups[i].counter, counter) == 0) {
            claims.groups[i].used = ++claims.uses;
            return &claims.groups[i].claimed;
        }
        if (claims.groups[i].used < claims.groups[found].used)
            found = i;
    }
    snprintf (claims.groups[found].counter, sizeof claims.groups[found].counter, "%s", counter);
    claims.groups[found].used = ++claims.uses;
    claims.groups[found].claimed = 0;
    return &claims.groups[found].claimed;
}

void far_oom_mark (const char *proc, pid_t pid, far_oom_mark_t *out)
{
    uint64_t count;
    *out = (far_oom_mark_t){ 0 };
    if (!find_counter (proc, pid, out->counter, sizeof out->counter))
        snprintf (out->counter, sizeof out->counter, "%s/vmstat", proc);
    pthread_mutex_lock (&claims.lock);
    if (read_count (out->counter, &count))
        out->unclaimed = count - *claimed_in (out->counter);
    else
        out->counter[0] = 0;
    pthread_mutex_unlock (&claims.lock);
}

bool far_oom_killed (const char *proc, pid_t pid, const far_oom_mark_t *mark)
{
    far_oom_mark_t now = *mark;
    /* It may have been moved since, to a cgroup of its own (systemd-run --scope): that is new, and has counted from 0. Of a
     * process that has ended version 1 says that it is in the uppermost one, which is none to be moved to. */
    char counter[sizeof now.counter];
    bool is_v1 = strstr (mark->counter, "memory.oom_control");
    if (!is_v1 && find_counter (proc, pid, counter, sizeof counter) && strcmp (counter, mark->counter) != 0) {
        now.unclaimed = 0;
        memcpy (now.counter, counter, sizeof counter);
    }
    uint64_t count;
    pthread_mutex_lock (&claims.lock);
    bool killed = now.counter[0] && read_count (now.counter, &count);
    if (killed) {
        uint64_t *claimed = claimed_in (now.counter);
        killed = count - *claimed > now.unclaimed;
        *claimed += killed;
    }
    pthread_mutex_unlock (&claims.lock);
    return killed;
}
