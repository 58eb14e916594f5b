/* budget.h - memory that all requests share.
 *
 * A budget counts what is held of it: an arena charges what it takes, others charge what they know
 * that they cost.  It also hands out the blocks themselves.  A large block is a mapping of its own
 * where the system can (server/process.c asks for that), so that what is given back is gone; making
 * one anew costs a page fault for every 4 KiB, though.  So a budget that `keeps` holds on to large
 * blocks for the next who asks for that size.  Kept blocks count to the limit, and are the first to
 * go: they never are a reason to deny.  budget_age() gives back those that nobody wanted.
 *
 * All of it may be used by many threads at once. */
#ifndef CORE_BUDGET_H
#define CORE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define BUDGET_LARGE ((size_t)64 << 10) /* blocks from this size on are large */
#define BUDGET_OVERHEAD ((size_t)32)    /* of a block's size, for malloc's own notes */

#define BUDGET_STEPS 16   /* sizes from one power of two to the next */
#define BUDGET_OCTAVES 10 /* 64 KiB to 64 MiB; larger ones are not kept */

/* Kept blocks of one size, the last one first.  Nobody waits for a shelf: who finds it taken does
 * without. */
struct shelf {
    atomic_bool taken;
    struct budget_block *first;
};

struct budget {
    size_t limit;
    atomic_size_t used; /* charged */
    atomic_size_t kept; /* beside that; used + kept stays within the limit */
    bool keeps;
    struct shelf shelf[BUDGET_OCTAVES * BUDGET_STEPS]; /* one for each size */
};

/* Charge `size` bytes; false where they do not fit. */
bool budget_take(struct budget *budget, size_t size);
void budget_give(struct budget *budget, size_t size);

/* What one request is promised of a budget before it needs it: its charges take from that first,
 * and what it gives back is promised again.  May be used by several threads at once.  One that
 * holds nothing is {.budget = budget}. */
struct reserve {
    struct budget *budget;
    atomic_size_t ahead; /* charged, and not yet taken */
    atomic_bool open;
};

/* Charge the promise; false where it does not fit into `limit`, which may be less than the budget's
 * own. */
bool reserve_open(struct reserve *reserve, size_t size, size_t limit);

/* Promise no more than `size` bytes beyond what was taken. */
void reserve_trim(struct reserve *reserve, size_t size);

/* Promise nothing any more.  What was taken stays charged. */
void reserve_close(struct reserve *reserve);

bool reserve_take(struct reserve *reserve, size_t size);
void reserve_give(struct reserve *reserve, size_t size);

/* The size that a block of at least `size` bytes has.  0: no block is so large. */
size_t budget_round(size_t size);

/* A block for `size` bytes that were charged (and rounded): size - BUDGET_OVERHEAD of them can be
 * used.  NULL where the system has none.  The budget may be NULL here and below. */
void *budget_alloc(struct budget *budget, size_t size);

/* Likewise, but only where one is kept. */
void *budget_find(struct budget *budget, size_t size);

/* The block with another size, its contents kept; NULL, and nothing done, where the system has no
 * more.  What it grows by was charged. */
void *budget_resize(struct budget *budget, void *block, size_t old_size, size_t size);

/* Give a block back, whose charge was given back before. */
void budget_free(struct budget *budget, void *block, size_t size);

/* Give back what was kept through the last `most` calls of this without being used; 0: all. */
void budget_age(struct budget *budget, unsigned most);

#endif
