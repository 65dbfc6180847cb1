/* Errors as values: one immutable far_error_t, shared by counting; and the last one of each thread. */
#ifndef FAR_BASE_ERROR_H
#define FAR_BASE_ERROR_H

#include <farcall/base.h>
#include <stdarg.h>

/* A new error without hops. Never NULL: without memory it gives a static NoMemory. The class is the kind's name. */
far_error_t *far_error_new (far_status_t kind, const char *format, ...) FAR_PRINTF (2, 3);
far_error_t *far_error_vnew (far_status_t kind, const char *error_class, const char *format, va_list args);
/* The same from parts that are not NUL-terminated. error_class NULL: the kind's name. */
far_error_t *far_error_from (far_status_t kind, const char *error_class, size_t class_size, const char *message,
                             size_t message_size);
/* A copy of error with one hop more, the outermost; texts are copied. FAR_LIMIT_HOPS at most: then just one more owner
 * of the same. */
far_error_t *far_error_with_hop (const far_error_t *error, const far_hop_t *hop);
/* The same with several, innermost first. What is past the limit is left out. */
far_error_t *far_error_with_hops (const far_error_t *error, const far_hop_t *hops, size_t count);
/* The same caused by another one, in the place of a cause that it had; NULL: as it is. FAR_LIMIT_CAUSES one inside the
 * other at most: what is further inside is left out. */
far_error_t *far_error_with_cause (const far_error_t *error, const far_error_t *cause);
far_error_t *far_error_retain (const far_error_t *error);
void far_error_release (far_error_t **error_p);

/* The error that says that there is none: kind FAR_OK. Static. */
const far_error_t *far_error_none (void);

/* Makes error the thread's last one and gives its kind. Consumes it. */
far_status_t far_fail_with (far_error_t *error);
/* Takes the thread's last error away, for what may fail meanwhile and is nobody's business: yours, NULL if there is none.
 * far_last_error_put puts it back in the place of whatever failed since. */
far_error_t *far_last_error_take (void);
void far_last_error_put (far_error_t **error_p);
/* Makes a new error the thread's last one: `return far_fail (FAR_E_LIMIT, "...", ...)`. */
far_status_t far_fail (far_status_t kind, const char *format, ...) FAR_PRINTF (2, 3);
/* System, with the text of errno behind the message. */
far_status_t far_fail_errno (const char *format, ...) FAR_PRINTF (1, 2);

#endif
