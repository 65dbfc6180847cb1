/* Keeps three processes (async_worker.c) busy: whichever has answered gets the next piece of the work.
 *
 *     $ ./async_worker worker-1 &
 *     $ ./async_worker worker-2 &
 *     $ ./async_worker worker-3 &
 *     $ ./async
 *     there are 78498 primes below 1000000: counted in 100 pieces by 3 processes
 */
#include <farcall.h>
#include <stdio.h>

enum { WORKERS = 3, PIECES = 100, PIECE = 10000 };

int main (void)
{
    far_process_t *worker[WORKERS];
    far_proxy_t *primes[WORKERS];
    far_request_t *request[WORKERS] = { NULL }; /* what each one is doing */
    int given = 0, done = 0, total = 0;

    far_actor_t *me = far_actor_new (NULL, NULL);
    if (!me)
        return far_print_error ("the broker");
    for (int i = 0; i < WORKERS; i++) {
        const char *const names[WORKERS] = { "worker-1", "worker-2", "worker-3" };
        if (!(worker[i] = far_find (me, names[i])))
            return far_print_error (names[i]);
        primes[i] = far_import_deferred (worker[i], "primes");
    }
    while (done < PIECES) {
        for (int i = 0; i < WORKERS; i++)
            if (!request[i] && given < PIECES) {
                request[i] = far_call_async (primes[i], "count", "ii", given * PIECE, (given + 1) * PIECE);
                given++;
            }
        size_t which;
        int found;
        if (far_wait_any (request, WORKERS, FAR_FOREVER, &which) || far_request_result (request[which], "i", &found))
            return far_print_error ("count");
        far_request_destroy (&request[which]); /* NULL: passed over by the next wait */
        total += found;
        done++;
    }
    printf ("there are %d primes below %d: counted in %d pieces by %d processes\n", total, PIECES * PIECE, PIECES,
            WORKERS);
    for (int i = 0; i < WORKERS; i++) {
        far_proxy_destroy (&primes[i]);
        far_process_close (worker[i], true);
        far_process_destroy (&worker[i]);
    }
    far_actor_destroy (&me);
    return 0;
}
