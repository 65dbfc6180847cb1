/* A process with files to be opened, for tests of promises: an actor of this program, so that a test can hold its methods
 * back and see what has been sent meanwhile. There is another process, "third", with the module probe. */
#ifndef FAR_TESTS_FILES_H
#define FAR_TESTS_FILES_H

#include "support/world.h"

typedef struct files {
    world_t *world;
    far_actor_t *host, *me;
    far_process_t *process; /* of host */
    far_proxy_t *files;     /* its module */
} files_t;

/* Each `open` takes one from it. */
extern sem_t files_gate;

/* For a cmocka setup. */
int files_set_up (void **state, int threads);
int files_tear_down (void **state);
/* Every file that was opened is let go by its owner. */
void files_assert_all_ended (void);

/* What a request gives as a text. */
void assert_gives_text (far_request_t **request_p, const char *expected);

#endif
