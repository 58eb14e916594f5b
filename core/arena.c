/* arena.c - memory that lives as long as one request.
 *
 * Small allocations share blocks.  A large one has a block of its own: to grow it is a realloc(),
 * and the system does that by moving pages. */
#include "core/arena.h"

#include <stdint.h>
#include <string.h>

#define ALIGNMENT ((size_t)64)
#define FIRST_BLOCK ((size_t)4096)
#define LARGEST_BLOCK ((size_t)65536) /* a larger allocation gets a block of its own */

struct arena_block {
    struct arena_block *next;
    size_t size;   /* bytes charged: the whole block, with this header and malloc()'s bookkeeping */
    size_t filled; /* bytes after the header that are in use */
    bool single;   /* it has one allocation, and never another */
};

/* The bytes of a block begin at the first multiple of ALIGNMENT after its header.  realloc() may
 * move a block by less than ALIGNMENT; then block_realign() moves its contents. */
static char *block_bytes(const struct arena_block *block)
{
    const uintptr_t end = (uintptr_t)(block + 1);

    return (char *)((end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
}

#define OVERHEAD (sizeof(struct arena_block) + ALIGNMENT + BUDGET_OVERHEAD)

void arena_init(struct arena *arena, size_t limit, struct budget *budget)
{
    *arena = (struct arena){.limit = limit, .budget = budget};
}

void arena_nest(struct arena *arena, struct arena *parent)
{
    *arena = (struct arena){.limit = parent->limit,
                            .budget = parent->budget,
                            .parent = parent,
                            .sibling = parent->nested};
    parent->nested = arena;
}

static bool arena_deny(struct arena *arena, enum arena_fault fault)
{
    arena->fault = fault;
    return false;
}

static bool arena_pay(struct arena *arena, size_t size)
{
    if (arena->reserve)
        return reserve_take(arena->reserve, size);
    return !arena->budget || budget_take(arena->budget, size);
}

static bool arena_charge(struct arena *arena, size_t size)
{
    if (arena->used > arena->limit || size > arena->limit - arena->used)
        return arena_deny(arena, ARENA_LIMIT);
    if (arena->parent && !arena_charge(arena->parent, size))
        return arena_deny(arena, arena->parent->fault);
    if (!arena->parent && !arena_pay(arena, size))
        return arena_deny(arena, ARENA_BUDGET);
    arena->used += size;
    if (arena->peak < arena->used)
        arena->peak = arena->used;
    return true;
}

static void arena_discharge(struct arena *arena, size_t size)
{
    arena->used -= size;
    if (arena->parent)
        arena_discharge(arena->parent, size);
    else if (arena->reserve)
        reserve_give(arena->reserve, size);
    else if (arena->budget)
        budget_give(arena->budget, size);
}

static void arena_leave(struct arena *arena)
{
    struct arena **link = &arena->parent->nested;

    while (*link != arena)
        link = &(*link)->sibling;
    *link = arena->sibling;
    arena->parent = NULL;
}

static void block_free(struct arena *arena, struct arena_block *block)
{
    const size_t size = block->size;

    arena_discharge(arena, size);
    budget_free(arena->budget, block, size);
}

void arena_release(struct arena *arena)
{
    while (arena->nested)
        arena_release(arena->nested);
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;

        arena->blocks = block->next;
        block_free(arena, block);
    }
    if (arena->parent)
        arena_leave(arena);
}

/* The size of a block with room for `room` bytes; no object is larger than PTRDIFF_MAX. */
static bool block_size(struct arena *arena, size_t room, size_t *size)
{
    if (room > (size_t)PTRDIFF_MAX / 2)
        return arena_deny(arena, ARENA_LIMIT);
    *size = budget_round(room + OVERHEAD);
    return true;
}

/* A new block with room for `room` bytes.  Shared allocations come from the first block of the
 * list, so a block for a single allocation is linked after the first. */
static struct arena_block *block_add(struct arena *arena, size_t room, bool single)
{
    struct arena_block **link = single && arena->blocks ? &arena->blocks->next : &arena->blocks;
    struct arena_block *block;
    size_t size;

    if (!block_size(arena, room, &size) || !arena_charge(arena, size))
        return NULL;
    block = budget_alloc(arena->budget, size);
    if (!block) {
        arena_discharge(arena, size);
        arena_deny(arena, ARENA_SYSTEM);
        return NULL;
    }
    *block = (struct arena_block){.next = *link, .size = size, .single = single};
    *link = block;
    return block;
}

static size_t block_room(const struct arena_block *block)
{
    return block->size - OVERHEAD - block->filled;
}

/* The size of the next shared block: twice the last one. */
static size_t next_room(const struct arena *arena, size_t least)
{
    size_t room = FIRST_BLOCK;

    while (room < LARGEST_BLOCK && room < arena->used)
        room *= 2;
    return room > least ? room : least;
}

static struct arena_block *block_for(struct arena *arena, size_t size)
{
    struct arena_block *block = arena->blocks;

    if (size >= LARGEST_BLOCK)
        return block_add(arena, size, true);
    if (block && !block->single && block_room(block) >= size)
        return block;
    block = block_add(arena, next_room(arena, size), false);
    return block ? block : block_add(arena, size, false); /* the last bytes below the limit */
}

/* Uninitialised bytes; size is a multiple of ALIGNMENT. */
static char *arena_take(struct arena *arena, size_t size)
{
    struct arena_block *block = block_for(arena, size);
    char *bytes;

    if (!block)
        return NULL;
    bytes = block_bytes(block) + block->filled;
    block->filled += size;
    return bytes;
}

/* Round up to a multiple of ALIGNMENT.  False on overflow. */
static bool round_up(size_t size, size_t *rounded)
{
    if (__builtin_add_overflow(size, ALIGNMENT - 1, rounded))
        return false;
    *rounded = *rounded / ALIGNMENT * ALIGNMENT;
    *rounded += *rounded == 0 ? ALIGNMENT : 0;
    return true;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    size_t bytes, rounded;
    char *memory;

    if (__builtin_mul_overflow(count, size, &bytes) || !round_up(bytes, &rounded)) {
        arena_deny(arena, ARENA_LIMIT);
        return NULL;
    }
    memory = arena_take(arena, rounded);
    if (memory)
        memset(memory, 0, rounded);
    return memory;
}

/* The block that has only `old`, and the link to it.  NULL if there is none. */
static struct arena_block **block_of(struct arena *arena, const char *old)
{
    for (struct arena_block **link = &arena->blocks; *link; link = &(*link)->next)
        if ((*link)->single && block_bytes(*link) == old)
            return link;
    return NULL;
}

/* The same block with another size.  It may move. */
static struct arena_block *block_resize(struct arena *arena, struct arena_block *old, size_t size)
{
    const size_t old_size = old->size, offset = (size_t)(block_bytes(old) - (char *)old);
    const size_t more = size > old_size ? size - old_size : 0;
    const size_t kept = old->filled < size - OVERHEAD ? old->filled : size - OVERHEAD;
    struct arena_block *block;

    if (!arena_charge(arena, more))
        return NULL;
    block = budget_resize(arena->budget, old, old_size, size);
    if (!block) {
        arena_discharge(arena, more);
        arena_deny(arena, ARENA_SYSTEM);
        return NULL;
    }
    if (size < old_size)
        arena_discharge(arena, old_size - size);
    if (block_bytes(block) != (char *)block + offset)
        memmove(block_bytes(block), (char *)block + offset, kept);
    return block;
}

/* Give a large block room for `room` bytes.  Its contents stay at the start. */
static void *block_grow(struct arena *arena, struct arena_block **link, size_t room)
{
    struct arena_block *block;
    size_t size;

    if (!block_size(arena, room, &size))
        return NULL;
    block = size == (*link)->size ? *link : block_resize(arena, *link, size);
    if (!block)
        return NULL;
    block->size = size;
    block->filled = room;
    *link = block;
    return block_bytes(block);
}

void arena_free(struct arena *arena, void *block)
{
    struct arena_block **link = block ? block_of(arena, block) : NULL, *freed;

    if (!link)
        return;
    freed = *link;
    *link = freed->next;
    block_free(arena, freed);
}

void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t size)
{
    struct arena_block **link = old ? block_of(arena, old) : NULL;
    const size_t kept = old_size < size ? old_size : size;
    size_t rounded;
    char *memory;

    if (!round_up(size, &rounded)) {
        arena_deny(arena, ARENA_LIMIT);
        return NULL;
    }
    if (link && rounded >= LARGEST_BLOCK)
        return block_grow(arena, link, rounded);
    memory = arena_take(arena, rounded);
    if (memory && old && kept > 0)
        memcpy(memory, old, kept);
    if (memory && link) /* it shrank to the size of a shared allocation */
        arena_free(arena, old);
    return memory;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    char *copy = length < SIZE_MAX ? arena_alloc(arena, length + 1, 1) : NULL;

    if (copy)
        memcpy(copy, text, length);
    return copy;
}
