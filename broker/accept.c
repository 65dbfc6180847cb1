/* libzmq 4.3.4 aborts (ipc) or spins (tcp) when accept4 fails for want of a descriptor, and its listeners can't be
 * paused: unbinding ends all connections. The cap on connections is ours, but ends them only after they were accepted,
 * which may be too late in a storm. So the accept4 that libzmq calls is this one: with no descriptor left it takes the
 * one in reserve, turns the connection away with it, and says that it was aborted, which libzmq passes over. */
#include "accept.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int reserve = -1; /* the I/O thread's, once there is one */

void accept_reserve (void)
{
    reserve = open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void turn_away (int listener, int flags)
{
    if (reserve >= 0)
        close (reserve);
    long accepted = syscall (SYS_accept4, listener, NULL, NULL, flags);
    if (accepted >= 0)
        close ((int)accepted);
    accept_reserve ();
}

/* Declared here, since <sys/socket.h> does so with a union that only glibc has. */
__attribute__ ((visibility ("default"))) int accept4 (int listener, void *address, unsigned *address_size, int flags);

int accept4 (int listener, void *address, unsigned *address_size, int flags)
{
    long accepted = syscall (SYS_accept4, listener, address, address_size, flags);
    if (accepted < 0 && errno == EMFILE) {
        turn_away (listener, flags);
        errno = ECONNABORTED;
    }
    return (int)accepted;
}
