/* Where the user's default broker is found. The directory is checked as carefully as it is made: in the fallback's
 * parent anybody may have made one of that name before us. */
#include "base/address.h"
#include "base/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

far_status_t far_address_default (far_address_t *out)
{
    const char *runtime = getenv ("XDG_RUNTIME_DIR");
    int size = runtime && *runtime == '/'
                   ? snprintf (out->directory, sizeof out->directory, "%s/farcall", runtime)
                   : snprintf (out->directory, sizeof out->directory, "/tmp/farcall-%u", (unsigned)geteuid ());
    if (size >= (int)sizeof out->directory)
        return far_fail (FAR_E_LIMIT, "XDG_RUNTIME_DIR is too long for the address of a socket: %s", runtime);
    snprintf (out->path, sizeof out->path, "%s/broker", out->directory);
    snprintf (out->endpoint, sizeof out->endpoint, "ipc://%s", out->path);
    return FAR_OK;
}

far_status_t far_address_make_directory (const far_address_t *address)
{
    struct stat found;
    if (mkdir (address->directory, 0700) && errno != EEXIST)
        return far_fail_errno ("can't make %s", address->directory);
    if (lstat (address->directory, &found))
        return far_fail_errno ("can't look at %s", address->directory);
    if (!S_ISDIR (found.st_mode) || found.st_uid != geteuid () || found.st_mode & 077)
        return far_fail (FAR_E_DENIED, "%s: expected a directory of uid %u with mode 0700", address->directory,
                         (unsigned)geteuid ());
    return FAR_OK;
}
