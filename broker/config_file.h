/* A configuration file in ZPL, entry by entry. */
#ifndef BROKER_CONFIG_FILE_H
#define BROKER_CONFIG_FILE_H

#include <farcall/base.h>

typedef struct config_entry {
    const char *name, *value;
    const char *where; /* "FILE, line 3" */
} config_entry_t;

/* Calls take for each entry; its failure ends the reading. BadArguments, with the line and what was expected. */
far_status_t config_file_read (const char *path, far_status_t (*take) (void *context, const config_entry_t *entry),
                               void *context);

#endif
