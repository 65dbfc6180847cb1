/* Processes that begin together: forked before any of them has a thread, they meet at a barrier in shared memory. Each
 * dies with the process that the driver has started, and so with the driver. */
#include "crowd.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct bench_crowd {
    pthread_barrier_t barrier;
    bool is_serving;
    double rates[BENCH_CROWD];
    unsigned number; /* of this member: in its own copy */
    bench_crowd_t *shared;
};

static bench_crowd_t *make_shared (bool is_serving)
{
    pthread_barrierattr_t attributes;
    bench_crowd_t *self = mmap (NULL, sizeof *self, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (self == MAP_FAILED)
        return NULL;
    self->is_serving = is_serving;
    pthread_barrierattr_init (&attributes);
    pthread_barrierattr_setpshared (&attributes, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init (&self->barrier, &attributes, BENCH_CROWD);
    pthread_barrierattr_destroy (&attributes);
    return self;
}

void bench_crowd_meet (bench_crowd_t *crowd)
{
    bool is_last = pthread_barrier_wait (&crowd->shared->barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
    if (is_last && crowd->shared->is_serving)
        bench_role_ready ();
}

int bench_crowd_run (const bench_role_args_t *args, const bench_caller_t *caller, bench_crowd_t *crowd)
{
    return bench_load_run (caller, args->load, args->seconds, &crowd->shared->rates[crowd->number]) ? 0 : 1;
}

/* The rest of a member's life. */
static _Noreturn void live (const bench_role_args_t *args, bench_member_fn *member, bench_crowd_t *shared,
                            unsigned number)
{
    bench_crowd_t own = { .number = number, .shared = shared };
    prctl (PR_SET_PDEATHSIG, SIGKILL);
    _exit (member (args, &own));
}

/* One that ends badly is the end of all: the others may wait for it. */
static bool await_all (void)
{
    int status;
    for (int i = 0; i < BENCH_CROWD; i++)
        if (wait (&status) < 0 || status)
            return false;
    return true;
}

static int play (const bench_role_args_t *args, bench_member_fn *member, bench_crowd_t *shared)
{
    for (unsigned i = 0; shared && i < BENCH_CROWD; i++) {
        pid_t pid = fork ();
        if (pid == 0)
            live (args, member, shared, i);
        if (pid < 0)
            shared = NULL;
    }
    if (!shared)
        perror ("compare: a crowd of processes");
    return shared && await_all () ? 0 : 1;
}

int bench_crowd_serve (const bench_role_args_t *args, bench_member_fn *member)
{
    return play (args, member, make_shared (true));
}

int bench_crowd_call (const bench_role_args_t *args, bench_member_fn *member)
{
    double sum = 0;
    bench_crowd_t *shared = make_shared (false);
    int status = play (args, member, shared);
    for (int i = 0; !status && i < BENCH_CROWD; i++)
        sum += shared->rates[i];
    if (!status)
        bench_role_rate (sum);
    return status;
}
