/* The broker's options: one table for the command line, the configuration file and --help. */
#ifndef BROKER_CONFIG_H
#define BROKER_CONFIG_H

#include "fleet_spec.h"
#include <farcall/base.h>
#include <stdio.h>

#define CONFIG_ENDPOINTS 8

typedef enum config_task { CONFIG_RUN, CONFIG_HELP, CONFIG_VERSION } config_task_t;

typedef struct config {
    char *endpoints[CONFIG_ENDPOINTS];
    size_t endpoint_count; /* 0: the user's default */
    bool insecure_tcp;
    bool daemon;
    char *log_path; /* NULL: stderr, or nowhere for a daemon */
    bool has_log_level;
    far_log_level_t log_level;
    int idle_exit_s; /* 0: never */
    size_t max_connections;
    size_t message_bytes;
    size_t parked_bytes;
    bool has_file;        /* --config was given */
    fleet_specs_t fleets; /* that the file has */
} config_t;

/* Defaults, then the file that --config names, then the rest of the command line: what comes later replaces, but that
 * endpoints of the command line replace all those of the file. BadArguments says what is wrong, where, and what was
 * expected. config_deinit cleans up, also after failure. */
far_status_t config_read (config_t *self, int argc, char *const *argv, config_task_t *out_task);
void config_deinit (config_t *self);
void config_print_help (FILE *out);

#endif
