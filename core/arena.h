/* arena.h - memory that lives as long as one request.
 *
 * Allocate forward, free once.  Every byte is charged to the arena's own limit and to a budget
 * that all requests share, so "too much memory" is an ordinary error and never a crash:
 * what ran out is told by arena_fault(). */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "core/budget.h"

#include <stdbool.h>
#include <stddef.h>

enum arena_fault {
    ARENA_FINE,
    ARENA_LIMIT,  /* this request's own limit */
    ARENA_BUDGET, /* the limit of all requests together */
    ARENA_SYSTEM, /* malloc said no */
};

struct arena {
    struct arena_block *blocks; /* the first is the one in use */
    size_t used;                /* bytes charged */
    size_t limit;
    struct budget *budget;   /* borrowed; NULL for none */
    struct reserve *reserve; /* what the budget has promised already, borrowed; NULL for none */
    size_t peak;             /* the most that was ever charged, to an arena without a parent */
    struct arena *parent;    /* what is charged here is charged there, too; NULL for none */
    struct arena *nested;    /* the first of those whose parent this is ... */
    struct arena *sibling;   /* ... and the next one */
    enum arena_fault fault;  /* why the last allocation failed */
};

/* Start an empty arena.  Nothing is allocated yet. */
void arena_init(struct arena *arena, size_t limit, struct budget *budget);

/* Start an arena whose memory can be given back before its parent's: it is charged to the parent,
 * whose limit and budget hold for both together, and given back with it at the latest. */
void arena_nest(struct arena *arena, struct arena *parent);

/* Give everything back.  The arena is empty and usable afterwards; a nested one must be nested
 * anew. */
void arena_release(struct arena *arena);

/* `count * size` zeroed bytes, aligned to 64.  NULL where they do not fit (arena->fault says why).
 * A count or size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);
#define arena_new(arena, type, count) ((type *)arena_alloc((arena), (count), sizeof(type)))

/* The same, growing (or shrinking) the block at `old` (NULL: none) from `old_size` to `size` bytes;
 * bytes past old_size are not zeroed.  A block of 64 KiB or more has its own mapping and grows
 * without a copy where the system can.  On failure the old block is untouched. */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t size);

/* Give a block of 64 KiB or more back early; a smaller one (or NULL) stays until the end. */
void arena_free(struct arena *arena, void *block);

/* A NUL-terminated copy of `length` bytes. */
char *arena_copy(struct arena *arena, const char *text, size_t length);

#endif
