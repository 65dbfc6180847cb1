/* Proxies as references: which objects of others we hold, how often each was sent to us, and telling the owner when we
 * let go. docs/protocol.md, section 5. */
#ifndef FAR_PROXY_REFERENCE_H
#define FAR_PROXY_REFERENCE_H

#include "proxy/process.h"
#include "wire/reader.h"

/* A root (an object of another process, or object 0: its modules; or the answer of a request) or, with a parent, a path
 * from one. */
struct far_proxy {
    far_handle_t handle;
    far_process_t *process; /* retained */
    far_object_id_t object;
    far_proxy_t *parent;         /* whose attribute it was made as, retained; NULL if it is a root */
    far_proxy_t *root;           /* where the parents end; NULL if it is a root itself */
    char *path;                  /* from the root; "" for the root itself */
    _Atomic (char *) class_name; /* of a root; NULL while not known. Set once, under the lock */
    bool listed;                 /* a root that is in process->proxies */
    far_request_t *promise;      /* of a root that is the answer of a request: that one, held; else NULL */
    uint64_t receipts;           /* of a root, since the last RELEASE; under the lock */
    far_options_t options;       /* what is not set here is asked of the parent, or the process */
};

/* With the lock: the proxy of an object that a message has just brought, one receipt more; one owner for the caller.
 * NULL without memory. */
far_proxy_t *far_proxy_receive (far_caller_t *caller, far_process_id_t owner, far_object_id_t object);
/* A deferred proxy: path from another proxy (any, not broken or not). NULL with Limit or NoMemory. */
far_proxy_t *far_proxy_at (far_proxy_t *from, far_text_t path);
/* The answer of a request that was sent with KEEP, whether or not it is there, as a root. NULL without memory. */
far_proxy_t *far_proxy_of_answer (far_request_t *promise);
/* NULL unless the proxy is the answer of a request, or a path from it. Borrowed. */
far_request_t *far_proxy_promise (const far_proxy_t *proxy);
/* What a body says of a proxy that came with its message: learns its class, follows the path and takes the options that
 * nobody has set. NULL with Limit or NoMemory. */
far_proxy_t *far_proxy_take (far_proxy_t *received, const far_reference_t *reference);
/* The modules of a process, as the root of deferred imports. NULL without memory. */
far_proxy_t *far_proxy_modules (far_process_t *process);
/* NULL unless the handle is a proxy. */
far_proxy_t *far_proxy_from_handle (far_handle_t *handle);

/* Takes a reference of a message: references[index], with its path applied. */
typedef struct far_received {
    far_caller_t *caller;
    far_handle_t **references;
    size_t count;
} far_received_t;

far_resolver_t far_received_resolver (far_received_t *received);

#endif
