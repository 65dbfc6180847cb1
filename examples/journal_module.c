/* A module for far-actor, journal.so: a class with a base, a property, operators and iteration. journal.c uses it. */
#include <farcall.h>
#include <stdlib.h>

typedef struct {
    char *title;
} document_t;

static void document_fini (void *self)
{
    free (((document_t *)self)->title);
}

static const far_property_t document_properties[] = {
    { "title", "s=nil", "What is written on it.", FAR_FIELD (document_t, title) }, { 0 }
};

static const far_class_t document_class = {
    .name = "Document", .size = sizeof (document_t), .fini = document_fini, .properties = document_properties
};

typedef struct {
    document_t document; /* the base's data comes first */
    int pages;
} journal_t;

static far_status_t journal_add (far_call_t *call, void *self)
{
    int pages;
    if (far_call_args (call, &pages))
        return far_call_status (call);
    if (pages < 0)
        return far_call_fail (call, "ValueError", "%d pages", pages);
    ((journal_t *)self)->pages += pages;
    return FAR_OK; /* and no answer: `+=` goes on with the journal itself */
}

static far_status_t journal_len (far_call_t *call, void *self)
{
    return far_call_return (call, "i", ((journal_t *)self)->pages);
}

static far_status_t journal_iter (far_call_t *call, void *self)
{
    far_value_t *pages = far_value_list ();
    for (int number = 1; number <= ((journal_t *)self)->pages; number++) {
        far_value_t *page = far_value_new ("i", number);
        far_value_append (pages, &page);
    }
    far_status_t status = far_call_return (call, "v", pages); /* a list, which is then gone over */
    far_value_destroy (&pages);
    return status;
}

static const far_operation_t journal_operators[] = {
    { FAR_IADD, journal_add, "pages:i", "Adds empty pages." },
    { FAR_LEN, journal_len, "-> i", "How many pages." },
    { FAR_ITER, journal_iter, "-> [i]", "The numbers of its pages." },
    { 0 },
};

static const far_class_t journal_class = {
    .name = "Journal", .size = sizeof (journal_t), .operators = journal_operators, .base = &document_class
};

FAR_MODULE (journal)
{
    far_module_class (module, &journal_class);
}
