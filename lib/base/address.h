/* Where the user's default broker is found: one answer for the broker, which binds there, and for the library, which
 * connects and may start it. */
#ifndef FAR_BASE_ADDRESS_H
#define FAR_BASE_ADDRESS_H

#include <farcall/base.h>

typedef struct far_address {
    char directory[96]; /* ours alone: mode 0700 */
    char path[108];     /* of the socket; as long as sun_path */
    char endpoint[128]; /* "ipc://" and the path */
} far_address_t;

/* $XDG_RUNTIME_DIR/farcall/broker; without XDG_RUNTIME_DIR /tmp/farcall-UID/broker. Limit if that is too long for a
 * unix socket. */
far_status_t far_address_default (far_address_t *out);
/* Makes the directory unless it is there. Denied if it is not a directory, not ours, or open to others. */
far_status_t far_address_make_directory (const far_address_t *address);

#endif
