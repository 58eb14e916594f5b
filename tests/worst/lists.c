/* lists.c - the two lists of a candidate as numbers, and their exact sums. */
#include "tests/worst/lists.h"

static struct lists lists;
static mpfr_t product, wide;

static void lists_init(void)
{
    if (product->_mpfr_d)
        return;
    mpfr_init2(product, 106);
    mpfr_init2(wide, WIDE_BITS);
    mpfr_inits2(SUM_BITS, lists.sum_a, lists.sum_b, lists.sum_aa, lists.sum_ab, lists.sum_bb,
                (mpfr_ptr)NULL);
}

/* `count` is how often both numbers stand here. */
static void add_product(mpfr_t sum, double x, double y, size_t count)
{
    mpfr_set_d(product, x, MPFR_RNDN);
    mpfr_mul_d(product, product, y, MPFR_RNDN);
    mpfr_mul_ui(wide, product, count, MPFR_RNDN);
    mpfr_add(sum, sum, wide, MPFR_RNDN);
}

static void sums_add(double a, double b, size_t count)
{
    add_product(lists.sum_a, a, 1, count);
    add_product(lists.sum_b, b, 1, count);
    add_product(lists.sum_aa, a, a, count);
    add_product(lists.sum_ab, a, b, count);
    add_product(lists.sum_bb, b, b, count);
}

static void sums_make(void)
{
    size_t same;

    mpfr_set_zero(lists.sum_a, 1);
    mpfr_set_zero(lists.sum_b, 1);
    mpfr_set_zero(lists.sum_aa, 1);
    mpfr_set_zero(lists.sum_ab, 1);
    mpfr_set_zero(lists.sum_bb, 1);
    for (size_t i = 0; i < lists.count; i += same) {
        for (same = 1; i + same < lists.count && lists.a[i + same] == lists.a[i]
                       && lists.b[i + same] == lists.b[i];)
            same++;
        sums_add(lists.a[i], lists.b[i], same);
    }
}

struct lists *lists_load(const struct candidate *candidate)
{
    size_t count_b;

    lists_init();
    lists.count = list_expand(&candidate->list[0], lists.a, LISTED);
    count_b = list_expand(&candidate->list[1], lists.b, LISTED);
    lists.has_b = count_b > 0;
    if (lists.has_b && count_b < lists.count)
        lists.count = count_b;
    for (size_t i = count_b; i < lists.count; i++)
        lists.b[i] = 0;
    sums_make();
    return &lists;
}

void lists_moment(mpfr_t out, const struct lists *from, const mpfr_t sum_xy, const mpfr_t sum_x,
                  const mpfr_t sum_y)
{
    mpfr_mul_ui(out, sum_xy, from->count, MPFR_RNDN);
    mpfr_mul(wide, sum_x, sum_y, MPFR_RNDN);
    mpfr_sub(out, out, wide, MPFR_RNDN);
}

/* out += factor x y moment */
static void combined_add(mpfr_t out, mpfr_t moment, const mpfr_t x, const mpfr_t y)
{
    mpfr_mul(moment, moment, x, MPFR_RNDN);
    mpfr_mul(moment, moment, y, MPFR_RNDN);
    mpfr_add(out, out, moment, MPFR_RNDN);
}

void lists_combined(mpfr_t out, const struct lists *from, const mpfr_t factor_a,
                    const mpfr_t factor_b)
{
    mpfr_t moment;

    mpfr_init2(moment, WIDE_BITS);
    mpfr_set_zero(out, 1);
    lists_moment(moment, from, from->sum_aa, from->sum_a, from->sum_a);
    combined_add(out, moment, factor_a, factor_a);
    lists_moment(moment, from, from->sum_ab, from->sum_a, from->sum_b);
    mpfr_mul_2ui(moment, moment, 1, MPFR_RNDN);
    combined_add(out, moment, factor_a, factor_b);
    lists_moment(moment, from, from->sum_bb, from->sum_b, from->sum_b);
    combined_add(out, moment, factor_b, factor_b);
    mpfr_clear(moment);
}
