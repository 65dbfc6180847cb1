/* The text of a picture: where its values begin and end. For the two files that give and take by one. */
#ifndef FAR_WIRE_PICTURE_TEXT_H
#define FAR_WIRE_PICTURE_TEXT_H

#include <farcall/base.h>

/* A place in a picture. */
typedef struct far_picture {
    const char *text; /* the whole, for messages */
    const char *at;
} far_picture_t;

/* Passes over blanks and commas; gives the character there, '\0' at the end. */
char far_picture_peek (far_picture_t *self);
/* Counts the values from here to the closing end (']', '}', '>' or '\0'), and checks all that is inside: letters,
 * brackets, keys in pairs. In front of a value of the outermost level a keyword may stand: *keywords (NULL: none may)
 * is how many values have one. BadArguments. */
far_status_t far_picture_count (const far_picture_t *self, char end, size_t *count, size_t *keywords);
/* The keyword in front of the next value: passes over it and its colon, and gives its size; 0 if there is none. */
size_t far_picture_keyword (far_picture_t *self, const char **out_name);
/* What a letter stands for: "an integer"; NULL for what is no letter. */
const char *far_picture_meaning (char letter);
/* The position of a place, for messages: 1 is the first. */
size_t far_picture_position (const far_picture_t *self);

#endif
