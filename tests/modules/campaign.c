/* What the workers of the campaign do: nothing but writing down that they did it. */
#include "support/campaign.h"

#include <farcall.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static campaign_log_t *campaign_log;

/* No two of the same number, and none that is guessed. */
static uint64_t token_of (uint64_t number)
{
    number = (number + 1) * UINT64_C (0x9e3779b97f4a7c15);
    number = (number ^ number >> 30) * UINT64_C (0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C (0x94d049bb133111eb);
    return number ^ number >> 31;
}

static far_status_t run (far_call_t *call, void *self)
{
    (void)self;
    uint64_t id;
    int64_t micros;
    if (far_call_args (call, &id, &micros))
        return far_call_status (call);
    unsigned number = atomic_fetch_add (&campaign_log->run_count, 1);
    if (number >= CAMPAIGN_RUNS)
        return far_call_fail (call, "LogFull", "%d runs are written down", CAMPAIGN_RUNS);
    campaign_run_t *entry = &campaign_log->runs[number];
    atomic_store (&entry->pid, getpid ());
    atomic_store (&entry->id, (unsigned)id);
    const struct timespec work = { .tv_sec = micros / 1000000, .tv_nsec = micros % 1000000 * 1000 };
    nanosleep (&work, NULL);
    uint64_t token = token_of (number);
    atomic_store (&entry->token, token);
    return far_call_return (call, "u", token);
}

static bool open_log (void)
{
    const char *path = getenv (CAMPAIGN_LOG);
    int fd = path ? open (path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return false;
    campaign_log = mmap (NULL, sizeof *campaign_log, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close (fd);
    return campaign_log != MAP_FAILED;
}

FAR_MODULE (campaign)
{
    if (!open_log ())
        return; /* without a method, which the test will see */
    unsigned number = atomic_fetch_add (&campaign_log->worker_count, 1);
    if (number < CAMPAIGN_WORKERS)
        atomic_store (&campaign_log->workers[number], getpid ());
    far_module_function (module, "run", run, "id:u, micros:l -> u", "Does it: its token.");
}
