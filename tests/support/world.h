/* A private world for a flow test: a broker of its own at an endpoint of its own, and processes that are started, killed
 * and waited for. Whatever goes wrong in here fails the test. */
#ifndef FAR_TESTS_WORLD_H
#define FAR_TESTS_WORLD_H

#include <farcall.h>
#include <semaphore.h>
#include <sys/types.h>

typedef struct world {
    char directory[64], endpoint[128], log[128], config[128];
    pid_t broker;
    pid_t processes[32];
    size_t count;
} world_t;

/* Starts a broker. */
world_t *world_new (void);
/* Starts one with this configuration file. */
world_t *world_new_configured (const char *text);
/* Ends all processes, with TERM, and fails if one of them or the broker does not leave with exit code 0: so does one in
 * which a sanitizer found something. */
void world_destroy (world_t **self_p);

/* For cmocka: a broker; the same and a process "host" with the module `probe`; the end of either. */
int world_set_up (void **state);
int world_set_up_host (void **state);
int world_tear_down (void **state);

/* Starts far-actor with this name and the test module `probe`. */
pid_t world_host (world_t *self, const char *name);
/* The same with another one of tests/modules. */
pid_t world_host_module (world_t *self, const char *name, const char *module);
/* The same with one option more, "--threads", "2". */
pid_t world_host_with (world_t *self, const char *name, const char *option, const char *value);
pid_t world_host_module_with (world_t *self, const char *name, const char *module, const char *option,
                              const char *value);
/* Starts far-actor with the same module, without a name, as a worker of this fleet. */
pid_t world_worker (world_t *self, const char *fleet, int slots);
/* Sends the signal and, if it ends or stops the process, waits for that. After TERM the exit code must be 0. */
void world_signal (world_t *self, pid_t pid, int number);
/* Waits until the process has ended by itself; its status as waitpid gives it. */
int world_wait (world_t *self, pid_t pid);
void world_kill_broker (world_t *self);
void world_start_broker (world_t *self);

/* An actor in this program. */
far_actor_t *world_actor (world_t *self, const char *name);
/* The same with these options, of which the address is the world's. */
far_actor_t *world_open (world_t *self, const far_actor_options_t *options);
/* A proxy for what the broker offers under this path. */
far_proxy_t *world_at_broker (far_actor_t *actor, const char *path);
/* The proxy that actor has to an object of owner's, handed on by the module probe of that process. */
far_proxy_t *world_proxy_of (far_actor_t *owner, far_object_t *object, far_actor_t *actor, const char *process);
/* For far_function: posts the semaphore. */
far_status_t world_post (far_call_t *call, void *semaphore);
/* Waits until it has been posted. */
void world_assert_posted (sem_t *semaphore);
/* The module probe of a process found by name. */
far_proxy_t *world_probe (far_actor_t *actor, const char *name);
/* How many lines of the broker's and processes' log have this text? */
int world_log_lines (const world_t *self, const char *text);

/* Fails the test with the thread's last error unless the status is FAR_OK. */
#define assert_ok(call)               world_assert_status ((call), FAR_OK, #call, __FILE__, __LINE__)
#define assert_status(call, expected) world_assert_status ((call), (expected), #call, __FILE__, __LINE__)
#define assert_made(pointer)          world_assert_made ((pointer), #pointer, __FILE__, __LINE__)
void world_assert_status (far_status_t status, far_status_t expected, const char *what, const char *file, int line);
void world_assert_made (const void *pointer, const char *what, const char *file, int line);
/* The thread's last error has this in its message. */
void world_assert_says (const char *part);
/* Takes the text. */
void world_assert_text (char **text, const char *expected);

#endif
