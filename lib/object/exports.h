/* The export table: which of our objects other processes hold, and how often each was sent to them. The rules are those
 * of docs/protocol.md, section 5. Not thread-safe: whoever owns it has a lock. Objects that are let go are handed back
 * to the caller instead of being released here, because a destructor must not run under that lock. */
#ifndef FAR_OBJECT_EXPORTS_H
#define FAR_OBJECT_EXPORTS_H

#include "base/ids.h"
#include "object/object.h"

typedef struct far_exports far_exports_t;

/* A holder may have references to at most so many of our objects. */
far_exports_t *far_exports_new (size_t held_most);
/* Asserts that it is empty: far_exports_clear first. */
void far_exports_destroy (far_exports_t **self_p);

/* Rule 1: counts one more reference of holder to object, and gives its id. The table retains the object. NoMemory;
 * Overloaded: holder has as many as it may have. */
far_status_t far_exports_grant (far_exports_t *self, far_object_t *object, far_process_id_t holder,
                                far_object_id_t *out_id);
/* Rule 3: to gets one if giver has one. Unknown objects and givers without one are ignored. NoMemory,
 * Overloaded. */
far_status_t far_exports_hand_on (far_exports_t *self, far_object_id_t id, far_process_id_t giver, far_process_id_t to);
/* Rule 5: the object if holder has a reference to it, one owner for the caller; else NULL (no error is set). */
far_object_t *far_exports_use (far_exports_t *self, far_object_id_t id, far_process_id_t holder);
/* A reference of our own that came home: the object, whoever brought it; one owner for the caller. NULL if it is gone. */
far_object_t *far_exports_home (far_exports_t *self, far_object_id_t id);
/* Rule 4. Gives the object, one owner for the caller to release, if nobody holds it any more; else NULL. */
far_object_t *far_exports_release (far_exports_t *self, far_object_id_t id, far_process_id_t holder, uint64_t receipts);
/* Rule 6: takes one object away that only holder had; call it until it gives NULL. All its other counts are dropped. */
far_object_t *far_exports_drop_holder (far_exports_t *self, far_process_id_t holder);
/* The session is over: takes any object away; call it until it gives NULL. Ids go on counting: none is used twice. */
far_object_t *far_exports_clear (far_exports_t *self);

size_t far_exports_count (const far_exports_t *self);                                                     /* objects */
uint64_t far_exports_references (const far_exports_t *self, far_object_id_t id, far_process_id_t holder); /* counted */

#endif
