/* test_exact_sum.c - exact sums, against numbers of so many bits that MPFR never rounds them. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/exact_sum.h"

#include <float.h>

#define ALL_BITS 9600 /* four sums of doubles, from 2^-4296 to 2^4500 */
#define MOST 1500

/* A term: a double, or a product if `times` is not 1. */
struct term {
    double value, times;
};

static void add(struct exact_sum *sum, const struct term *term)
{
    if (term->times == 1)
        exact_sum_add(sum, term->value);
    else if (term->times == term->value)
        exact_sum_add_square(sum, term->value);
    else
        exact_sum_add_product(sum, term->value, term->times);
}

static void add_exactly(mpfr_t sum, const struct term *term)
{
    mpfr_t product;

    mpfr_init2(product, 106);
    mpfr_set_d(product, term->value, MPFR_RNDN);
    mpfr_mul_d(product, product, term->times, MPFR_RNDN);
    mpfr_add(sum, sum, product, MPFR_RNDN);
    mpfr_clear(product);
}

static void check_value(const struct exact_sum *sum, mpfr_t exact)
{
    const double right = mpfr_get_d(exact, MPFR_RNDN), got = exact_sum_double(sum);
    const struct scaled scaled = exact_sum_scaled(sum);
    struct exact_number number;
    struct dd split;
    int exponent;
    mpfr_t rounded, rest;

    ck_assert_msg(got == right, "%a, not %a", got, right);
    mpfr_inits2(53, rounded, (mpfr_ptr)NULL);
    mpfr_init2(rest, ALL_BITS);
    mpfr_set(rounded, exact, MPFR_RNDN);
    mpfr_set_d(rest, scaled.value, MPFR_RNDN);
    mpfr_mul_2si(rest, rest, scaled.exponent, MPFR_RNDN);
    ck_assert_msg(mpfr_equal_p(rest, rounded), "%a * 2^%d", scaled.value, scaled.exponent);
    exact_sum_number(sum, &number);
    split = exact_number_dd(&number, &exponent);
    mpfr_set_d(rest, split.hi, MPFR_RNDN);
    mpfr_add_d(rest, rest, split.lo, MPFR_RNDN);
    mpfr_mul_2si(rest, rest, exponent, MPFR_RNDN);
    mpfr_sub(rest, rest, exact, MPFR_RNDN);
    mpfr_mul_2si(rest, rest, 104, MPFR_RNDN);
    ck_assert(mpfr_cmpabs(rest, exact) <= 0);
    mpfr_clears(rounded, rest, (mpfr_ptr)NULL);
}

/* A double with any bits, but finite; or one of some size. */
static double any_double(uint64_t *state)
{
    const uint64_t bits = random_bits(state);
    double x;

    memcpy(&x, &bits, sizeof x);
    return isfinite(x) ? x : DBL_MAX;
}

static double ordinary(uint64_t *state)
{
    return random_normal(state) * exp2(10 * random_normal(state));
}

static double tiny(uint64_t *state)
{
    return ldexp((double)(random_bits(state) >> 40), -1074 + (int)random_below(state, 60));
}

static double huge(uint64_t *state)
{
    return (random_unit(state) - 0.5) * 2 * DBL_MAX;
}

static double even(uint64_t *state) /* ties */
{
    return ldexp((double)(random_bits(state) >> 62), 52 * (int)random_below(state, 3));
}

typedef double draw_f(uint64_t *state);
static draw_f *const draws[] = {any_double, ordinary, tiny, huge, even};

/* Terms of one kind or of all; some are taken away again, so that most of the sum cancels. */
static size_t draw_terms(struct term *terms, uint64_t *state)
{
    const size_t count = 1 + random_below(state, random_below(state, 10) == 0 ? MOST : 12);
    const size_t kind = random_below(state, COUNT(draws) + 1);

    for (size_t i = 0; i < count; i++) {
        draw_f *draw = draws[kind < COUNT(draws) ? kind : random_below(state, COUNT(draws))];

        terms[i].value = draw(state);
        terms[i].times = random_below(state, 2)   ? 1
                         : random_below(state, 2) ? terms[i].value
                                                  : draw(state);
        if (i > 0 && random_below(state, 3) == 0) {
            const struct term *other = &terms[random_below(state, i)];

            terms[i] = (struct term){-other->value, other->times};
        }
    }
    return count;
}

static void shuffle(struct term *terms, size_t count, uint64_t *state)
{
    for (size_t i = count; i > 1; i--) {
        const size_t other = random_below(state, i);
        const struct term term = terms[i - 1];

        terms[i - 1] = terms[other];
        terms[other] = term;
    }
}

/* The same as single terms: kinds together. */
static void add_together(struct exact_sum *sum, const struct term *terms, size_t count)
{
    static double alone[MOST], squared[MOST];
    size_t singles = 0, squares = 0;

    for (size_t i = 0; i < count; i++) {
        if (terms[i].times == 1)
            alone[singles++] = terms[i].value;
        else if (terms[i].times == terms[i].value)
            squared[squares++] = terms[i].value;
        else
            exact_sum_add_product(sum, terms[i].value, terms[i].times);
    }
    exact_sum_add_all(sum, alone, singles);
    exact_sum_add_squares(sum, squared, squares);
}

START_TEST(sums_are_exact_in_any_order_and_cut)
{
    static struct term terms[MOST];
    uint64_t state = 5;
    mpfr_t exact;

    mpfr_init2(exact, ALL_BITS);
    for (size_t n = 0; n < times(600); n++) {
        const size_t count = draw_terms(terms, &state), pieces = 1 + random_below(&state, 5);
        struct exact_sum whole, piece[5];

        exact_sum_clear(&whole);
        mpfr_set_zero(exact, 1);
        for (size_t i = 0; i < count; i++) {
            add(&whole, &terms[i]);
            add_exactly(exact, &terms[i]);
        }
        check_value(&whole, exact);
        shuffle(terms, count, &state);
        for (size_t i = 0; i < pieces; i++)
            exact_sum_clear(&piece[i]);
        for (size_t i = 0; i < count; i++)
            add(&piece[random_below(&state, pieces)], &terms[i]);
        for (size_t i = 1; i < pieces; i++)
            exact_sum_merge(&piece[0], &piece[i]);
        check_value(&piece[0], exact);
        exact_sum_clear(&whole);
        add_together(&whole, terms, count);
        check_value(&whole, exact);
    }
    mpfr_clear(exact);
}
END_TEST

/* Four terms in each of their orders, cut at each place. */
static const double fours[][4] = {
    {1, 0x1p-53, 0x1p-1074, -0x1p-1074},
    {1, 0x1p-53, 0x1p-1074, 0},
    {DBL_MAX, DBL_MAX, -DBL_MAX, 0x1p970},
    {0x1p1023, 0x1p1023, -0x1p970, 1},
    {-1e16, -1, -1e-3, 1e16},
    {-1, 0, 0, 0},
    {-0x1p64, 0x1p-128, -0x1p-128, -0x1p64},
    {0x1.fffffffffffffp-1022, 0x1p-1074, -0x1p-1022, -0x1p-1074},
};

static void check_order(const double *terms, const int *order, mpfr_t exact)
{
    for (int cut = 0; cut <= 4; cut++) {
        struct exact_sum left, right;

        exact_sum_clear(&left);
        exact_sum_clear(&right);
        for (int i = 0; i < 4; i++)
            exact_sum_add(i < cut ? &left : &right, terms[order[i]]);
        exact_sum_merge(&left, &right);
        check_value(&left, exact);
    }
}

START_TEST(four_terms_in_every_order)
{
    mpfr_t exact;

    mpfr_init2(exact, ALL_BITS);
    for (size_t n = 0; n < COUNT(fours); n++) {
        mpfr_set_zero(exact, 1);
        for (int i = 0; i < 4; i++)
            mpfr_add_d(exact, exact, fours[n][i], MPFR_RNDN);
        for (int a = 0; a < 4; a++)
            for (int b = 0; b < 4; b++)
                for (int c = 0; c < 4; c++)
                    if (a != b && b != c && a != c)
                        check_order(fours[n], (int[]){a, b, c, 6 - a - b - c}, exact);
    }
    mpfr_clear(exact);
}
END_TEST

/* Carries, at both ends of the range and of either sign. */
START_TEST(many_equal_terms_are_exact)
{
    static const struct term equal[] = {{-DBL_MAX, DBL_MAX},
                                        {DBL_MAX, 1},
                                        {-0x1p-1074, 0x1p-1074},
                                        {-0x1.fffffffffffffp31, 1},
                                        {0x1.fffffffffffffp0, 0x1.fffffffffffffp0}};
    mpfr_t exact;

    mpfr_init2(exact, ALL_BITS);
    for (size_t n = 0; n < COUNT(equal); n++) {
        struct exact_sum sum, twice;

        exact_sum_clear(&sum);
        exact_sum_clear(&twice);
        for (int i = 0; i < 5000; i++)
            add(&sum, &equal[n]);
        mpfr_set_zero(exact, 1);
        add_exactly(exact, &equal[n]);
        mpfr_mul_ui(exact, exact, 5000, MPFR_RNDN);
        check_value(&sum, exact);
        for (int i = 0; i < 1000; i++)
            exact_sum_merge(&twice, &sum);
        mpfr_mul_ui(exact, exact, 1000, MPFR_RNDN);
        check_value(&twice, exact);
    }
    mpfr_clear(exact);
}
END_TEST

static const struct {
    double terms[3], sum; /* NAN: NaN */
} infinite[] = {
    {{1, INFINITY, -DBL_MAX}, INFINITY},
    {{-INFINITY, DBL_MAX, DBL_MAX}, -INFINITY},
    {{INFINITY, -INFINITY, 0}, NAN},
    {{NAN, 1, 2}, NAN},
    {{0, -0.0, 0}, 0},
};

START_TEST(infinities_are_counted_apart)
{
    for (size_t n = 0; n < COUNT(infinite); n++) {
        struct exact_sum sum, other;
        double got;

        exact_sum_clear(&sum);
        exact_sum_clear(&other);
        exact_sum_add(&sum, infinite[n].terms[0]);
        exact_sum_add(&other, infinite[n].terms[1]);
        exact_sum_add_product(&other, infinite[n].terms[2], 1);
        exact_sum_merge(&sum, &other);
        got = exact_sum_double(&sum);
        ck_assert_msg(isnan(infinite[n].sum) ? isnan(got) : got == infinite[n].sum, "%g", got);
        ck_assert(exact_sum_is_finite(&sum) == (infinite[n].sum == 0));
        ck_assert(isnan(got) || exact_sum_scaled(&sum).value == got);
        exact_sum_clear(&other);
        exact_sum_add_all(&other, infinite[n].terms, 3);
        ck_assert(memcmp(&got, &(double){exact_sum_double(&other)}, sizeof got) == 0
                  || (isnan(got) && isnan(exact_sum_double(&other))));
        exact_sum_clear(&other);
        exact_sum_add_squares(&other, infinite[n].terms, 3);
        ck_assert(exact_sum_is_finite(&other) == (infinite[n].sum == 0));
    }
}
END_TEST

/* Rounded sums are added again, with the exponents that they have. */
START_TEST(rounded_sums_add_up)
{
    static struct term terms[MOST];
    uint64_t state = 9;
    mpfr_t exact, part;

    mpfr_init2(exact, ALL_BITS);
    mpfr_init2(part, ALL_BITS);
    for (size_t n = 0; n < times(200); n++) {
        struct exact_sum sum;

        exact_sum_clear(&sum);
        mpfr_set_zero(exact, 1);
        for (int k = 0; k < 6; k++) {
            const size_t count = draw_terms(terms, &state);
            struct exact_sum some;
            struct scaled rounded;

            exact_sum_clear(&some);
            for (size_t i = 0; i < count; i++)
                add(&some, &terms[i]);
            rounded = exact_sum_scaled(&some);
            exact_sum_add_scaled(&sum, rounded);
            mpfr_set_d(part, rounded.value, MPFR_RNDN);
            mpfr_mul_2si(part, part, rounded.exponent, MPFR_RNDN);
            mpfr_add(exact, exact, part, MPFR_RNDN);
        }
        check_value(&sum, exact);
    }
    mpfr_clears(exact, part, (mpfr_ptr)NULL);
}
END_TEST

/* a b - c d of sums, times a count, against the same in MPFR. */
static void draw_sum(struct exact_number *number, mpfr_t exact, uint64_t *state)
{
    static struct term terms[MOST];
    const size_t count = draw_terms(terms, state);
    struct exact_sum sum;

    exact_sum_clear(&sum);
    mpfr_set_zero(exact, 1);
    for (size_t i = 0; i < count; i++) {
        add(&sum, &terms[i]);
        add_exactly(exact, &terms[i]);
    }
    exact_sum_number(&sum, number);
}

static void check_number(const struct exact_number *number, mpfr_t exact)
{
    const struct scaled got = exact_number_scaled(number);
    mpfr_t right, read;

    mpfr_inits2(53, right, read, (mpfr_ptr)NULL);
    mpfr_set(right, exact, MPFR_RNDN);
    mpfr_set_d(read, got.value, MPFR_RNDN);
    mpfr_mul_2si(read, read, got.exponent, MPFR_RNDN);
    ck_assert(mpfr_equal_p(right, read));
    ck_assert(exact_number_double(number) == mpfr_get_d(exact, MPFR_RNDN));
    mpfr_clears(right, read, (mpfr_ptr)NULL);
}

START_TEST(products_and_differences_are_exact)
{
    static struct exact_number number[4], left, right, difference;
    uint64_t state = 21;
    mpfr_t exact[4];

    for (int i = 0; i < 4; i++)
        mpfr_init2(exact[i], ALL_BITS);
    for (size_t n = 0; n < times(400); n++) {
        const uint64_t factor = random_bits(&state) >> random_below(&state, 64);
        const bool same = random_below(&state, 4) == 0;

        for (int i = 0; i < 4; i++)
            draw_sum(&number[i], exact[i], &state);
        if (same) { /* then the products differ by very little, or not at all */
            number[2] = number[0];
            mpfr_set(exact[2], exact[0], MPFR_RNDN);
        }
        exact_number_product(&left, &number[0], &number[1]);
        exact_number_product(&right, &number[2], &number[3]);
        exact_number_multiply(&left, factor);
        exact_number_difference(&difference, &left, &right);
        mpfr_mul(exact[0], exact[0], exact[1], MPFR_RNDN);
        mpfr_mul_z(exact[0], exact[0], (mpz_t){{1, factor != 0, (mp_limb_t[]){factor}}}, MPFR_RNDN);
        mpfr_mul(exact[2], exact[2], exact[3], MPFR_RNDN);
        check_number(&left, exact[0]);
        mpfr_sub(exact[0], exact[0], exact[2], MPFR_RNDN);
        check_number(&difference, exact[0]);
    }
    for (int i = 0; i < 4; i++)
        mpfr_clear(exact[i]);
}
END_TEST

/* What two scaled numbers give, each rounded once. */
static void check_scaled(struct scaled got, mpfr_t exact)
{
    mpfr_t read;

    mpfr_init2(read, 53);
    mpfr_set_d(read, got.value, MPFR_RNDN);
    mpfr_mul_2si(read, read, got.exponent, MPFR_RNDN);
    ck_assert_msg(mpfr_equal_p(read, exact), "%a * 2^%d", got.value, got.exponent);
    mpfr_clear(read);
}

static struct scaled draw_scaled(mpfr_t exact, uint64_t *state)
{
    const struct scaled drawn = scaled_make(
        any_double(state), random_below(state, 2) ? 0 : (int)random_below(state, 3000) - 1500);

    mpfr_set_d(exact, drawn.value, MPFR_RNDN);
    mpfr_mul_2si(exact, exact, drawn.exponent, MPFR_RNDN);
    return drawn;
}

START_TEST(scaled_numbers_round_once)
{
    uint64_t state = 31;
    mpfr_t x, y, result;

    mpfr_inits2(53, x, y, result, (mpfr_ptr)NULL);
    for (size_t n = 0; n < times(20000); n++) {
        const struct scaled a = draw_scaled(x, &state), b = draw_scaled(y, &state);

        mpfr_add(result, x, y, MPFR_RNDN);
        check_scaled(scaled_plus(a, b), result);
        mpfr_mul(result, x, y, MPFR_RNDN);
        check_scaled(scaled_times(a, b), result);
        if (mpfr_zero_p(y))
            continue;
        mpfr_div(result, x, y, MPFR_RNDN);
        check_scaled(scaled_over(a, b), result);
        mpfr_abs(y, y, MPFR_RNDN);
        mpfr_sqrt(result, y, MPFR_RNDN);
        check_scaled(scaled_root((struct scaled){fabs(b.value), b.exponent}), result);
    }
    mpfr_clears(x, y, result, (mpfr_ptr)NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {sums_are_exact_in_any_order_and_cut,
                                  four_terms_in_every_order,
                                  many_equal_terms_are_exact,
                                  infinities_are_counted_apart,
                                  rounded_sums_add_up,
                                  products_and_differences_are_exact,
                                  scaled_numbers_round_once,
                                  NULL};

    return suite_main("exact_sum", tests);
}
