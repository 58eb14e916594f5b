/* test_memory.c - arenas and budgets. */
#include "tests/unit/suite.h"

#include "api/base/arena_error.h"
#include "core/arena.h"

#include <stdint.h>
#include <string.h>

#define KIB ((size_t)1024)

START_TEST(memory_is_zeroed_and_aligned)
{
    struct arena arena;

    arena_init(&arena, 1024 * KIB, NULL);
    for (size_t size = 0; size < 200 * KIB; size = size * 2 + 1) {
        char *memory = arena_alloc(&arena, size, 1);

        ck_assert_ptr_nonnull(memory);
        ck_assert_uint_eq((uintptr_t)memory % 64, 0);
        for (size_t i = 0; i < size; i++)
            ck_assert(memory[i] == 0);
        memset(memory, 0xff, size);
    }
    arena_release(&arena);
    ck_assert_uint_eq(arena.used, 0);
}
END_TEST

START_TEST(growing_keeps_what_was_there)
{
    struct arena arena;
    char *memory = NULL;
    size_t size = 0;

    arena_init(&arena, 4096 * KIB, NULL);
    for (size_t next = 1; next < 900 * KIB; next = next * 2 + 7) {
        memory = arena_grow(&arena, memory, size, next);
        ck_assert_ptr_nonnull(memory);
        for (size_t i = 0; i < size; i++)
            ck_assert_int_eq(memory[i], (char)(i * 7));
        for (size_t i = size; i < next; i++)
            memory[i] = (char)(i * 7);
        size = next;
        arena_alloc(&arena, 1, 100); /* something else in between */
    }
    memory = arena_grow(&arena, memory, size, 70 * KIB); /* and shrinking */
    ck_assert_int_eq(memory[70 * KIB - 1], (char)((70 * KIB - 1) * 7));
    arena_release(&arena);
}
END_TEST

/* A large block grows in place of itself: the sum of the sizes is never charged. */
START_TEST(a_large_block_is_charged_once)
{
    struct arena arena;
    char *memory = NULL;
    size_t size = 0;

    arena_init(&arena, 1100 * KIB, NULL);
    for (size_t next = 64 * KIB; next <= 1024 * KIB; next += 64 * KIB) {
        memory = arena_grow(&arena, memory, size, next);
        ck_assert_ptr_nonnull(memory);
        size = next;
    }
    ck_assert_uint_gt(arena.used, 1024 * KIB);
    ck_assert_ptr_nonnull(
        arena_grow(&arena, memory, size, 64 * KIB)); /* what shrinks is given back */
    ck_assert_uint_lt(arena.used, 70 * KIB);
    arena_release(&arena);
}
END_TEST

/* Blocks grow with what is used, and the last one may have to be smaller. */
START_TEST(the_last_bytes_of_the_limit_can_be_used)
{
    struct arena arena;
    size_t taken = 0;

    arena_init(&arena, 100 * KIB, NULL);
    while (arena_alloc(&arena, 1, KIB))
        taken++;
    ck_assert_uint_gt(taken, 90);
    arena_release(&arena);
}
END_TEST

/* What does not fit, and why. */
static const struct {
    size_t limit, budget, count, size;
    enum arena_fault fault;
    enum error_code code;
} denials[] = {
    {10 * KIB, 100 * KIB, 11, KIB, ARENA_LIMIT, ERR_TOO_LARGE},
    {100 * KIB, 10 * KIB, 11, KIB, ARENA_BUDGET, ERR_NO_MEMORY},
    {SIZE_MAX, SIZE_MAX, SIZE_MAX / 2, 3, ARENA_LIMIT, ERR_TOO_LARGE}, /* count * size overflows */
    {SIZE_MAX, SIZE_MAX, SIZE_MAX, 1, ARENA_LIMIT, ERR_TOO_LARGE},
    {0, SIZE_MAX, 1, 1, ARENA_LIMIT, ERR_TOO_LARGE},
};

START_TEST(what_does_not_fit_is_denied)
{
    for (size_t i = 0; i < COUNT(denials); i++) {
        struct budget budget = {.limit = denials[i].budget};
        struct arena arena;
        struct error err = {0};

        arena_init(&arena, denials[i].limit, &budget);
        ck_assert_ptr_null(arena_alloc(&arena, denials[i].count, denials[i].size));
        ck_assert_int_eq(arena.fault, denials[i].fault);
        ck_assert(!arena_fail(&arena, &err));
        ck_assert_int_eq(err.code, denials[i].code);
        ck_assert_uint_eq(atomic_load(&budget.used), 0);
        arena_release(&arena);
    }
}
END_TEST

/* Sizes that no number of bytes has. */
START_TEST(what_overflows_is_denied)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 40, SIZE_MAX - 100, SIZE_MAX / 2 + 1};
    struct arena arena;
    char *small, *large;

    arena_init(&arena, SIZE_MAX, NULL);
    small = arena_alloc(&arena, 1, 10);
    large = arena_alloc(&arena, 1, 100 * KIB);
    ck_assert(small && large);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        const size_t used = arena.used;

        arena.fault = ARENA_FINE;
        ck_assert(!arena_alloc(&arena, 1, sizes[i]) && arena.fault != ARENA_FINE);
        ck_assert(!arena_alloc(&arena, sizes[i], 3) && arena.fault != ARENA_FINE);
        ck_assert(!arena_grow(&arena, small, 10, sizes[i]) && arena.fault != ARENA_FINE);
        ck_assert(!arena_grow(&arena, large, 100 * KIB, sizes[i]) && arena.fault != ARENA_FINE);
        ck_assert_uint_eq(arena.used, used);
    }
    arena_release(&arena);
    ck_assert_uint_eq(arena.used, 0);
}
END_TEST

/* Nobody waits for a shelf: who finds somebody there does without. */
START_TEST(a_shelf_that_is_taken_is_passed)
{
    static struct budget budget = {.limit = 8192 * KIB, .keeps = true};
    struct arena arena;

    arena_init(&arena, 8192 * KIB, &budget);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 1, 1000 * KIB));
    arena_release(&arena);
    ck_assert_uint_gt(atomic_load(&budget.kept), 0);
    for (size_t i = 0; i < COUNT(budget.shelf); i++)
        atomic_store(&budget.shelf[i].taken, true);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 1, 1000 * KIB));
    arena_release(&arena);
    for (size_t i = 0; i < COUNT(budget.shelf); i++)
        atomic_store(&budget.shelf[i].taken, false);
    budget_age(&budget, 0);
    ck_assert_uint_eq(atomic_load(&budget.kept), 0);
    ck_assert_uint_eq(atomic_load(&budget.used), 0);
}
END_TEST

/* What is kept makes room for a block that grows, as for a new one. */
START_TEST(what_is_kept_goes_before_a_block_that_grows)
{
    static struct budget budget = {.limit = 8192 * KIB, .keeps = true};
    struct arena arena;
    char *block;

    arena_init(&arena, 8192 * KIB, &budget);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 1, 1000 * KIB));
    arena_release(&arena);
    block = arena_alloc(&arena, 1, 4000 * KIB);
    ck_assert_ptr_nonnull(block);
    ck_assert_uint_gt(atomic_load(&budget.kept), 0);
    ck_assert_ptr_nonnull(arena_grow(&arena, block, 4000 * KIB, 7400 * KIB));
    ck_assert_uint_le(atomic_load(&budget.used) + atomic_load(&budget.kept), budget.limit);
    arena_release(&arena);
    budget_age(&budget, 0);
    ck_assert_uint_eq(atomic_load(&budget.kept), 0);
}
END_TEST

/* Above the largest size of a shelf nothing is kept. */
START_TEST(huge_blocks_are_not_kept)
{
    static struct budget budget = {.limit = (size_t)1 << 30, .keeps = true};
    struct arena arena;

    arena_init(&arena, (size_t)1 << 30, &budget);
    ck_assert_ptr_nonnull(arena_grow(&arena, NULL, 0, (size_t)200 << 20));
    arena_release(&arena);
    ck_assert_uint_eq(atomic_load(&budget.kept), 0);
}
END_TEST

/* Two allocations out of one block, even one of the largest size: the first one grows away. */
START_TEST(growing_leaves_the_neighbour_alone)
{
    for (size_t first = KIB; first < 64 * KIB; first += KIB) {
        struct arena arena;
        char *grown, *neighbour;

        arena_init(&arena, SIZE_MAX, NULL);
        arena_alloc(&arena, 200, KIB); /* makes the next block a large one */
        grown = arena_alloc(&arena, first, 1);
        neighbour = arena_alloc(&arena, 100, 1);
        memset(neighbour, 7, 100);
        grown = arena_grow(&arena, grown, first, 256 * KIB);
        memset(grown, 1, 256 * KIB);
        for (size_t i = 0; i < 100; i++)
            ck_assert_int_eq(neighbour[i], 7);
        arena_release(&arena);
    }
}
END_TEST

START_TEST(a_budget_is_shared_and_given_back)
{
    struct budget budget = {.limit = 300 * KIB};
    struct arena one, two;

    arena_init(&one, SIZE_MAX, &budget);
    arena_init(&two, SIZE_MAX, &budget);
    ck_assert_ptr_nonnull(arena_alloc(&one, 200, KIB));
    ck_assert_ptr_null(arena_alloc(&two, 200, KIB));
    arena_release(&one);
    ck_assert_ptr_nonnull(arena_alloc(&two, 200, KIB));
    arena_release(&two);
    ck_assert_uint_eq(atomic_load(&budget.used), 0);
}
END_TEST

/* The parent's limit holds for both, and what the inner one gives back can be used again. */
START_TEST(a_nested_arena_is_charged_to_its_parent)
{
    struct budget budget = {.limit = 1000 * KIB};
    struct arena parent, inner;

    arena_init(&parent, 300 * KIB, &budget);
    ck_assert_ptr_nonnull(arena_alloc(&parent, 100, KIB));
    for (int round = 0; round < 3; round++) {
        arena_nest(&inner, &parent);
        ck_assert_ptr_nonnull(arena_alloc(&inner, 150, KIB));
        ck_assert_ptr_null(arena_alloc(&inner, 100, KIB));
        ck_assert_int_eq(inner.fault, ARENA_LIMIT);
        ck_assert_ptr_null(arena_alloc(&parent, 100, KIB));
        ck_assert_uint_gt(atomic_load(&budget.used), 250 * KIB);
        ck_assert_uint_eq(atomic_load(&budget.used), parent.used);
        arena_release(&inner);
        ck_assert_uint_lt(parent.used, 106 * KIB);
    }
    for (int n = 0; n < 3; n++) { /* what is left goes with the parent */
        struct arena *left = arena_new(&parent, struct arena, 1);

        arena_nest(left, &parent);
        ck_assert_ptr_nonnull(arena_alloc(left, 10, KIB));
    }
    arena_release(parent.nested->sibling);
    arena_release(&parent);
    ck_assert_uint_eq(atomic_load(&budget.used), 0);
    budget.limit = 50 * KIB;
    arena_nest(&inner, &parent);
    ck_assert_ptr_null(arena_alloc(&inner, 100, KIB));
    ck_assert_int_eq(inner.fault, ARENA_BUDGET);
}
END_TEST

START_TEST(a_large_block_can_be_given_back_early)
{
    struct arena arena;
    char *small;

    arena_init(&arena, 200 * KIB, NULL);
    small = arena_alloc(&arena, 100, 1);
    memset(small, 7, 100);
    for (int round = 0; round < 5; round++) {
        char *large = arena_grow(&arena, NULL, 0, 150 * KIB);

        ck_assert_ptr_nonnull(large);
        memset(large, 1, 150 * KIB);
        arena_free(&arena, large);
    }
    arena_free(&arena, small);
    arena_free(&arena, NULL);
    for (size_t i = 0; i < 100; i++)
        ck_assert_int_eq(small[i], 7);
    arena_release(&arena);
    ck_assert_uint_eq(arena.used, 0);
}
END_TEST

/* Shrunk below 64 KiB, it goes to a block with others, and its own is given back. */
START_TEST(a_large_block_that_shrinks_is_given_back)
{
    struct arena arena;
    char *memory;

    arena_init(&arena, 300 * KIB, NULL);
    for (int round = 0; round < 3; round++) {
        memory = arena_grow(&arena, NULL, 0, 200 * KIB);
        ck_assert_ptr_nonnull(memory);
        memset(memory, 7, 200 * KIB);
        memory = arena_grow(&arena, memory, 200 * KIB, 10 * KIB);
        ck_assert_ptr_nonnull(memory);
        for (size_t i = 0; i < 10 * KIB; i++)
            ck_assert_int_eq(memory[i], 7);
    }
    ck_assert_uint_lt(arena.used, 100 * KIB);
    arena_release(&arena);
    ck_assert_uint_eq(arena.used, 0);
}
END_TEST

/* A large block is found again by the next who asks for its size, and grows into one that lies
 * ready. */
START_TEST(large_blocks_are_kept)
{
    static struct budget budget = {.limit = 1000 * KIB, .keeps = true};
    struct arena arena;
    char *first, *again;

    arena_init(&arena, SIZE_MAX, &budget);
    first = arena_alloc(&arena, 100, KIB);
    memset(first, 7, 100 * KIB);
    arena_release(&arena);
    ck_assert_uint_eq(atomic_load(&budget.used), 0);
    ck_assert_uint_gt(atomic_load(&budget.kept), 100 * KIB);
    again = arena_alloc(&arena, 100, KIB);
    ck_assert_ptr_eq(again, first);
    ck_assert_int_eq(again[100 * KIB - 1], 0);
    ck_assert_uint_eq(atomic_load(&budget.kept), 0);
    arena_release(&arena);
    again = arena_grow(&arena, NULL, 0, 70 * KIB);
    memset(again, 7, 70 * KIB);
    again = arena_grow(&arena, again, 70 * KIB, 100 * KIB);
    ck_assert_ptr_eq(again, first);
    ck_assert_int_eq(again[70 * KIB - 1], 7);
    arena_release(&arena);
    budget_age(&budget, 0);
    ck_assert_uint_eq(atomic_load(&budget.kept), 0);
}
END_TEST

/* What is kept counts to the limit, and goes before anything is denied. */
START_TEST(what_is_kept_denies_nothing)
{
    static struct budget budget = {.limit = 1000 * KIB, .keeps = true};
    struct arena arena;

    arena_init(&arena, SIZE_MAX, &budget);
    for (size_t size = 70; size < 900; size += 70) {
        ck_assert_ptr_nonnull(arena_alloc(&arena, size, KIB));
        ck_assert_uint_le(atomic_load(&budget.used) + atomic_load(&budget.kept), 1000 * KIB);
        arena_release(&arena);
        ck_assert_uint_le(atomic_load(&budget.kept), 1000 * KIB);
    }
    budget_age(&budget, 0);
}
END_TEST

/* What nobody wants goes after a while; what is used stays. */
START_TEST(what_is_kept_ages)
{
    static struct budget budget = {.limit = 1000 * KIB, .keeps = true};
    struct arena arena;

    arena_init(&arena, SIZE_MAX, &budget);
    arena_alloc(&arena, 100, KIB);
    arena_alloc(&arena, 300, KIB);
    arena_release(&arena);
    for (int sweep = 0; sweep < 5; sweep++) {
        arena_alloc(&arena, 100, KIB);
        arena_release(&arena);
        budget_age(&budget, 3);
        ck_assert_int_eq(atomic_load(&budget.kept) > 300 * KIB, sweep < 3);
        ck_assert_uint_gt(atomic_load(&budget.kept), 100 * KIB);
    }
    budget_age(&budget, 0);
    ck_assert_uint_eq(atomic_load(&budget.kept), 0);
}
END_TEST

/* Sizes of blocks: at least what is asked for, at most a sixteenth more, and no size twice. */
START_TEST(sizes_are_rounded_up_a_little)
{
    for (size_t size = 1; size < SIZE_MAX / 3; size += size / 8 + 1) {
        const size_t rounded = budget_round(size);

        ck_assert_uint_ge(rounded, size);
        ck_assert_uint_le(rounded - size, size / 16);
        ck_assert_uint_eq(budget_round(rounded), rounded);
    }
    ck_assert_uint_eq(budget_round(SIZE_MAX), 0);
}
END_TEST

START_TEST(the_first_failure_wins)
{
    struct error err = {0};

    ck_assert(!error_set(&err, ERR_BAD_ROW, "/logits/1", "%d", 1));
    ck_assert(!error_set(&err, ERR_INTERNAL, "/x", "later"));
    ck_assert_int_eq(err.code, ERR_BAD_ROW);
    ck_assert_str_eq(err.pointer, "/logits/1");
    ck_assert_str_eq(err.detail, "1");
    for (enum error_code code = ERR_NONE; code < ERR_COUNT; code++)
        ck_assert(error_slug(code)[0] && error_title(code)[0]);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_nested_arena_is_charged_to_its_parent,
                                  a_large_block_can_be_given_back_early,
                                  a_large_block_that_shrinks_is_given_back,
                                  memory_is_zeroed_and_aligned,
                                  growing_keeps_what_was_there,
                                  a_large_block_is_charged_once,
                                  the_last_bytes_of_the_limit_can_be_used,
                                  growing_leaves_the_neighbour_alone,
                                  what_does_not_fit_is_denied,
                                  what_overflows_is_denied,
                                  a_shelf_that_is_taken_is_passed,
                                  what_is_kept_goes_before_a_block_that_grows,
                                  huge_blocks_are_not_kept,
                                  a_budget_is_shared_and_given_back,
                                  large_blocks_are_kept,
                                  what_is_kept_denies_nothing,
                                  what_is_kept_ages,
                                  sizes_are_rounded_up_a_little,
                                  the_first_failure_wins,
                                  NULL};

    return suite_main("memory", tests);
}
