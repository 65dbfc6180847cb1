/* Every limit that a peer can run into, in one table. docs/protocol.md has the same numbers; a test compares them. */
#ifndef FAR_BASE_LIMITS_H
#define FAR_BASE_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#define FAR_LIMIT_MESSAGE_BYTES   ((size_t)64 << 20)
#define FAR_LIMIT_FIELDS          1024
#define FAR_LIMIT_VALUES          1000000
#define FAR_LIMIT_DEPTH           32
#define FAR_LIMIT_NAME_BYTES      128
#define FAR_LIMIT_PATH_BYTES      1024
#define FAR_LIMIT_HOPS            32
#define FAR_LIMIT_CAUSES          8 /* of an error, one inside the other */
#define FAR_LIMIT_PARKED_BYTES    ((size_t)64 << 20)
#define FAR_LIMIT_FIRST_MESSAGES  64 /* that a process may send to another one before it is given credit, */
#define FAR_LIMIT_FIRST_BYTES     ((uint64_t)64 << 10) /* and of how many bytes */
#define FAR_LIMIT_RESIDENT_FIRST  1                    /* of both, to a fleet or pipeline */
#define FAR_LIMIT_ROOM_MESSAGES   65536                /* that wait in a process to be run, of all senders together */
#define FAR_LIMIT_ROOM_BYTES      ((uint64_t)32 << 20)
#define FAR_LIMIT_WINDOW_MESSAGES 8192 /* of these, of one sender */
#define FAR_LIMIT_WINDOW_BYTES    ((uint64_t)8 << 20)
#define FAR_LIMIT_REFERENCES      1000000 /* to objects of one process, that another one holds */
#define FAR_LIMIT_KEPT            65536   /* answers that one process keeps for another */
#define FAR_LIMIT_KEPT_BYTES      ((size_t)64 << 20)
#define FAR_LIMIT_NESTING         64   /* methods that wait for calls of their own, one inside the other */
#define FAR_LIMIT_FLEETS          1024 /* and pipelines, together */
#define FAR_LIMIT_FLEETS_MADE     128  /* of them, by one process */
#define FAR_LIMIT_DEAD            1000 /* requests that a fleet's dead list keeps */
#define FAR_LIMIT_DEAD_BYTES      ((size_t)64 << 20)
#define FAR_LIMIT_SLOTS           65536 /* of one worker of a fleet */

#endif
