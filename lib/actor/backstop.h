/* The backstop of answers: those of short methods wait for each other, to travel together; if the next method turns out
 * to be a long one, this sends them. */
#ifndef FAR_ACTOR_BACKSTOP_H
#define FAR_ACTOR_BACKSTOP_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct far_backstop {
    void (*send) (void *context); /* from the backstop's own thread */
    void *context;
    pthread_t thread;
    bool started;
    sem_t work;
    atomic_bool asleep, stop;
    _Atomic int64_t waiting_since; /* monotonic ns; 0: no answer waits */
} far_backstop_t;

/* Starts nothing yet: most actors never need it. */
void far_backstop_init (far_backstop_t *self, void (*send) (void *context), void *context);
/* From the serving thread. An answer waits while a method runs; now is monotonic ns. False if there is nobody to send it
 * (no thread can be made): then the caller does, at once. */
bool far_backstop_arm (far_backstop_t *self, int64_t now);
/* From the serving thread: no answer waits. */
void far_backstop_disarm (far_backstop_t *self);
/* From the serving thread, at its end. Waits for the backstop's thread to end. */
void far_backstop_deinit (far_backstop_t *self);

#endif
