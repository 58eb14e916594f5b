/* arena.h - memory that lives as long as one request.
 *
 * Allocate many times, free once.  Every byte is charged to the arena's own limit and to a budget
 * that all requests share.  So "too much memory" is an ordinary error and never a crash;
 * arena->fault says which limit was reached. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "core/budget.h"

#include <stdbool.h>
#include <stddef.h>

enum arena_fault {
    ARENA_FINE,
    ARENA_LIMIT,  /* this request's own limit */
    ARENA_BUDGET, /* the limit of all requests together */
    ARENA_SYSTEM, /* malloc() failed */
};

struct arena {
    struct arena_block *blocks; /* the first is the one in use */
    size_t used;                /* bytes charged */
    size_t limit;
    struct budget *budget;   /* borrowed; NULL for none */
    struct reserve *reserve; /* memory of the budget that is reserved, borrowed; NULL for none */
    size_t peak;             /* the largest value of `used` so far, of an arena without a parent */
    struct arena *parent;    /* what is charged here is charged there too; NULL for none */
    struct arena *nested;    /* the first arena whose parent this is ... */
    struct arena *sibling;   /* ... and the next one */
    enum arena_fault fault;  /* why the last allocation failed */
};

/* Start an empty arena.  Nothing is allocated yet. */
void arena_init(struct arena *arena, size_t limit, struct budget *budget);

/* Start an arena whose memory can be given back before its parent's: it is charged to the parent,
 * whose limit and budget apply to both together.  It is released with the parent at the latest. */
void arena_nest(struct arena *arena, struct arena *parent);

/* Free all blocks.  Afterwards the arena is empty and can be used again; a nested one must be
 * nested again. */
void arena_release(struct arena *arena);

/* `count * size` zeroed bytes, aligned to 64.  NULL if they do not fit (arena->fault says why).
 * A count or size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
#define arena_new(arena, type, count) ((type *)arena_alloc((arena), (count), sizeof(type)))

/* Change the size of the block at `old` (NULL: none) from `old_size` to `size` bytes.  Bytes past
 * old_size are not zeroed.  A block of 64 KiB or more has a mapping of its own, and grows without a
 * copy if the system can do that.  On failure the old block is unchanged. */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t size);

/* Free a block of 64 KiB or more.  A smaller one stays until the arena is released; NULL is
 * ignored. */
void arena_free(struct arena *arena, void *block);

/* A NUL-terminated copy of `length` bytes. */
char *arena_copy(struct arena *arena, const char *text, size_t length);

#endif
