/* A pool of threads that run an actor's methods. */
#ifndef FAR_ACTOR_POOL_H
#define FAR_ACTOR_POOL_H

#include <farcall/actor.h>
#include <pthread.h>

/* An all-zero one is valid, and has no threads. */
typedef struct far_pool {
    pthread_t *threads;
    size_t count;
    bool is_over; /* the threads are to end. Under the actor's lock */
} far_pool_t;

/* Starts so many threads. System or NoMemory: then none is left. */
far_status_t far_pool_start (far_actor_t *actor, size_t count);
/* Without the lock, not from one of the threads: waits until what they run has come to its end. Accepts one that was not
 * started. */
void far_pool_stop (far_actor_t *actor);

#endif
