/* What <farcall/base.h> declares and no other file is about: the version, and freeing what calls gave away. */
#include <farcall/base.h>

#include <stdlib.h>

const char *far_version (void)
{
    return FAR_VERSION;
}

void far_bytes_free (far_bytes_t *bytes)
{
    free ((void *)bytes->data);
    *bytes = (far_bytes_t){ NULL, 0 };
}

void far_string_free (char **text)
{
    free (*text);
    *text = NULL;
}
