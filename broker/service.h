/* The broker's own objects: the modules `process` and `broker`, called like those of any process. */
#ifndef BROKER_SERVICE_H
#define BROKER_SERVICE_H

#include "base/clock.h"
#include "parking.h"
#include "fleets.h"

typedef struct service service_t;

/* What is counted elsewhere; borrowed. */
typedef struct service_gauges {
    const parking_t *parking;
    const size_t *connections;
} service_gauges_t;

/* Borrows router and residents. NULL with the last error. */
service_t *service_new (router_t *router, residents_t *residents, const service_gauges_t *gauges);
/* Asserts that nobody holds an object of it, or waits, any more: all have left. */
void service_destroy (service_t **self_p);

/* Takes a frame to the broker that the router has read. Answers are added to actions. */
void service_serve (service_t *self, session_t *from, far_bytes_t frame, int64_t now_ns, actions_t *actions);
/* A process handed on a reference to one of our objects. */
void service_grant (service_t *self, const far_field_t *grant);
/* A process inside the broker has let go of one. */
void service_release (service_t *self, far_object_id_t object, far_process_id_t holder);
/* Who waits for the name of this process is answered. */
void service_joined (service_t *self, session_t *session, actions_t *actions);
/* The process is down: nothing is held by it, and it waits for nothing. */
void service_left (service_t *self, far_process_id_t id);

/* When service_expire has something to do. */
far_deadline_t service_deadline (const service_t *self);
/* Answers those whose time is up. */
void service_expire (service_t *self, int64_t now_ns, actions_t *actions);

#endif
