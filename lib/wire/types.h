/* The message types: one table that header checks, the trace and the tests read. docs/protocol.md, section 3. */
#ifndef FAR_WIRE_TYPES_H
#define FAR_WIRE_TYPES_H

#include <stdbool.h>
#include <stdint.h>

typedef enum far_message_type {
    FAR_HELLO = 1,
    FAR_WELCOME = 2,
    FAR_RESET = 3,
    FAR_BYE = 4,
    FAR_GRANT = 5,
    FAR_DOWN = 6,
    FAR_IMPORT = 16,
    FAR_GETATTR = 17,
    FAR_GETVALUE = 18,
    FAR_CALL = 19,
    FAR_TRANSFER = 20,
    FAR_DEL = 21,
    FAR_CANCEL = 22,
    FAR_CLOSE = 23,
    FAR_RESULT = 32,
    FAR_ERROR = 33,
    FAR_CREDIT = 34
} far_message_type_t;

typedef enum far_message_role {
    FAR_ROLE_UNKNOWN = 0, /* no such type */
    FAR_ROLE_SESSION,     /* a process to its broker: HELLO, BYE */
    FAR_ROLE_BROKER,      /* only the broker may send it: WELCOME, RESET, GRANT, DOWN */
    FAR_ROLE_REQUEST,     /* answered by RESULT or ERROR */
    FAR_ROLE_ANSWER,      /* RESULT, ERROR */
    FAR_ROLE_NOTICE       /* between processes, never answered: DEL, CANCEL, CREDIT */
} far_message_role_t;

far_message_role_t far_message_role (uint8_t type);
/* "CALL"; "?" for an unknown one. Static text. */
const char *far_message_name (uint8_t type);

#define FAR_FLAG_BATCH      0x0001u
#define FAR_FLAG_KEEP       0x0002u
#define FAR_FLAG_HOLDS      0x0004u
#define FAR_FLAG_BY_BROKER  0x0008u
#define FAR_FLAG_NO_CLEANUP 0x0010u
#define FAR_FLAG_IDEMPOTENT 0x0020u

#endif
