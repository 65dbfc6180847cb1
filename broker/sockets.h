/* The broker's two sockets: a ROUTER for everybody, and the end of its monitor. */
#ifndef BROKER_SOCKETS_H
#define BROKER_SOCKETS_H

#include <czmq.h>
#include <farcall/base.h>

#define SOCKET_RECEIVE_HWM 4096

typedef struct sockets {
    zsock_t *router_sock, *monitor_sock;
    void *router, *monitor; /* the same, for raw calls */
    int router_fd, monitor_fd;
} sockets_t;

/* Makes both, options set, nothing bound. System. sockets_deinit cleans up, also after failure. */
far_status_t sockets_init (sockets_t *self, size_t message_bytes);
/* Frames that are on their way get up to linger_ms. */
void sockets_deinit (sockets_t *self, int linger_ms);
/* Binds an endpoint, and gives its text with the port that was chosen, if one was. System. */
far_status_t sockets_bind (sockets_t *self, const char *endpoint, char *out_bound, size_t out_size);

#endif
