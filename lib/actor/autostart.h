/* Which broker to connect to; and starting the user's default one where none runs, as tmux does its server. */
#ifndef FAR_ACTOR_AUTOSTART_H
#define FAR_ACTOR_AUTOSTART_H

#include <farcall/actor.h>

/* The endpoint for these options: their address, else FAR_BROKER's, else the user's default broker, which is started if
 * need and allowed. The caller frees *out_endpoint. System if it can't be started. */
far_status_t far_autostart (const far_actor_options_t *options, char **out_endpoint);

#endif
