/* Uses an object as if it were Python's: its properties, operators and items. journal_module.c is its class.
 *
 *     $ far-actor --name host --module ./journal.so &
 *     $ ./journal
 *     Log of the Beagle: 3 pages
 *     page 1
 *     page 2
 *     page 3
 *     page 7 is in it: no
 *     ValueError: -1 pages
 *     $ far ls host journal
 *     OFFERS                   WHAT IT DOES
 *     Journal() is a Document ...
 *       .title: string or nil  What is written on it. (Document)
 *       += (pages: int32)      Adds empty pages.
 *       len() -> int32         How many pages.
 *       iter() -> [int32]      The numbers of its pages.
 *     $ kill %1
 */
#include <farcall.h>
#include <stdio.h>

int main (void)
{
    far_actor_t *me = far_actor_new (NULL, NULL);
    if (!me)
        return far_print_error ("the broker");
    far_process_t *host = far_find (me, "host");
    if (!host)
        return far_print_error ("host");

    far_proxy_t *journal = far_new (host, "journal.Journal", NULL);
    char *title;
    size_t pages;
    if (far_setattr (journal, "title", "s", "Log of the Beagle") || far_update (&journal, FAR_IADD, "i", 3) ||
        far_get (journal, "title", "s", &title) || far_len (journal, &pages))
        return far_print_error ("the journal");
    printf ("%s: %zu pages\n", title, pages);
    far_string_free (&title);

    int page;
    far_iterator_t *each = far_iterate (journal);
    while (far_next (each, "i", &page))
        printf ("page %d\n", page);
    if (far_iterator_status (each))
        return far_print_error ("the pages");
    far_iterator_destroy (&each);

    bool is_there;
    if (far_contains (journal, "i>b", 7, &is_there))
        return far_print_error ("page 7");
    printf ("page 7 is in it: %s\n", is_there ? "yes" : "no");
    if (far_update (&journal, FAR_IADD, "i", -1) == FAR_E_RAISED)
        printf ("%s: %s\n", far_error_class (far_last_error ()), far_error_message (far_last_error ()));

    far_proxy_destroy (&journal);
    far_process_destroy (&host);
    far_actor_destroy (&me);
    return 0;
}
