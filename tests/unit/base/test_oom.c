/* Whether the kernel has killed for want of memory, as procfs and cgroups of both versions tell it, prepared in a folder. */
#include "support/cm.h"

#include "base/oom.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PID = 4711, OTHER = 4712 };

static char folder[64];

/* Writes a file of the folder, and the directories on the way. */
static void put (const char *name, const char *format, ...)
{
    char path[256];
    snprintf (path, sizeof path, "%s/%s", folder, name);
    for (char *slash = path + strlen (folder) + 1; (slash = strchr (slash, '/')); *slash++ = '/') {
        *slash = 0;
        mkdir (path, 0700);
    }
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    va_list values;
    va_start (values, format);
    vfprintf (file, format, values);
    va_end (values);
    fclose (file);
}

static int set_up (void **state)
{
    (void)state;
    strcpy (folder, "/tmp/far-oom-XXXXXX");
    return mkdtemp (folder) ? 0 : -1;
}

static int tear_down (void **state)
{
    (void)state;
    char command[128];
    snprintf (command, sizeof command, "rm -r %s", folder);
    return system (command);
}

static far_oom_mark_t mark (pid_t pid)
{
    far_oom_mark_t found;
    far_oom_mark (folder, pid, &found);
    return found;
}

static bool killed (pid_t pid, far_oom_mark_t mark)
{
    return far_oom_killed (folder, pid, &mark);
}

static void version_2 (void)
{
    put ("self/mountinfo",
         "30 1 0:1 / / rw - ext4 /dev/sda rw\n"
         "31 30 0:28 /box %s/groups rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n",
         folder);
    put ("4711/cgroup", "0::/box/work\n");
    put ("4712/cgroup", "0::/box/work\n");
    put ("groups/work/memory.events.local", "low 0\nmax 12\noom 7\noom_kill 5\noom_group_kill 0\n");
}

static void a_kill_since_it_began_is_its_end (void **state)
{
    (void)state;
    version_2 ();
    far_oom_mark_t before = mark (PID);
    assert_false (killed (PID, before));
    put ("groups/work/memory.events.local", "oom 8\noom_kill 6\n");
    assert_true (killed (PID, before));
}

static void each_kill_explains_one_death (void **state)
{
    (void)state;
    version_2 ();
    far_oom_mark_t one = mark (PID), other = mark (OTHER);
    put ("groups/work/memory.events.local", "oom_kill 6\n");
    assert_true (killed (PID, one));
    assert_false (killed (OTHER, other));
    one = mark (PID);
    put ("groups/work/memory.events.local", "oom_kill 8\n");
    assert_true (killed (OTHER, other));
    assert_true (killed (PID, one));
}

static void who_was_moved_has_a_young_group (void **state)
{
    (void)state;
    version_2 ();
    far_oom_mark_t before = mark (PID);
    put ("4711/cgroup", "0::/box/scope\n");
    put ("groups/scope/memory.events.local", "oom_kill 0\n");
    assert_false (killed (PID, before));
    put ("groups/scope/memory.events.local", "oom_kill 1\n");
    assert_true (killed (PID, before));
    assert_false (killed (PID, before));
    put ("4711/cgroup", "0::/box/scope (deleted)\n"); /* what is told now is that of the group before */
    assert_false (killed (PID, before));
}

static void the_controller_may_not_reach_down (void **state)
{
    (void)state;
    version_2 ();
    put ("4711/cgroup", "0::/box/work/deep/deeper\n");
    far_oom_mark_t before = mark (PID);
    put ("groups/work/memory.events.local", "oom_kill 6\n");
    assert_true (killed (PID, before));
    put ("4711/cgroup", "0::/box\n"); /* nothing counts there, nor above it: the machine does */
    put ("vmstat", "oom_kill 3\n");
    before = mark (PID);
    put ("vmstat", "oom_kill 4\n");
    assert_true (killed (PID, before));
}

/* Besides a tree of version 2 without controllers. A process that has ended is shown in the uppermost group. */
static void version_1 (void **state)
{
    (void)state;
    put ("self/mountinfo",
         "38 31 0:35 / %s/cpu rw - cgroup cgroup rw,cpu\n"
         "35 31 0:32 / %s/memory rw,relatime - cgroup cgroup rw,memory\n"
         "41 31 0:38 / %s/unified rw,relatime - cgroup2 cgroup2 rw\n",
         folder, folder, folder);
    put ("4711/cgroup", "8:pids:/\n4:hugetlb,memory:/box/work\n0::/\n");
    put ("memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 100\n");
    put ("memory/box/work/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
    far_oom_mark_t before = mark (PID);
    put ("4711/cgroup", "8:pids:/\n4:hugetlb,memory:/\n0::/\n");
    assert_false (killed (PID, before));
    put ("memory/box/work/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
    assert_true (killed (PID, before));
}

static void without_groups_the_machine_counts (void **state)
{
    (void)state;
    put ("vmstat", "nr_free_pages 1\noom_kill 3\n");
    put ("4711/cgroup", "0::/\n");
    far_oom_mark_t before = mark (PID);
    assert_false (killed (PID, before));
    put ("vmstat", "nr_free_pages 1\noom_kill 4\n");
    assert_true (killed (PID, before));
}

static void what_can_not_be_read_is_no_cause (void **state)
{
    (void)state;
    far_oom_mark_t before = mark (PID);
    put ("vmstat", "oom_kill 4\n");
    assert_false (killed (PID, before));
    put ("4711/cgroup", "nonsense\n0:\n::::\n");
    put ("self/mountinfo", "\n - \n1 2 3 4\n31 30 0:28 /box - cgroup2\n");
    before = mark (PID);
    put ("vmstat", "oom_kil");
    assert_false (killed (PID, before));
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST (a_kill_since_it_began_is_its_end),
        TEST (each_kill_explains_one_death),
        TEST (the_controller_may_not_reach_down),
        TEST (who_was_moved_has_a_young_group),
        TEST (version_1),
        TEST (without_groups_the_machine_counts),
        TEST (what_can_not_be_read_is_no_cause),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
