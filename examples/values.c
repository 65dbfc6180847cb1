/* A list and a map that live in another process, counter_host.c, and are used as Python would use its own: items, operators
 * in place, iteration. The process needs to know nothing of them.
 *
 *     $ ./counter_host &
 *     $ ./values
 *     5 words, the last is: far
 *     calling objects from near and far ...
 *     near: 1
 *     far: 2
 *     KeyError: 'here'
 *     $ kill %1
 */
#include <farcall.h>
#include <inttypes.h>
#include <stdio.h>

static far_status_t print_words (far_proxy_t *words)
{
    size_t count;
    char *word;
    if (far_len (words, &count) || far_getitem (words, "i>s", -1, &word))
        return far_last_status ();
    printf ("%zu words, the last is: %s\n", count, word);
    far_string_free (&word);
    far_iterator_t *each = far_iterate (words);
    for (; far_next (each, "s", &word); far_string_free (&word))
        printf ("%s ", word);
    printf ("\n");
    far_status_t status = far_iterator_status (each);
    far_iterator_destroy (&each);
    return status;
}

static far_status_t print_counts (far_proxy_t *counts)
{
    char *word;
    int64_t count;
    far_iterator_t *words = far_iterate (counts); /* over its keys */
    for (; far_next (words, "s", &word); far_string_free (&word))
        if (!far_getitem (counts, "s>l", word, &count))
            printf ("%s: %" PRId64 "\n", word, count);
    far_status_t status = far_iterator_status (words);
    far_iterator_destroy (&words);
    return status;
}

int main (void)
{
    far_actor_t *me = far_actor_new (NULL, NULL);
    far_process_t *host = me ? far_find (me, "host") : NULL;
    far_proxy_t *words = far_transfer (host, "[sss]", "calling", "objects", "from");
    if (far_call (words, "append", "s", "near and") || far_update (&words, FAR_IADD, "[s]", "far") ||
        print_words (words))
        return far_print_error ("words");

    far_proxy_t *counts = far_transfer (host, "{si}", "near", 1);
    if (far_setitem (counts, "si", "far", 2) || print_counts (counts))
        return far_print_error ("counts");
    if (far_delitem (counts, "s", "here"))
        printf ("%s: %s\n", far_error_class (far_last_error ()), far_error_message (far_last_error ()));

    far_proxy_destroy (&counts);
    far_proxy_destroy (&words);
    far_process_destroy (&host);
    far_actor_destroy (&me);
    return 0;
}
