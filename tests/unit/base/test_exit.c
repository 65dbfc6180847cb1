/* How the end of a process reads. */
#include "support/cm.h"

#include "base/exit.h"

#include <signal.h>

static void for_people (void **state)
{
    (void)state;
    static const struct {
        far_exit_t ended;
        const char *text;
    } rows[] = {
        { { .code = 0 }, "exit code 0" },
        { { .code = 3 }, "exit code 3" },
        { { .code = 1, .why = FAR_EXIT_MEMORY_LIMIT, .limit = 4096 },
          "exit code 1, under a limit of 4096 bytes of memory" },
        { { .code = -1, .number = SIGKILL }, "signal 9 (Killed)" },
        { { .code = -1, .number = SIGKILL, .why = FAR_EXIT_OUT_OF_MEMORY }, "signal 9 (Killed), out of memory" },
        { { .code = -1, .number = SIGKILL, .why = FAR_EXIT_CPU_LIMIT, .limit = 60 },
          "signal 9 (Killed), under a limit of 60 s of CPU" },
        { { .code = -1, .number = SIGSEGV, .core = true }, "signal 11 (Segmentation fault), core dumped" },
        { { .code = -1, .number = SIGABRT, .core = true, .why = FAR_EXIT_MEMORY_LIMIT, .limit = UINT64_MAX - 1 },
          "signal 6 (Aborted), core dumped, under a limit of 18446744073709551614 bytes of memory" },
        { { .code = -1, .number = 4711 }, "signal 4711 (?)" },
        { { .code = -1 }, "unknown: the program let somebody else wait for it" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        assert_string_equal (far_exit_text (&rows[i].ended, text, sizeof text), rows[i].text);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (for_people) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
