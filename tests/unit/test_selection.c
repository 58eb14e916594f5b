/* test_selection.c - numbers are put into order, wherever it is asked. */
#include "tests/unit/suite.h"

#include "core/heapsort.h"
#include "core/prng.h"
#include "core/selection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST 3000

static double drawn(size_t i, size_t count, struct draws *draws)
{
    (void)i, (void)count;
    return (double)prng_below(draws, 1U << 30) - 5e8;
}

static double of_few(size_t i, size_t count, struct draws *draws)
{
    (void)i, (void)count;
    return (double)prng_below(draws, 3);
}

static double same(size_t i, size_t count, struct draws *draws)
{
    (void)i, (void)count, (void)draws;
    return 7;
}

static double up(size_t i, size_t count, struct draws *draws)
{
    (void)count, (void)draws;
    return (double)i;
}

static double down(size_t i, size_t count, struct draws *draws)
{
    (void)draws;
    return (double)(count - i);
}

static double pipes(size_t i, size_t count, struct draws *draws)
{
    (void)draws;
    return (double)(i < count / 2 ? i : count - i);
}

/* Odd places ascend slowly, even ones fast: the median of three is always near an end. */
static double killer(size_t i, size_t count, struct draws *draws)
{
    (void)draws;
    return i % 2 == 0 && i < count / 2
               ? (double)i
               : (double)(i < count / 2 ? count / 2 + i : 2 * (i - count / 2) + 1);
}

static double with_infinities(size_t i, size_t count, struct draws *draws)
{
    return i % 5 == 0 ? HUGE_VAL : i % 7 == 0 ? -HUGE_VAL : drawn(i, count, draws);
}

static const struct {
    const char *name;
    double (*value)(size_t i, size_t count, struct draws *draws);
} shapes[] = {
    {"drawn", drawn},           {"of few", of_few},
    {"all the same", same},     {"ascending", up},
    {"descending", down},       {"pipes", pipes},
    {"for bad pivots", killer}, {"with infinities", with_infinities},
};

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void fill(double *values, size_t count, size_t shape, struct draws *draws)
{
    for (size_t i = 0; i < count; i++)
        values[i] = shapes[shape].value(i, count, draws);
}

/* The library's qsort() is the oracle. */
START_TEST(sorting_sorts)
{
    struct draws draws = prng_make(3);
    double values[MOST], right[MOST];

    for (size_t count = 0; count <= MOST; count += count < 40 ? 1 : count / 3) {
        fill(values, count, (size_t)_i, &draws);
        memcpy(right, values, sizeof right);
        qsort(right, count, sizeof *right, by_value);
        selection_sort(values, count);
        for (size_t i = 0; i < count; i++)
            ck_assert_msg(values[i] == right[i], "%s, %zu: %zu", shapes[_i].name, count, i);
    }
}
END_TEST

START_TEST(ranks_have_what_they_would_have)
{
    struct draws draws = prng_make(4);
    double values[MOST], right[MOST];
    size_t ranks[6];

    for (size_t count = 1; count <= MOST; count += count < 40 ? 1 : count / 3) {
        fill(values, count, (size_t)_i, &draws);
        memcpy(right, values, sizeof right);
        qsort(right, count, sizeof *right, by_value);
        ranks[0] = 0;
        for (size_t i = 1; i < COUNT(ranks); i++)
            ranks[i] = ranks[i - 1] + prng_below(&draws, (uint32_t)(count - ranks[i - 1]));
        selection_order(values, count, ranks, COUNT(ranks));
        for (size_t i = 0; i < COUNT(ranks); i++)
            ck_assert_msg(values[ranks[i]] == right[ranks[i]], "%s, %zu: rank %zu", shapes[_i].name,
                          count, ranks[i]);
        qsort(values, count, sizeof *values, by_value);
        ck_assert_msg(memcmp(values, right, count * sizeof *values) == 0, "none is lost");
    }
}
END_TEST

/* An entry that is as large as they may be. */
struct entry {
    double key;
    size_t from;
    char rest[HEAPSORT_ENTRY - sizeof(double) - sizeof(size_t)];
};

static bool is_less(const void *a, const void *b)
{
    return ((const struct entry *)a)->key < ((const struct entry *)b)->key;
}

START_TEST(entries_are_sorted_whole)
{
    static struct entry entries[MOST];
    struct draws draws = prng_make(5);
    double values[MOST], right[MOST];

    for (size_t count = 0; count <= MOST; count += count < 40 ? 1 : count / 3) {
        fill(values, count, (size_t)_i, &draws);
        for (size_t i = 0; i < count; i++) {
            entries[i] = (struct entry){.key = values[i], .from = i};
            memset(entries[i].rest, (int)(i % 251), sizeof entries[i].rest);
        }
        memcpy(right, values, count * sizeof *right);
        qsort(right, count, sizeof *right, by_value);
        heapsort_entries(entries, count, sizeof *entries, is_less);
        for (size_t i = 0; i < count; i++) {
            const struct entry *entry = &entries[i];

            ck_assert_msg(entry->key == right[i], "%s, %zu: %zu", shapes[_i].name, count, i);
            ck_assert(entry->key == values[entry->from]);
            values[entry->from] = NAN; /* none is there twice */
            ck_assert(entry->rest[0] == (char)(entry->from % 251)
                      && memcmp(entry->rest, entry->rest + 1, sizeof entry->rest - 1) == 0);
        }
    }
}
END_TEST

int main(void)
{
    const struct loop loops[] = {{sorting_sorts, COUNT(shapes)},
                                 {ranks_have_what_they_would_have, COUNT(shapes)},
                                 {entries_are_sorted_whole, COUNT(shapes)},
                                 {NULL, 0}};
    const TTest *const none[] = {NULL};

    return suite_run("selection", loops, none);
}
