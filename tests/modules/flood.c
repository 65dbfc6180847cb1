/* What the tests of credit host: a function that checks that nothing is missing of what it is given, and one that calls
 * such a function, off, faster than anybody takes it. */
#include <farcall.h>

#include <stdlib.h>

enum { SENDERS = 16, LARGEST = 1 << 20 };

static int64_t next[SENDERS]; /* the number that comes next from each; a process of one thread runs this */

static far_status_t take (far_call_t *call, void *self)
{
    (void)self;
    int64_t sender, number;
    far_bytes_t data;
    if (far_call_args (call, &sender, &number, &data))
        return far_call_status (call);
    if (sender < 0 || sender >= SENDERS || number != next[sender])
        return far_call_fail (call, "Disorder", "something is missing, or has been overtaken");
    next[sender]++;
    return FAR_OK;
}

static far_status_t taken (far_call_t *call, void *self)
{
    (void)self;
    int64_t sender;
    if (far_call_args (call, &sender))
        return far_call_status (call);
    return far_call_return (call, "l", next[sender]);
}

static far_status_t flood (far_call_t *call, void *self)
{
    static const uint8_t zeros[LARGEST];
    (void)self;
    far_proxy_t *sink;
    int64_t sender, count, size;
    far_status_t status = far_call_args (call, &sink, &sender, &count, &size);
    const far_bytes_t data = { zeros, (size_t)size };
    for (int64_t number = 0; number < count && !status; number++)
        status = far_send (sink, "take", "lly", sender, number, &data);
    return status;
}

FAR_MODULE (flood)
{
    far_module_function (module, "take", take, "sender:l, number:l, data:y", "The next number of this sender.");
    far_module_function (module, "taken", taken, "sender:l -> l", "How many have come of it.");
    far_module_function (module, "flood", flood, "sink:P, sender:l, count:l, size:l",
                         "Calls sink.take with numbers and so many bytes.");
}
