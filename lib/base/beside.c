/* Finding the programs of this project. */
#include "base/beside.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void far_program_beside (const char *name, const char *variable, char *out, size_t out_size)
{
    const char *chosen = variable ? getenv (variable) : NULL;
    if (chosen && *chosen) {
        snprintf (out, out_size, "%s", chosen);
        return;
    }
    char program[4096];
    ssize_t size = readlink ("/proc/self/exe", program, sizeof program - 1);
    program[size > 0 ? size : 0] = 0;
    Dl_info library = { 0 };
    dladdr ((void *)(uintptr_t)far_program_beside, &library);
    const char *const near[] = { library.dli_fname, program };
    static const char *const places[] = { "../bin", "../../bin", "." };
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        const char *slash = near[i] ? strrchr (near[i], '/') : NULL;
        for (size_t j = 0; slash && j < sizeof places / sizeof *places; j++) {
            snprintf (out, out_size, "%.*s/%s/%s", (int)(slash - near[i]), near[i], places[j], name);
            if (!access (out, X_OK))
                return;
        }
    }
    snprintf (out, out_size, "%s", name);
}
