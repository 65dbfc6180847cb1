/* The table of message types. */
#include "wire/types.h"

#include <stddef.h>

typedef struct row {
    const char *name;
    far_message_role_t role;
} row_t;

static const row_t rows[] = {
    [FAR_HELLO] = { "HELLO", FAR_ROLE_SESSION },       [FAR_WELCOME] = { "WELCOME", FAR_ROLE_BROKER },
    [FAR_RESET] = { "RESET", FAR_ROLE_BROKER },        [FAR_BYE] = { "BYE", FAR_ROLE_SESSION },
    [FAR_GRANT] = { "GRANT", FAR_ROLE_BROKER },        [FAR_DOWN] = { "DOWN", FAR_ROLE_BROKER },
    [FAR_IMPORT] = { "IMPORT", FAR_ROLE_REQUEST },     [FAR_GETATTR] = { "GETATTR", FAR_ROLE_REQUEST },
    [FAR_GETVALUE] = { "GETVALUE", FAR_ROLE_REQUEST }, [FAR_CALL] = { "CALL", FAR_ROLE_REQUEST },
    [FAR_TRANSFER] = { "TRANSFER", FAR_ROLE_REQUEST }, [FAR_DEL] = { "DEL", FAR_ROLE_NOTICE },
    [FAR_CANCEL] = { "CANCEL", FAR_ROLE_NOTICE },      [FAR_CLOSE] = { "CLOSE", FAR_ROLE_REQUEST },
    [FAR_RESULT] = { "RESULT", FAR_ROLE_ANSWER },      [FAR_ERROR] = { "ERROR", FAR_ROLE_ANSWER },
    [FAR_CREDIT] = { "CREDIT", FAR_ROLE_NOTICE },
};

static const row_t *row_of (uint8_t type)
{
    return type < sizeof rows / sizeof *rows && rows[type].name ? &rows[type] : NULL;
}

far_message_role_t far_message_role (uint8_t type)
{
    const row_t *row = row_of (type);
    return row ? row->role : FAR_ROLE_UNKNOWN;
}

const char *far_message_name (uint8_t type)
{
    const row_t *row = row_of (type);
    return row ? row->name : "?";
}
