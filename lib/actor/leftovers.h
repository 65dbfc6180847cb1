/* What must be let go of once no lock is held any more: destructors and the last owners of proxies take locks. */
#ifndef FAR_ACTOR_LEFTOVERS_H
#define FAR_ACTOR_LEFTOVERS_H

#include "proxy/request.h"

/* An all-zero one is empty. */
typedef struct far_leftovers {
    far_handle_t **handles;
    size_t count, capacity;
    far_request_t *ended;
    struct far_inbound *inbounds;
} far_leftovers_t;

/* With the lock. Takes the owner of handle; NULL is passed over. */
void far_leftovers_add (far_leftovers_t *self, far_handle_t *handle);
/* With the lock: moves what runs functions of the program to another one: objects that end, requests with a callback. Was
 * there any? */
bool far_leftovers_hand_over (far_leftovers_t *self, far_leftovers_t *to);
/* Without any lock. */
void far_leftovers_release (far_leftovers_t *self);

#endif
