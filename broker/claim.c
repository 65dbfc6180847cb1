/* Who may listen at a path. libzmq removes whatever is there before it binds, so the lock comes first; it is held as
 * long as the broker lives. Knows nothing of sockets but their files. */
#include "claim.h"
#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static far_status_t read_endpoint (claim_t *self, const char *endpoint)
{
    far_address_t *address = &self->address;
    const char *path = endpoint + strlen ("ipc://"), *slash = strrchr (path, '/');
    size_t size = slash == path ? 1 : (size_t)(slash - path);
    if (strlen (path) >= sizeof address->path || size >= sizeof address->directory)
        return far_fail (FAR_E_LIMIT,
                         "%s: expected a path that fits a unix socket, in a directory of at most %zu bytes", endpoint,
                         sizeof address->directory - 1);
    snprintf (address->directory, sizeof address->directory, "%.*s", (int)size, path);
    snprintf (address->path, sizeof address->path, "%s", path);
    snprintf (address->endpoint, sizeof address->endpoint, "%s", endpoint);
    return FAR_OK;
}

static far_status_t lock (claim_t *self)
{
    char path[sizeof self->address.path + 8];
    snprintf (path, sizeof path, "%s.lock", self->address.path);
    self->lock_fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (self->lock_fd < 0)
        return far_fail_errno ("can't open %s", path);
    if (!flock (self->lock_fd, LOCK_EX | LOCK_NB))
        return FAR_OK;
    if (errno == EWOULDBLOCK)
        return far_fail (FAR_E_SYSTEM, "%s: another broker listens there already (it holds %s)", self->address.endpoint,
                         path);
    return far_fail_errno ("can't lock %s", path);
}

/* What is at the path may be removed: nothing, or a socket that a broker left behind. */
static far_status_t check_path (const claim_t *self)
{
    struct stat found;
    if (lstat (self->address.path, &found))
        return errno == ENOENT ? FAR_OK : far_fail_errno ("can't look at %s", self->address.path);
    if (S_ISSOCK (found.st_mode))
        return FAR_OK;
    return far_fail (FAR_E_SYSTEM, "%s: there is something else than a socket: expected nothing, or an old socket",
                     self->address.path);
}

far_status_t claim_take (claim_t *self, const char *endpoint)
{
    *self = (claim_t){ .lock_fd = -1 };
    far_status_t status = read_endpoint (self, endpoint);
    if (!status)
        status = far_address_make_directory (&self->address);
    if (!status)
        status = lock (self);
    return status ? status : check_path (self);
}

far_status_t claim_bound (claim_t *self)
{
    struct stat found;
    if (lstat (self->address.path, &found))
        return far_fail_errno ("can't look at %s", self->address.path);
    self->device = found.st_dev;
    self->inode = found.st_ino;
    return FAR_OK;
}

bool claim_holds (const claim_t *self)
{
    struct stat found;
    return !lstat (self->address.path, &found) && found.st_dev == self->device && found.st_ino == self->inode;
}

void claim_release (claim_t *self)
{
    if (self->inode && claim_holds (self))
        unlink (self->address.path);
    if (self->lock_fd >= 0)
        close (self->lock_fd);
    self->lock_fd = -1;
    self->inode = 0;
}
