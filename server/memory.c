/* memory.c - the budgets of the process. */
#include "server/memory.h"

#include "server/process.h"

#define LARGEST_DEFAULT (UINT64_C(1) << 30)
#define SMALLEST_DEFAULT (UINT64_C(16) << 20)

#define FEWEST_CONNECTIONS 16 /* that memory is reserved for, however small the limit */
#define CONNECTIONS_SHARE 4   /* beyond those, at most 1/4 of the limit is reserved */

#define KEPT_SWEEPS 10 /* an unused block is kept so many sweeps */
#define CALM_SWEEPS 5  /* the load must stay low so many sweeps */

uint64_t memory_default(uint64_t allowed)
{
    const uint64_t half = allowed / 2;

    return half > LARGEST_DEFAULT    ? LARGEST_DEFAULT
           : half < SMALLEST_DEFAULT ? SMALLEST_DEFAULT
                                     : half;
}

void memory_init(struct memory *memory, size_t limit, size_t most_connections)
{
    size_t reserved = limit / CONNECTIONS_SHARE / MEMORY_CONNECTION;

    *memory = (struct memory){.limit = limit};
    pthread_mutex_init(&memory->lock, NULL);
    if (reserved > most_connections)
        reserved = most_connections;
    memory->requests.limit = limit - reserved * MEMORY_CONNECTION;
    memory->requests.keeps = true;
    memory->operators.limit = MEMORY_OPERATORS;
    memory->reserved = reserved > FEWEST_CONNECTIONS ? reserved : FEWEST_CONNECTIONS;
}

void memory_release(struct memory *memory)
{
    budget_age(&memory->requests, 0);
    pthread_mutex_destroy(&memory->lock);
}

bool memory_has_room(struct memory *memory)
{
    bool reserved;

    pthread_mutex_lock(&memory->lock);
    reserved = memory->connections < memory->reserved;
    pthread_mutex_unlock(&memory->lock);
    return reserved
           || atomic_load(&memory->requests.used) + MEMORY_CONNECTION <= memory->requests.limit;
}

/* Connections beyond the reserved ones. */
static size_t beyond(const struct memory *memory)
{
    return memory->connections > memory->reserved ? memory->connections - memory->reserved : 0;
}

void memory_connect(struct memory *memory)
{
    pthread_mutex_lock(&memory->lock);
    memory->connections++;
    if (memory->charged < beyond(memory) && budget_take(&memory->requests, MEMORY_CONNECTION))
        memory->charged++;
    pthread_mutex_unlock(&memory->lock);
}

void memory_disconnect(struct memory *memory)
{
    pthread_mutex_lock(&memory->lock);
    memory->connections--;
    if (memory->charged > beyond(memory)) {
        budget_give(&memory->requests, MEMORY_CONNECTION);
        memory->charged--;
    }
    pthread_mutex_unlock(&memory->lock);
}

size_t memory_used(struct memory *memory)
{
    size_t reserved;

    pthread_mutex_lock(&memory->lock);
    reserved = memory->connections - beyond(memory);
    pthread_mutex_unlock(&memory->lock);
    return reserved * MEMORY_CONNECTION + atomic_load(&memory->requests.used)
           + atomic_load(&memory->requests.kept) + atomic_load(&memory->operators.used);
}

/* Small blocks leave holes in malloc's heaps.  Trim these once the load has fallen. */
static void trim(struct memory *memory)
{
    const size_t used = atomic_load(&memory->requests.used);

    if (used > memory->peak)
        memory->peak = used;
    memory->calm = memory->peak > 0 && used <= memory->peak / 2 ? memory->calm + 1 : 0;
    if (memory->calm < CALM_SWEEPS)
        return;
    process_trim_memory();
    memory->peak = used;
    memory->calm = 0;
}

void memory_sweep(struct memory *memory)
{
    budget_age(&memory->requests, KEPT_SWEEPS);
    trim(memory);
}
