/* budget.c - charges, and shelves of large blocks. */
#include "core/budget.h"

#include <stdlib.h>
#include <string.h>

#define LARGE_LOG 16 /* of BUDGET_LARGE */
#define STEPS_LOG 4

/* The header of a kept block. */
struct budget_block {
    struct budget_block *next;
    unsigned age;
};

/* ---- charges ---- */

static bool charge(struct budget *budget, size_t size, size_t limit)
{
    size_t used = atomic_load(&budget->used);

    do {
        if (used > limit || size > limit - used)
            return false;
    } while (!atomic_compare_exchange_weak(&budget->used, &used, used + size));
    return true;
}

bool budget_take(struct budget *budget, size_t size)
{
    return charge(budget, size, budget->limit);
}

void budget_give(struct budget *budget, size_t size)
{
    atomic_fetch_sub(&budget->used, size);
}

/* ---- reserves ---- */

bool reserve_open(struct reserve *reserve, size_t size, size_t limit)
{
    if (!charge(reserve->budget, size, limit))
        return false;
    atomic_store(&reserve->ahead, size);
    atomic_store(&reserve->open, true);
    return true;
}

/* Take as much of `size` as is reserved. */
static size_t draw(struct reserve *reserve, size_t size)
{
    size_t ahead = atomic_load(&reserve->ahead), drawn;

    do {
        drawn = size < ahead ? size : ahead;
    } while (!atomic_compare_exchange_weak(&reserve->ahead, &ahead, ahead - drawn));
    return drawn;
}

void reserve_trim(struct reserve *reserve, size_t size)
{
    const size_t ahead = atomic_load(&reserve->ahead);

    if (ahead > size)
        budget_give(reserve->budget, draw(reserve, ahead - size));
}

void reserve_close(struct reserve *reserve)
{
    atomic_store(&reserve->open, false);
    reserve_trim(reserve, 0);
}

bool reserve_take(struct reserve *reserve, size_t size)
{
    const size_t drawn = draw(reserve, size);

    if (drawn == size || budget_take(reserve->budget, size - drawn))
        return true;
    if (drawn > 0)
        atomic_fetch_add(&reserve->ahead, drawn);
    return false;
}

void reserve_give(struct reserve *reserve, size_t size)
{
    if (!atomic_load(&reserve->open)) {
        budget_give(reserve->budget, size);
        return;
    }
    atomic_fetch_add(&reserve->ahead, size);
    if (!atomic_load(&reserve->open)) /* the reserve was closed meanwhile */
        reserve_trim(reserve, 0);
}

/* ---- sizes ---- */

/* The largest power of two <= size; size is not 0. */
static unsigned log_of(size_t size)
{
    return (unsigned)(8 * sizeof size - 1) - (unsigned)__builtin_clzl(size);
}

size_t budget_round(size_t size)
{
    size_t step, rounded;

    if (size < BUDGET_LARGE)
        return size;
    step = (size_t)1 << (log_of(size) - STEPS_LOG);
    if (__builtin_add_overflow(size, step - 1, &rounded))
        return 0;
    return rounded & ~(step - 1);
}

/* The shelf of a rounded size.  NULL if such blocks are not kept. */
static struct shelf *shelf_of(struct budget *budget, size_t size)
{
    unsigned octave;

    if (!budget || !budget->keeps || size < BUDGET_LARGE)
        return NULL;
    octave = log_of(size) - LARGE_LOG;
    if (octave >= BUDGET_OCTAVES)
        return NULL;
    return &budget->shelf[octave * BUDGET_STEPS
                          + (size >> (octave + LARGE_LOG - STEPS_LOG)) % BUDGET_STEPS];
}

static size_t size_of(size_t shelf)
{
    return (BUDGET_STEPS + shelf % BUDGET_STEPS) << (LARGE_LOG - STEPS_LOG + shelf / BUDGET_STEPS);
}

/* ---- shelves ---- */

static bool shelf_take(struct shelf *shelf)
{
    return !atomic_exchange_explicit(&shelf->taken, true, memory_order_acquire);
}

static void shelf_leave(struct shelf *shelf)
{
    atomic_store_explicit(&shelf->taken, false, memory_order_release);
}

/* A block from the shelf.  NULL if it is empty, or taken by another thread. */
static struct budget_block *pick(struct budget *budget, struct shelf *shelf, size_t size)
{
    struct budget_block *block;

    if (!shelf_take(shelf))
        return NULL;
    block = shelf->first;
    if (block)
        shelf->first = block->next;
    shelf_leave(shelf);
    if (block)
        atomic_fetch_sub(&budget->kept, size);
    return block;
}

/* Put a block on the shelf.  False if another thread has taken the shelf. */
static bool put(struct budget *budget, struct shelf *shelf, struct budget_block *block, size_t size)
{
    if (!shelf_take(shelf))
        return false;
    atomic_fetch_add(&budget->kept, size);
    *block = (struct budget_block){.next = shelf->first};
    shelf->first = block;
    shelf_leave(shelf);
    return true;
}

static bool is_over(struct budget *budget)
{
    return atomic_load(&budget->used) + atomic_load(&budget->kept) > budget->limit;
}

/* Free kept blocks, the largest first, to make room for a charge. */
static void make_room(struct budget *budget)
{
    for (size_t s = BUDGET_OCTAVES * BUDGET_STEPS; s-- > 0 && is_over(budget);)
        while (is_over(budget)) {
            struct budget_block *block = pick(budget, &budget->shelf[s], size_of(s));

            if (!block)
                break;
            free(block);
        }
}

/* ---- blocks ---- */

/* Take a block from the kept ones.  NULL: none of the size is kept. */
static void *find_kept(struct budget *budget, size_t size)
{
    struct shelf *shelf = shelf_of(budget, size);

    return shelf ? pick(budget, shelf, size) : NULL;
}

void *budget_alloc(struct budget *budget, size_t size)
{
    void *block = find_kept(budget, size);

    if (block)
        return block;
    if (budget && is_over(budget))
        make_room(budget);
    return malloc(size - BUDGET_OVERHEAD);
}

void budget_free(struct budget *budget, void *block, size_t size)
{
    struct shelf *shelf = shelf_of(budget, size);

    if (!shelf || is_over(budget) || !put(budget, shelf, block, size))
        free(block);
}

/* To copy into a kept block costs less than new pages do. */
void *budget_resize(struct budget *budget, void *block, size_t old_size, size_t size)
{
    void *ready = size > old_size ? find_kept(budget, size) : NULL;

    if (ready) {
        memcpy(ready, block, old_size - BUDGET_OVERHEAD);
        budget_free(budget, block, old_size);
        return ready;
    }
    if (size > old_size && budget && is_over(budget))
        make_room(budget);
    return realloc(block, size - BUDGET_OVERHEAD);
}

/* The blocks of a list that are young enough; *last is the last of them.  The others are freed. */
static struct budget_block *age_list(struct budget *budget, struct budget_block *list, size_t size,
                                     unsigned most, struct budget_block **last)
{
    struct budget_block *kept = NULL, **link = &kept;

    *last = NULL;
    while (list) {
        struct budget_block *block = list;

        list = block->next;
        if (block->age++ >= most) {
            atomic_fetch_sub(&budget->kept, size);
            free(block);
            continue;
        }
        *link = *last = block;
        link = &block->next;
    }
    *link = NULL;
    return kept;
}

/* The list is off the shelf while it is examined, so that the shelf is not taken for long. */
static void age_shelf(struct budget *budget, struct shelf *shelf, size_t size, unsigned most)
{
    struct budget_block *list, *last;

    if (!shelf_take(shelf))
        return;
    list = shelf->first;
    shelf->first = NULL;
    shelf_leave(shelf);
    list = age_list(budget, list, size, most, &last);
    if (!list)
        return;
    while (!shelf_take(shelf))
        continue;
    last->next = shelf->first;
    shelf->first = list;
    shelf_leave(shelf);
}

void budget_age(struct budget *budget, unsigned most)
{
    for (size_t s = 0; s < BUDGET_OCTAVES * BUDGET_STEPS; s++)
        age_shelf(budget, &budget->shelf[s], size_of(s), most);
}
