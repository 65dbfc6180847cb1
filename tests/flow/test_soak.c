/* Proxies are created, used and dropped, very often, also before they are known to be made; 1 in 100 is handed on to a
 * third process, and of those one is killed now and then. At each checkpoint everybody lets go, and then nothing is left:
 * not in the owner's tables, not in the caller's, not at the broker; and their memory is what it was after the warm-up.
 *
 *     flow-soak [CYCLES]      1000000 takes some minutes */
#include "support/world.h"

#include "actor/actor.h"

#include <malloc.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    HOLDERS = 3,
    WINDOW = 50, /* cycles at once */
    HANDED_ON = 100,
    CHURN = 10,    /* cycles of a holder's own, for each that it is handed */
    KILLED = 1000, /* a holder, once in so many cycles on average */
    CHECKPOINTS = 10,
    WARM_UP = 3,   /* checkpoints */
    GROWTH = 2,    /* percent that memory may grow after it */
    LONG = 500000, /* the broker's too, in so many cycles; in fewer its heap still finds its shape */
    BROKERS = 10,  /* percent, in fewer */
    SHORT = 20000  /* so few show nothing */
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEMORY_IS_OURS false /* but the sanitizer's, which puts aside what is freed */
static size_t cycles = 10000;
#else
#define MEMORY_IS_OURS true
static size_t cycles = 40000;
#endif

typedef struct holder {
    pid_t pid;
    far_proxy_t *keeper;
} holder_t;

typedef struct memory {
    size_t own_kb, in_use_kb, broker_kb;
} memory_t;

typedef struct soak {
    world_t *world;
    far_actor_t *owner, *me;
    far_process_t *process; /* owner, as me sees it */
    far_proxy_t *class;
    holder_t holders[HOLDERS];
    atomic_int alive;
    size_t holders_started, handed_on, kills;
    uint32_t seed;
    memory_t warm; /* after the warm-up */
} soak_t;

static soak_t soak = { .seed = 42 };

static uint32_t random_below (uint32_t limit)
{
    soak.seed = soak.seed * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)soak.seed * limit >> 32);
}

typedef struct thing {
    int64_t total;
} thing_t;

static far_status_t thing_init (far_call_t *call, void *self)
{
    (void)call, (void)self;
    soak.alive++;
    return FAR_OK;
}

static void thing_fini (void *self)
{
    (void)self;
    soak.alive--;
}

static far_status_t thing_add (far_call_t *call, void *self)
{
    thing_t *thing = self;
    return far_call_return (call, "l", ++thing->total);
}

static const far_method_t thing_methods[] = { { "add", thing_add, "-> l", "One more." }, { 0 } };

static const far_class_t thing_class = {
    .name = "Thing", .size = sizeof (thing_t), .init = thing_init, .fini = thing_fini, .methods = thing_methods
};

static void fill_owner (far_module_t *module)
{
    far_module_class (module, &thing_class);
}

static void start_holder (holder_t *holder)
{
    char name[32];
    snprintf (name, sizeof name, "holder-%zu", soak.holders_started++);
    holder->pid = world_host_module (soak.world, name, "keeper");
    far_process_t *process = far_find (soak.me, name);
    assert_made (process);
    holder->keeper = far_import (process, "keeper");
    assert_made (holder->keeper);
    far_process_destroy (&process);
}

static void start (void)
{
    static const far_offer_t offers[] = { { "soak", fill_owner }, { 0 } };
    soak.world = world_new ();
    far_actor_options_t options = { .address = soak.world->endpoint, .name = "owner", .offers = offers };
    soak.owner = far_actor_open (&options);
    assert_made (soak.owner);
    options = (far_actor_options_t){ .address = soak.world->endpoint, .timeout_ms = FAR_FOREVER };
    soak.me = far_actor_open (&options);
    assert_made (soak.me);
    soak.process = far_find (soak.me, "owner");
    /* By its path from the modules of the owner, which nobody counts. */
    far_proxy_t *module = far_import_deferred (soak.process, "soak");
    soak.class = far_attr (module, "Thing");
    assert_made (soak.class);
    far_proxy_destroy (&module);
    for (size_t i = 0; i < HOLDERS; i++)
        start_holder (&soak.holders[i]);
}

static void end (void)
{
    for (size_t i = 0; i < HOLDERS; i++)
        far_proxy_destroy (&soak.holders[i].keeper);
    far_proxy_destroy (&soak.class);
    far_process_destroy (&soak.process);
    far_actor_destroy (&soak.me);
    far_actor_destroy (&soak.owner);
    world_destroy (&soak.world);
}

static void kill_one (void)
{
    holder_t *holder = &soak.holders[random_below (HOLDERS)];
    world_signal (soak.world, holder->pid, SIGKILL);
    far_proxy_destroy (&holder->keeper);
    start_holder (holder);
    soak.kills++;
}

/* What becomes of a proxy that has been used. */
static void hand_on (far_proxy_t *thing)
{
    if (random_below (HANDED_ON) == 0) {
        holder_t *holder = &soak.holders[random_below (HOLDERS)];
        assert_ok (far_send (holder->keeper, "keep", "P", thing));
        assert_ok (far_send (holder->keeper, "churn", "Pi", soak.class, CHURN));
        soak.handed_on++;
    }
    if (random_below (KILLED) == 0)
        kill_one ();
}

static void cycle_one_by_one (void)
{
    for (size_t i = 0; i < WINDOW; i++) {
        far_proxy_t *thing = far_new (soak.process, "soak.Thing", "");
        int64_t total = 0;
        assert_made (thing);
        assert_ok (far_call (thing, "add", ">l", &total));
        assert_int_equal (total, 1);
        hand_on (thing);
        far_proxy_destroy (&thing);
    }
}

static void cycle_at_once (void)
{
    far_request_t *made[WINDOW], *used[WINDOW];
    far_proxy_t *things[WINDOW];
    for (size_t i = 0; i < WINDOW; i++)
        made[i] = far_call_async (soak.class, NULL, "");
    for (size_t i = 0; i < WINDOW; i++) {
        assert_ok (far_request_result (made[i], "P", &things[i]));
        far_request_destroy (&made[i]);
        used[i] = far_call_async (things[i], "add", "");
    }
    for (size_t i = 0; i < WINDOW; i++) {
        int64_t total = 0;
        hand_on (things[i]);
        far_proxy_destroy (&things[i]);
        assert_ok (far_request_result (used[i], "l", &total));
        assert_int_equal (total, 1);
        far_request_destroy (&used[i]);
    }
}

/* Used, and handed on, before it is known to have been made. */
static void cycle_on_promises (void)
{
    far_request_t *used[WINDOW];
    for (size_t i = 0; i < WINDOW; i++) {
        far_request_t *made = far_call_promise (soak.class, NULL, "");
        far_proxy_t *thing = far_then (made, NULL);
        assert_made (thing);
        far_request_destroy (&made);
        used[i] = far_call_async (thing, "add", "");
        hand_on (thing);
        far_proxy_destroy (&thing);
    }
    for (size_t i = 0; i < WINDOW; i++) {
        int64_t total = 0;
        assert_ok (far_request_result (used[i], "l", &total));
        assert_int_equal (total, 1);
        far_request_destroy (&used[i]);
    }
}

static size_t table_size (far_actor_t *actor)
{
    pthread_mutex_lock (&actor->caller.lock);
    size_t size = far_exports_count (actor->exports) + actor->keeps.callers.count + actor->caller.requests.count;
    pthread_mutex_unlock (&actor->caller.lock);
    return size;
}

/* Counted page by page: what statm says is some hundred pages off. */
static size_t resident_kb (pid_t pid)
{
    char path[64];
    size_t kb = 0;
    snprintf (path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    assert_int_equal (fscanf (file, "%*[^\n] Rss: %zu", &kb), 1);
    fclose (file);
    return kb;
}

static memory_t measure (void)
{
    return (memory_t){ .own_kb = resident_kb (getpid ()),
                       .in_use_kb = mallinfo2 ().uordblks / 1024,
                       .broker_kb = resident_kb (soak.world->broker) };
}

static void assert_flat (const char *whose, size_t before, size_t now, size_t percent)
{
    if (now > before + before * percent / 100)
        fail_msg ("%s has grown from %zu to %zu kB", whose, before, now);
}

static void check_memory (size_t checkpoint)
{
    memory_t now = measure (), *before = &soak.warm;
    print_message ("%zu cycles, %zu handed on, %zu holders killed: %zu kB resident, %zu kB in use; the broker %zu kB\n",
                   cycles / CHECKPOINTS * checkpoint, soak.handed_on, soak.kills, now.own_kb, now.in_use_kb,
                   now.broker_kb);
    if (checkpoint == WARM_UP)
        *before = now;
    if (!MEMORY_IS_OURS || cycles < SHORT || checkpoint <= WARM_UP)
        return;
    assert_flat ("the memory of owner and caller", before->own_kb, now.own_kb, GROWTH);
    assert_flat ("what they use of it", before->in_use_kb, now.in_use_kb, GROWTH);
    assert_flat ("the memory of the broker", before->broker_kb, now.broker_kb, cycles < LONG ? BROKERS : GROWTH);
}

/* Everybody lets go; what holders have still to do they do first. Whatever is left then, this does not end. */
static void check_nothing_is_left (void)
{
    for (size_t i = 0; i < HOLDERS; i++)
        assert_ok (far_call (soak.holders[i].keeper, "drop", ""));
    far_proxy_t *module = far_import_deferred (soak.process, "process");
    while (table_size (soak.owner) || table_size (soak.me) || atomic_load (&soak.alive))
        assert_ok (far_call (module, "ping", ""));
    far_proxy_destroy (&module);
}

static void test_nothing_is_left (void **state)
{
    (void)state;
    static void (*const ways[]) (void) = { cycle_one_by_one, cycle_at_once, cycle_on_promises };
    start ();
    for (size_t checkpoint = 1; checkpoint <= CHECKPOINTS; checkpoint++) {
        for (size_t i = 0; i < cycles / CHECKPOINTS / WINDOW; i++)
            ways[i % 3]();
        check_nothing_is_left ();
        check_memory (checkpoint);
    }
    end ();
}

/* What threads keep for themselves of what was freed would count as in use. */
static void without_thread_caches (char *argv[])
{
    if (cycles < SHORT || getenv ("GLIBC_TUNABLES"))
        return;
    setenv ("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
    execv ("/proc/self/exe", argv);
}

int main (int argc, char *argv[])
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (test_nothing_is_left) };
    if (argc > 1)
        cycles = strtoul (argv[1], NULL, 10);
    without_thread_caches (argv);
    return cmocka_run_group_tests_name ("soak", tests, NULL, NULL);
}
