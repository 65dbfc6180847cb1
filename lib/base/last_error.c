/* The last error of each thread. It is a thread-local pointer, which costs nothing to read; a key of pthread gives it
 * back when the thread ends. */
#include "base/error.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local far_error_t *last;
static pthread_key_t key;
static bool has_key;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void forget (void *unused)
{
    (void)unused;
    far_error_release (&last);
}

static void make_key (void)
{
    has_key = pthread_key_create (&key, forget) == 0;
}

/* A key that outlived the library would call into code that is no longer there. */
__attribute__ ((destructor)) static void delete_key (void)
{
    forget (NULL);
    if (has_key)
        pthread_key_delete (key);
}

far_status_t far_fail_with (far_error_t *error)
{
    far_last_error_put (&error);
    return far_last_status ();
}

far_error_t *far_last_error_take (void)
{
    far_error_t *taken = last;
    last = NULL;
    return taken;
}

void far_last_error_put (far_error_t **error_p)
{
    pthread_once (&once, make_key);
    if (!last && *error_p && has_key)
        pthread_setspecific (key, *error_p);
    far_error_release (&last);
    last = *error_p;
    *error_p = NULL;
}

void far_clear_error (void)
{
    far_error_release (&last);
}

far_status_t far_fail (far_status_t kind, const char *format, ...)
{
    va_list args;
    va_start (args, format);
    far_error_t *error = far_error_vnew (kind, NULL, format, args);
    va_end (args);
    return far_fail_with (error);
}

far_status_t far_fail_errno (const char *format, ...)
{
    int number = errno;
    char text[512], reason[128];
    va_list args;
    va_start (args, format);
    vsnprintf (text, sizeof text, format, args);
    va_end (args);
    return far_fail (FAR_E_SYSTEM, "%s: %s", text, strerror_r (number, reason, sizeof reason));
}

const far_error_t *far_last_error (void)
{
    return last ? last : far_error_none ();
}

far_status_t far_last_status (void)
{
    return far_error_kind (far_last_error ());
}
