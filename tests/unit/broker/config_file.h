/* A configuration file of the tests. */
#ifndef FAR_TESTS_BROKER_CONFIG_FILE_H
#define FAR_TESTS_BROKER_CONFIG_FILE_H

#include "support/cm.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char config_path[] = "/tmp/far-test-config-XXXXXX";

static inline int make_config_file (void **state)
{
    (void)state;
    int fd = mkstemp (config_path);
    return fd < 0 ? -1 : close (fd);
}

static inline int remove_config_file (void **state)
{
    (void)state;
    return unlink (config_path);
}

static inline void write_config_file (const char *text)
{
    FILE *file = fopen (config_path, "w");
    assert_non_null (file);
    fputs (text, file);
    fclose (file);
}

#endif
