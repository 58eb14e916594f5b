/* test_number.c - doubles as text, against Python's repr (data/numbers.py). */
#include "tests/unit/suite.h"

#include "api/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

START_TEST(number_prints_as_ecmascript_does)
{
    FILE *file = fopen("tests/unit/data/numbers.txt", "r");
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
    ck_assert_uint_gt(rows, 4000);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {number_prints_as_ecmascript_does, NULL};

    return suite_main("number", tests);
}
