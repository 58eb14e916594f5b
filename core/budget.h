/* budget.h - memory that all requests share.
 *
 * A budget counts the bytes that are charged to it: an arena charges what it allocates, other code
 * charges the memory that it knows it costs.  A budget also allocates the blocks.
 *
 * A large block has a mapping of its own if the system can do that (server/process.c asks for it),
 * so a freed block returns to the system.  But a new mapping costs a page fault for every 4 KiB. So
 * a budget with `keeps` keeps freed large blocks for the next allocation of that size.  Kept blocks
 * count to the limit, but they are freed before an allocation is denied.  budget_age() frees those
 * that were not used again.
 *
 * All functions may be called from many threads at once. */
#ifndef CORE_BUDGET_H
#define CORE_BUDGET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define BUDGET_LARGE ((size_t)64 << 10) /* blocks from this size on are large */
#define BUDGET_OVERHEAD ((size_t)32)    /* part of a block's size, for malloc()'s bookkeeping */

#define BUDGET_STEPS 16   /* sizes from one power of two to the next */
#define BUDGET_OCTAVES 10 /* 64 KiB to 64 MiB; larger ones are not kept */

/* Kept blocks of one size, the latest first.  No thread waits for a shelf: if it is taken, the
 * thread goes on without it. */
struct shelf {
    atomic_bool taken;
    struct budget_block *first;
};

struct budget {
    size_t limit;
    atomic_size_t used; /* charged */
    atomic_size_t kept; /* in kept blocks; used + kept stays within the limit */
    bool keeps;
    struct shelf shelf[BUDGET_OCTAVES * BUDGET_STEPS]; /* one for each size */
};

/* Charge `size` bytes.  False if they do not fit. */
bool budget_take(struct budget *budget, size_t size);
void budget_give(struct budget *budget, size_t size);

/* Memory of a budget that is reserved for one request before it needs it.  The request's charges
 * are taken from the reserve first, and what it gives back is reserved again.  May be used by
 * several threads at once.  An empty reserve is {.budget = budget}. */
struct reserve {
    struct budget *budget;
    atomic_size_t ahead; /* charged, and not yet taken */
    atomic_bool open;
};

/* Charge `size` bytes to the budget and reserve them.  False if they do not fit into `limit`, which
 * may be less than the budget's own. */
bool reserve_open(struct reserve *reserve, size_t size, size_t limit);

/* Keep at most `size` bytes reserved beyond what was taken. */
void reserve_trim(struct reserve *reserve, size_t size);

/* End the reservation.  What was taken stays charged. */
void reserve_close(struct reserve *reserve);

bool reserve_take(struct reserve *reserve, size_t size);
void reserve_give(struct reserve *reserve, size_t size);

/* The size of the smallest block with at least `size` bytes.  0: no block is so large. */
size_t budget_round(size_t size);

/* Allocate a block of `size` bytes, which the caller has rounded and charged; size -
 * BUDGET_OVERHEAD of them can be used.  NULL if the system has no memory.  The budget may be NULL
 * here and below. */
void *budget_alloc(struct budget *budget, size_t size);

/* Change the size of a block and keep its contents.  The caller has charged what it grows by.  NULL
 * if the system has no memory; then the block is unchanged. */
void *budget_resize(struct budget *budget, void *block, size_t old_size, size_t size);

/* Free a block.  The caller has given back its charge. */
void budget_free(struct budget *budget, void *block, size_t size);

/* Free the blocks that were kept, and not used, during the last `most` calls of this.  0: all. */
void budget_age(struct budget *budget, unsigned most);

#endif
