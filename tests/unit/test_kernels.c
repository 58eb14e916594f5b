/* test_kernels.c - every kernel against the scalar one: the same bits, faults and order. */
#include "tests/unit/rows.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"
#include "core/kernels.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- sums ---- */

static const unsigned all_wants[] = {0,
                                     ROW_ENTROPY,
                                     ROW_SPREAD,
                                     ROW_ENTROPY | ROW_VARIATION,
                                     ROW_VARIATION,
                                     ROW_ENTROPY | ROW_SPREAD,
                                     ROW_VARIATION};

static void check_same(const struct row *row, const struct transform *transform, unsigned wants,
                       enum kind kind)
{
    const struct kernel *kernel, *scalar = kernel_find(0, "scalar");
    struct row_stats first, other;
    struct row_fault first_fault = {0}, fault = {0};
    bool good;

    memset(&first, 0, sizeof first);
    good = scalar->reduce(row, transform, wants, &first, &first_fault);
    for (size_t i = 0; (kernel = kernel_at(cpu_features(), i)) != scalar; i++) {
        memset(&other, 0, sizeof other);
        ck_assert(kernel->reduce(row, transform, wants, &other, &fault) == good);
        ck_assert_msg(memcmp(&first, &other, sizeof first) == 0,
                      "%s differs: kind %d dtype %s width %zu", kernel->name, (int)kind,
                      dtype_name(row->dtype), row->width);
        ck_assert(good || (fault.kind == first_fault.kind && fault.index == first_fault.index));
    }
}

static void check_kind(enum kind kind, enum dtype dtype, size_t width, bool all)
{
    const struct transform transforms[] = {transform_make(1, 0), transform_make(0.7, 0),
                                           transform_make(1, 30)};
    struct sample s;

    if (!fits(kind, dtype))
        return;
    s = sample_make(kind, dtype, width, 3);
    for (size_t t = 0; t < (all ? COUNT(transforms) : 1); t++)
        for (size_t w = 0; w < COUNT(all_wants); w++)
            if (all || w % 3 == 0)
                check_same(&s.row, &transforms[t], all_wants[w], kind);
    sample_free(&s);
}

START_TEST(every_width_gives_the_same_bits)
{
    for (size_t width = 1; width <= 1057; width++)
        for (enum kind kind = 0; kind < KINDS; kind++)
            for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++)
                if (is_long() || (width + (size_t)kind) % DTYPE_COUNT == (size_t)dtype)
                    check_kind(kind, dtype, width, (width + (size_t)kind) % 5 == 0);
}
END_TEST

START_TEST(large_vocabularies_give_the_same_bits)
{
    static const size_t widths[] = {2047, 2048, 2049, 4095, 4097, 32000, 50257, 128256, 262144};

    for (size_t w = 0; w < COUNT(widths); w++)
        for (enum kind kind = 0; kind < KINDS; kind++)
            for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++)
                if (is_long() || dtype == DTYPE_F32 || (w + (size_t)kind) % 8 == (size_t)dtype)
                    check_kind(kind, dtype, widths[w], is_long());
}
END_TEST

/* ---- faults ---- */

/* NaN of either sign and +inf, anywhere; the first of two is told. */
START_TEST(faults_are_found_where_they_are)
{
    static const double bad[] = {NAN, -NAN, INFINITY};
    static const size_t widths[] = {1, 2, 17, 256, 300, 2048, 2049, 5000};
    const struct transform transforms[] = {transform_make(1, 0), transform_make(1, 30)};

    for (size_t n = 0; n < COUNT(widths) * COUNT(bad) * DTYPE_COUNT; n++) {
        const size_t width = widths[n % COUNT(widths)];
        const double value = bad[n / COUNT(widths) % COUNT(bad)];
        const enum dtype dtype = (enum dtype)(n / COUNT(widths) / COUNT(bad));

        for (size_t at = 0; at < width; at += 1 + width / 37) {
            struct sample s = sample_make(at % 2 ? GAUSSIAN : SINGLE_FINITE, dtype, width, 1);
            char *data = (char *)(uintptr_t)s.row.data;

            store(dtype, value, data + at * dtype_size(dtype));
            store(dtype, value, data + (at + (width - at) / 2) * dtype_size(dtype));
            if (dtype != DTYPE_F16) /* store() makes no NaN or +inf of that */
                check_same(&s.row, &transforms[at % 2], 0, GAUSSIAN);
            sample_free(&s);
        }
    }
}
END_TEST

/* Every place of a bad half: bits, because nothing here converts to them. */
START_TEST(faults_of_halves_are_found)
{
    static const uint16_t bad[] = {0x7c00, 0x7c01, 0x7fff, 0xfc01, 0xfe00};
    const struct transform transform = transform_make(1, 0);

    for (size_t b = 0; b < COUNT(bad); b++) {
        for (size_t at = 0; at < 300; at++) {
            struct sample s = sample_make(GAUSSIAN, DTYPE_F16, 300, 1);

            memcpy((char *)(uintptr_t)s.row.data + 2 * at, &bad[b], 2);
            check_same(&s.row, &transform, 0, GAUSSIAN);
            sample_free(&s);
        }
    }
}
END_TEST

/* ---- memory ---- */

/* Rows at any address, up to the very end of what can be read. */
START_TEST(nothing_outside_of_a_row_is_read)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), most = 4 * page;
    char *memory =
        mmap(NULL, most + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const struct transform transform = transform_make(1, 0);

    ck_assert(memory != MAP_FAILED && mprotect(memory + most, page, PROT_NONE) == 0);
    for (size_t width = 1; width < 1400; width += 1 + width / 9) {
        for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++) {
            struct sample s = sample_make(GAUSSIAN, dtype, width, 4);
            const size_t bytes = width * dtype_size(dtype);

            for (size_t back = 0; back < 9; back++) {
                const struct row row = {memory + most - bytes - back, width, dtype};
                struct ranked best[3];
                const struct kernel *kernel;

                memcpy(memory + most - bytes - back, s.row.data, bytes);
                check_same(&row, &transform, ROW_ENTROPY, GAUSSIAN);
                for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)) != NULL; k++)
                    kernel->order(&row,
                                  &(struct order){.wants_above = true, .count = 3, .best = best});
            }
            sample_free(&s);
        }
    }
    munmap(memory, most + page);
}
END_TEST

/* ---- order ---- */

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->logit != y->logit)
        return x->logit > y->logit ? -1 : 1;
    return x->token < y->token ? -1 : 1;
}

static struct ranked *sorted(const struct sample *s)
{
    struct ranked *all = malloc(s->row.width * sizeof *all);

    for (size_t i = 0; i < s->row.width; i++)
        all[i] = (struct ranked){i, s->exact[i]};
    qsort(all, s->row.width, sizeof *all, by_rank);
    return all;
}

static void check_order(const struct kernel *kernel, const struct sample *s,
                        const struct ranked *all, size_t count)
{
    const size_t asked = (count * 7 + s->row.width / 3) % s->row.width;
    struct ranked best[1024];
    struct order order = {
        .wants_above = true, .logit = all[asked].logit, .count = count, .best = best};
    size_t above = 0;

    kernel->order(&s->row, &order);
    ck_assert_uint_eq(order.found, count < s->row.width ? count : s->row.width);
    for (size_t i = 0; i < order.found; i++)
        ck_assert_msg(best[i].token == all[i].token && best[i].logit == all[i].logit,
                      "%s: width %zu, %zu of %zu", kernel->name, s->row.width, i, count);
    while (all[above].logit > order.logit)
        above++;
    ck_assert_uint_eq(order.above, above);
}

/* Rank and top K against a full sort. */
START_TEST(order_is_that_of_a_sort)
{
    static const size_t widths[] = {1, 2, 7, 300, 512, 2500, 6000};
    static const size_t counts[] = {0, 1, 2, 5, 20, 1024};
    static const enum kind kinds[] = {GAUSSIAN,  TIES,       CONSTANT,     HALF_MASKED,
                                      ASCENDING, DESCENDING, MOSTLY_MASKED};

    for (size_t n = 0; n < COUNT(widths) * COUNT(kinds) * DTYPE_COUNT; n++) {
        const enum dtype dtype = (enum dtype)(n / COUNT(widths) / COUNT(kinds));
        struct sample s = sample_make(kinds[n / COUNT(widths) % COUNT(kinds)], dtype,
                                      widths[n % COUNT(widths)], 2);
        struct ranked *all = sorted(&s);
        const struct kernel *kernel;

        for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)) != NULL; k++)
            for (size_t c = 0; c < COUNT(counts); c++)
                check_order(kernel, &s, all, counts[c]);
        free(all);
        sample_free(&s);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_width_gives_the_same_bits,
                                  large_vocabularies_give_the_same_bits,
                                  faults_are_found_where_they_are,
                                  faults_of_halves_are_found,
                                  nothing_outside_of_a_row_is_read,
                                  order_is_that_of_a_sort,
                                  NULL};

    return suite_main("kernels", tests);
}
