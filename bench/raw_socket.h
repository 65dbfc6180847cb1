/* What the raw ZeroMQ loops have in common: a socket, with the options that farcall has too, and frames that are the bytes
 * of a struct. Errors: false, with a line on stderr. */
#ifndef BENCH_RAW_SOCKET_H
#define BENCH_RAW_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <zmq.h>

typedef struct raw_frame {
    uint64_t number; /* of the call; 0 wants no answer */
    int64_t value;   /* the amount; in an answer the total */
} raw_frame_t;

typedef struct raw {
    void *context;
    void *socket;
    uint64_t number; /* of the last call */
} raw_t;

bool raw_open_router (raw_t *self);
/* Connects, and waits until the broker has heard of it: the broker sends a peer's first message back. */
bool raw_connect (raw_t *self, const char *address, raw_frame_t hello);
/* Closes what is open; also after a failure of the two above. */
void raw_deinit (raw_t *self);

bool raw_send_frame (void *socket, raw_frame_t frame);
bool raw_receive_frame (void *socket, raw_frame_t *out);
/* Says what failed, with what ZeroMQ says of it. Always false. */
bool raw_fail (const char *what);

#endif
