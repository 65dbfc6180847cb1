/* Splits a file while it is being read: no more of it than one record is in memory. */
#include "records.h"

#include <stdlib.h>
#include <string.h>

bool records_open (records_t *self, const char *path)
{
    static const char begin[] = "Package:";
    char found[sizeof begin] = "";
    *self = (records_t){ .in = fopen (path, "re") };
    if (!self->in)
        return false;
    self->are_paragraphs = fread (found, 1, strlen (begin), self->in) == strlen (begin) && !strcmp (found, begin);
    rewind (self->in);
    return true;
}

/* The next line of the file, behind what is there of the record. false without memory. */
static bool append (records_t *self, size_t size)
{
    size_t wanted = self->size + size + 1;
    if (wanted > self->capacity) {
        char *text = realloc (self->text, 2 * wanted);
        if (!text)
            return false;
        self->text = text;
        self->capacity = 2 * wanted;
    }
    memcpy (self->text + self->size, self->next, size + 1);
    self->size += size;
    return true;
}

bool records_next (records_t *self)
{
    ssize_t size;
    self->size = 0;
    while ((size = getline (&self->next, &self->next_capacity, self->in)) > 0) {
        bool is_blank = self->next[0] == '\n';
        self->lines++;
        if (!is_blank && !self->size)
            self->line = self->lines;
        if (!is_blank && !append (self, (size_t)size))
            return false;
        if (self->size && (is_blank || !self->are_paragraphs))
            break;
    }
    if (self->size && self->text[self->size - 1] == '\n')
        self->text[--self->size] = '\0';
    return self->size;
}

bool records_failed (const records_t *self)
{
    return !feof (self->in);
}

void records_close (records_t *self)
{
    fclose (self->in);
    free (self->text);
    free (self->next);
    *self = (records_t){ 0 };
}
