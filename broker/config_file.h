/* A configuration file in ZPL, entry by entry. */
#ifndef BROKER_CONFIG_FILE_H
#define BROKER_CONFIG_FILE_H

#include <farcall/base.h>

typedef struct config_entry {
    const char *section; /* that it stands in; NULL at the margin */
    const char *name, *value;
    const char *where; /* "FILE, line 3" */
} config_entry_t;

/* What is done with what is read; its failure ends the reading. */
typedef struct config_taker {
    far_status_t (*entry) (void *context, const config_entry_t *entry);
    /* A section of this name begins, and ends. */
    far_status_t (*section) (void *context, const config_entry_t *section);
    far_status_t (*section_end) (void *context, const config_entry_t *section);
    void *context;
} config_taker_t;

/* Goes through the file in order; sections are one deep. BadArguments, with the line and what was expected. */
far_status_t config_file_read (const char *path, const config_taker_t *taker);

#endif
