/* How latencies are told: in milliseconds, as all that people set in this broker. Owns nothing. */
#include "latency_table.h"

static double ms (int64_t ns)
{
    return (double)ns / 1e6;
}

far_value_t *latency_table (const latency_t *latency, int64_t now_ns)
{
    latency_figures_t figures;
    latency_read (latency, now_ns, &figures);
    return far_value_new ("{su sf sf sf sf}", "count", figures.count, "p50_ms", ms (figures.p50_ns), "p90_ms",
                          ms (figures.p90_ns), "p99_ms", ms (figures.p99_ns), "worst_ms", ms (figures.worst_ns));
}

far_status_t latency_table_set (far_value_t *map, const char *key, const latency_t *latency, int64_t now_ns)
{
    far_value_t *table = latency_table (latency, now_ns);
    far_status_t status = table ? far_value_set (map, key, "v", table) : FAR_E_NO_MEMORY;
    far_value_destroy (&table);
    return status;
}
