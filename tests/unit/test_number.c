/* test_number.c - doubles as text: against Python's repr (data/doubles.py), and the fast way
 * against the plain one. */
#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include "api/base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

START_TEST(number_prints_as_ecmascript_does)
{
    FILE *file = fopen("tests/unit/data/doubles.txt", "r");
    char expected[64];
    uint64_t bits;
    size_t rows = 0;

    ck_assert_ptr_nonnull(file);
    while (fscanf(file, "%16" SCNx64 " %63s", &bits, expected) == 2) {
        char printed[NUMBER_MAX + 1];
        double value;

        memcpy(&value, &bits, sizeof value);
        printed[number_print(value, printed)] = '\0';
        ck_assert_str_eq(printed, expected);
        rows++;
    }
    fclose(file);
    ck_assert_uint_eq(rows, 4618); /* lines of the file */
}
END_TEST

/* Printed for the first time, and as what was printed before. */
static void check_same(double value)
{
    char fast[NUMBER_MAX + 1], again[NUMBER_MAX + 1], plain[NUMBER_MAX + 1];

    fast[number_print(value, fast)] = '\0';
    again[number_print(-value, again)] = '\0';
    again[number_print(value, again)] = '\0';
    plain[number_print_plain(value, plain)] = '\0';
    ck_assert_msg(strcmp(fast, plain) == 0, "%a: %s, plainly %s", value, fast, plain);
    ck_assert_msg(strcmp(again, plain) == 0, "%a: %s, plainly %s", value, again, plain);
}

/* A number and its neighbours. */
static void check_around(double value)
{
    check_same(value);
    check_same(nextafter(value, INFINITY));
    check_same(-nextafter(value, 0));
}

START_TEST(both_ways_agree_on_any_number)
{
    uint64_t state = 3;

    for (size_t i = 0; i < times(100000); i++) {
        const uint64_t bits = random_bits(&state);
        double value;

        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            check_same(value);
        check_same(-exp(40 * random_unit(&state) - 28)); /* log-probabilities */
        check_same(floor(1e6 * random_unit(&state)) / pow(10, (double)(i % 13))); /* short ones */
        check_same((double)(bits >> (i % 64)));
        check_same(ldexp((double)(bits >> 40), -(int)(i % 70)));
    }
}
END_TEST

START_TEST(both_ways_agree_around_powers)
{
    for (int e = -1074; e <= 1023; e++)
        check_around(ldexp(1, e));
    for (int e = -307; e <= 307; e++)
        for (int digit = 1; digit < 10; digit++)
            check_around(digit * pow(10, e));
    check_same(0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {number_prints_as_ecmascript_does, both_ways_agree_on_any_number,
                                  both_ways_agree_around_powers, NULL};

    return suite_main("number", tests);
}
