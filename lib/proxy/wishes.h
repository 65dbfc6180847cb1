/* What a call says to a fleet of how it wants to be treated. */
#ifndef FAR_PROXY_WISHES_H
#define FAR_PROXY_WISHES_H

#include "proxy/invoke.h"

/* Puts the options that are for fleets into a CALL; nothing where its proxy is of another process. */
void far_wishes_add (const far_invocation_t *call, far_outgoing_t *out);

#endif
