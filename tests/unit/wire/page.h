/* Files of the tree, as the tests that compare them with the code read them. */
#ifndef FAR_TESTS_WIRE_PAGE_H
#define FAR_TESTS_WIRE_PAGE_H

#include "fixture.h"

#include <stdio.h>

/* The whole file as text; the caller frees it. */
static inline char *read_text (const char *path)
{
    char whole[512];
    snprintf (whole, sizeof whole, "%s/%s", FAR_SOURCE_DIR, path);
    FILE *file = fopen (whole, "r");
    if (!file)
        fail_msg ("%s can't be opened", whole);
    far_buffer_t text = { 0 };
    char block[4096];
    for (size_t size; (size = fread (block, 1, sizeof block, file)) > 0;)
        far_buffer_append (&text, block, size);
    fclose (file);
    far_buffer_append (&text, "", 1);
    return (char *)text.data;
}

/* What stands in a section of the page, from its heading ("## 2. Fields") to the next of the same rank or a higher one;
 * the caller frees it. */
static inline char *read_section (const char *heading)
{
    char *page = read_text ("docs/protocol.md"), *start = strstr (page, heading);
    if (!start)
        fail_msg ("docs/protocol.md has no \"%s\"", heading);
    size_t rank = strspn (heading, "#");
    char *end = start;
    while ((end = strstr (end + 1, "\n#")) && strspn (end + 1, "#") > rank)
        ;
    char *section = end ? strndup (start, (size_t)(end - start)) : strdup (start);
    free (page);
    return section;
}

/* Is there a row of a table with these cells at its beginning? */
static inline void assert_row (const char *section, const char *cells)
{
    char line[256];
    snprintf (line, sizeof line, "\n| %s |", cells);
    if (!strstr (section, line))
        fail_msg ("docs/protocol.md has no row \"%s\"", line + 1);
}

/* Rows of the tables whose first cell begins with a digit. */
static inline size_t count_numbered_rows (const char *section)
{
    size_t count = 0;
    for (const char *at = section; (at = strstr (at, "\n| ")); at++)
        count += at[3] >= '0' && at[3] <= '9';
    return count;
}

#endif
