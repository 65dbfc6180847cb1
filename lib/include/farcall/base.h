/* What every part of farcall shares: symbol visibility, status codes, errors, ids, the log. */
#ifndef FARCALL_BASE_H
#define FARCALL_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FAR_EXPORT              __attribute__ ((visibility ("default")))
#define FAR_PRINTF(text, first) __attribute__ ((format (printf, text, first)))

/* The version of the library, "major.minor.patch". Static text. */
FAR_EXPORT const char *far_version (void);

/* How a call ended. The numbers are part of the protocol (docs/protocol.md, "Errors"). */
typedef enum far_status {
    FAR_OK = 0,
    FAR_E_RAISED = 1,          /* the method failed; the error's class says how */
    FAR_E_TIMEOUT = 2,         /* no answer in time; the request may still be running */
    FAR_E_CANCELLED = 3,       /* the caller gave the request up */
    FAR_E_PEER_DIED = 4,       /* the process that was asked is gone; the outcome is unknown */
    FAR_E_BROKER_LOST = 5,     /* the connection to the broker ended; the outcome is unknown */
    FAR_E_NO_SUCH_PROCESS = 6, /* an id or name that was never given out */
    FAR_E_NO_SUCH_MODULE = 7,
    FAR_E_NO_SUCH_ATTRIBUTE = 8,
    FAR_E_NO_WORKER = 9,   /* a fleet without workers */
    FAR_E_NAME_TAKEN = 10, /* the name has a live holder */
    FAR_E_OVERLOADED = 11, /* no room now */
    FAR_E_LIMIT = 12,      /* can never fit */
    FAR_E_STALE = 13,      /* the reference is not held by who used it */
    FAR_E_BAD_ARGUMENTS = 14,
    FAR_E_NOT_SERIALIZABLE = 15,
    FAR_E_PROTOCOL_ERROR = 16,
    FAR_E_DENIED = 17,
    FAR_E_CLOSED = 18, /* the process said goodbye, or this actor was closed */
    FAR_E_DEADLOCK = 19,
    FAR_E_NO_MEMORY = 20,
    FAR_E_SYSTEM = 21 /* the operating system refused; the message has errno's text */
} far_status_t;

/* The printable name of a status: "Ok", "Raised", "Timeout", ... Static text; "Unknown" for other numbers. */
FAR_EXPORT const char *far_status_name (far_status_t status);

/* A process, as the broker knows it: the upper half is the broker's incarnation, the lower half a serial number. Never
 * used twice. */
typedef struct far_process_id {
    uint64_t value;
} far_process_id_t;

/* Binary data that somebody else owns, or that the receiver frees with far_bytes_free: each use says which. */
typedef struct far_bytes {
    const void *data;
    size_t size; /* bytes */
} far_bytes_t;

/* Frees what a call gave through the picture letter `y`, and empties it. Accepts an empty one. */
FAR_EXPORT void far_bytes_free (far_bytes_t *bytes);

/* Frees what a call gave through the picture letter `s`, and sets it to NULL. Accepts NULL inside. */
FAR_EXPORT void far_string_free (char **text);

/* An error: what went wrong, through which processes it came back, and what caused it. Immutable. */
typedef struct far_error far_error_t;

/* One stop of an error on its way back to the caller, innermost first. Text that is not known is "". */
typedef struct far_hop {
    const char *process; /* name, or id as text */
    const char *object;  /* the class of the object, or the module */
    const char *method;
    const char *file; /* of the raise; "" where the method did not say */
    int line;
} far_hop_t;

/* The last error of the calling thread: of the last far_ function that failed in it. Never NULL; its kind is FAR_OK
 * if none failed yet. Borrowed until the next far_ call of this thread. */
FAR_EXPORT const far_error_t *far_last_error (void);
/* Its kind: what a method returns after a far_ function that gave NULL. */
FAR_EXPORT far_status_t far_last_status (void);
/* Forgets it: what has failed so far has been dealt with, and is not the cause of what a method fails with later. */
FAR_EXPORT void far_clear_error (void);

FAR_EXPORT far_status_t far_error_kind (const far_error_t *error);
/* The class that the method gave ("OverflowError"), or the name of the kind. Borrowed from the error. */
FAR_EXPORT const char *far_error_class (const far_error_t *error);
FAR_EXPORT const char *far_error_message (const far_error_t *error);
FAR_EXPORT size_t far_error_hop_count (const far_error_t *error);
/* NULL where index is past the end. Borrowed from the error. */
FAR_EXPORT const far_hop_t *far_error_hop (const far_error_t *error, size_t index);
/* The error that led to this one, with hops (and perhaps a cause) of its own; NULL if none. Borrowed from the error. */
FAR_EXPORT const far_error_t *far_error_cause (const far_error_t *error);
/* The whole error as one text of several lines, the chains of hops and of causes included. The caller frees it with
 * far_string_free; NULL without memory. */
FAR_EXPORT char *far_error_text (const far_error_t *error);

/* Prints "context: " and the text of the thread's last error to stderr. Returns 1, for `return far_print_error (...)`
 * in main. */
FAR_EXPORT int far_print_error (const char *context);

typedef enum far_log_level { FAR_LOG_ERROR, FAR_LOG_WARNING, FAR_LOG_INFO, FAR_LOG_DEBUG } far_log_level_t;

/* Where log lines go. line is one line without its newline, escaped so that it is printable. May be called from any
 * thread, several at once. */
typedef void far_log_handler_t (void *context, far_log_level_t level, const char *line);

/* Sends the log of this process to handler; NULL sends it to stderr again. Set it before the first actor. */
FAR_EXPORT void far_log_set_handler (far_log_handler_t *handler, void *context);
/* Passes over lines less urgent than level. FAR_LOG_WARNING at the start, or what FAR_LOG says (error, warning, info,
 * debug). */
FAR_EXPORT void far_log_set_level (far_log_level_t level);

/* Wait without end. */
#define FAR_FOREVER (-1)

#ifdef __cplusplus
}
#endif

#endif
