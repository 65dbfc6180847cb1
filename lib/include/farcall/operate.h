/* Operators, items and iteration on far objects, with the meaning that Python gives them.
 *
 * Pictures, waiting and errors are those of calls (farcall/proxy.h). What the object does not support is NoSuchAttribute,
 * naming the operator; what its class makes of wrong operands is Raised, mostly with class TypeError. Where the picture
 * takes no results and the option mode is off, nothing is waited for, and no error comes back. */
#ifndef FARCALL_OPERATE_H
#define FARCALL_OPERATE_H

#include <farcall/operator.h>
#include <farcall/proxy.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Any operator: far_operate (number, FAR_ADD, "l>l", (int64_t) 2, &sum); with several results a list:
 * far_operate (number, FAR_DIVMOD, "l>[ll]", (int64_t) 7, &quotient, &rest). A result taken as `P` is a proxy. */
FAR_EXPORT far_status_t far_operate (far_proxy_t *proxy, far_operator_t op, const char *picture, ...);
/* An operator in place: far_update (&list, FAR_IADD, "[i]", 3). The picture has no results. *proxy_p is replaced by a proxy
 * to what the object is from then on: the same object where it can change, a new one where it can't (a number). Unchanged
 * on failure. BadArguments for an operator that is not in place. */
FAR_EXPORT far_status_t far_update (far_proxy_t **proxy_p, far_operator_t op, const char *picture, ...);

/* len (): how many items it has. */
FAR_EXPORT far_status_t far_len (far_proxy_t *proxy, size_t *out);
/* bool (): is it true, not empty, not zero? */
FAR_EXPORT far_status_t far_bool (far_proxy_t *proxy, bool *out);
/* str (): its text, as its own process writes it. *out is yours: far_string_free. */
FAR_EXPORT far_status_t far_str (far_proxy_t *proxy, char **out);

/* Its items: far_getitem (map, "s>l", "key", &value); far_setitem (map, "sl", "key", (int64_t) 1);
 * far_delitem (map, "s", "key"). What is not there is Raised with class KeyError or IndexError. */
FAR_EXPORT far_status_t far_getitem (far_proxy_t *proxy, const char *picture, ...);
FAR_EXPORT far_status_t far_setitem (far_proxy_t *proxy, const char *picture, ...);
FAR_EXPORT far_status_t far_delitem (far_proxy_t *proxy, const char *picture, ...);
/* Is this in it? far_contains (map, "s>b", "key", &is_there) */
FAR_EXPORT far_status_t far_contains (far_proxy_t *proxy, const char *picture, ...);

/* The items of a far object, one after the other. Used by one thread at a time.
 *
 *     far_iterator_t *lines = far_iterate (file);
 *     char *line;
 *     while (far_next (lines, "s", &line)) {
 *         puts (line);
 *         far_string_free (&line);
 *     }
 *     if (far_iterator_status (lines))
 *         far_print_error ("lines");
 *     far_iterator_destroy (&lines);
 *
 * They come in batches that grow, so that few items are asked for in vain and many cost few round trips. */
typedef struct far_iterator far_iterator_t;

/* Asks the object for an iterator. NULL with the error of the call; NULL may be used below like an iterator that failed. */
FAR_EXPORT far_iterator_t *far_iterate (far_proxy_t *proxy);
/* Takes the next item into variables of a picture of one value. Waits where the batch is used up. false at the end, or on
 * failure: far_iterator_status says which. An item that does not fit the picture stays the next one. */
FAR_EXPORT bool far_next (far_iterator_t *iterator, const char *picture, ...);
/* FAR_OK as long as nothing has failed, at the end too; else what the last far_next failed with, which is then the thread's
 * last error as well. */
FAR_EXPORT far_status_t far_iterator_status (const far_iterator_t *iterator);
/* Lets go of it, wherever it stands. Waits for nothing. */
FAR_EXPORT void far_iterator_destroy (far_iterator_t **iterator_p);

#ifdef __cplusplus
}
#endif

#endif
