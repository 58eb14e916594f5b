/* test_rows.c - the plain reader of numbers. */
#include "tests/unit/suite.h"

#include "api/rows.h"

#include <math.h>
#include <string.h>

/* ROWS_NONE as "-": what rows_check must find. */
static const struct {
    const char *text;
    bool good;
    size_t rows, width, ragged; /* good */
    size_t row, column;         /* not good: where */
    bool json;                  /* ... and whether it is JSON all the same */
} shapes[] = {
    {"[]", true, 0, 0, ROWS_NONE, 0, 0, false},
    {"[[1]]", true, 1, 1, ROWS_NONE, 0, 0, false},
    {" \n[ [ 1 , -2.5e+3 ] ,\t[ 0 , 0.125E-2 ] ] x", true, 2, 2, ROWS_NONE, 0, 0, false},
    {"[[NaN,Infinity,-Infinity]]", true, 1, 3, ROWS_NONE, 0, 0, false},
    {"[[1,2],[3]]", true, 2, 2, 1, 0, 0, false},
    {"[[],[]]", true, 2, 0, 0, 0, 0, false},
    {"[[1],[]]", true, 2, 1, 1, 0, 0, false},
    {"[1,2]", false, 0, 0, 0, 0, ROWS_NONE, true},
    {"[[1],2]", false, 0, 0, 0, 1, ROWS_NONE, true},
    {"[[1],null]", false, 0, 0, 0, 1, ROWS_NONE, true},
    {"[[1,\"2\"]]", false, 0, 0, 0, 0, 1, true},
    {"[[1,null]]", false, 0, 0, 0, 0, 1, true},
    {"[[[1]]]", false, 0, 0, 0, 0, 0, true},
    {"[[1,]]", false, 0, 0, 0, 0, 1, false},
    {"[[,1]]", false, 0, 0, 0, 0, 0, false},
    {"[[1 2]]", false, 0, 0, 0, 0, 0, false},
    {"[[01]]", false, 0, 0, 0, 0, 0, false},
    {"[[+1]]", false, 0, 0, 0, 0, 0, false},
    {"[[1.]]", false, 0, 0, 0, 0, 0, false},
    {"[[.5]]", false, 0, 0, 0, 0, 0, false},
    {"[[1e]]", false, 0, 0, 0, 0, 0, false},
    {"[[1e+]]", false, 0, 0, 0, 0, 0, false},
    {"[[-]]", false, 0, 0, 0, 0, 0, false},
    {"[[0x1]]", false, 0, 0, 0, 0, 0, false},
    {"[[inf]]", false, 0, 0, 0, 0, 0, false},
    {"[[nan]]", false, 0, 0, 0, 0, 0, true}, /* n might begin null */
    {"[[-NaN]]", false, 0, 0, 0, 0, 0, false},
    {"[[Infinit]]", false, 0, 0, 0, 0, 0, false},
    {"[[1],]", false, 0, 0, 0, 1, ROWS_NONE, false},
    {"[[1] [2]]", false, 0, 0, 0, ROWS_NONE, ROWS_NONE, false},
    {"[[1]", false, 0, 0, 0, ROWS_NONE, ROWS_NONE, false},
    {"[[1", false, 0, 0, 0, 0, 0, false},
    {"[", false, 0, 0, 0, 0, ROWS_NONE, false},
};

START_TEST(rows_are_checked)
{
    for (size_t i = 0; i < COUNT(shapes); i++) {
        const char *start = strchr(shapes[i].text, '['), *end;
        struct rows_shape shape;
        struct rows_fault fault;
        const bool good = rows_check(start, &end, &shape, &fault);

        ck_assert_msg(good == shapes[i].good, "%s", shapes[i].text);
        if (good) {
            ck_assert_msg(shape.rows == shapes[i].rows && shape.width == shapes[i].width
                              && shape.ragged == shapes[i].ragged && end[-1] == ']',
                          "%s", shapes[i].text);
        } else {
            ck_assert_msg(fault.row == shapes[i].row && fault.column == shapes[i].column
                              && fault.json == shapes[i].json,
                          "%s: %zu %zu", shapes[i].text, fault.row, fault.column);
        }
    }
}
END_TEST

/* Numbers are rounded once: the nearest float of the decimal, not of its nearest double. */
static const struct {
    const char *text;
    float single;
    double twice;
} numbers[] = {
    {"[[0.1]]", 0.1F, 0.1},
    {"[[-0]]", -0.0F, -0.0},
    {"[[1e-400]]", 0, 0},
    {"[[3.4028235e38]]", 0x1.fffffep127F, 3.4028235e38},
    {"[[1e39]]", INFINITY, 1e39},
    {"[[-1e39]]", -INFINITY, -1e39},
    {"[[-1e400]]", -INFINITY, -INFINITY},
    {"[[1.4e-45]]", 0x1p-149F, 1.4e-45},
    /* Halfway between two floats but for the 17th digit: the double in between would round down. */
    {"[[1.00000005960464477539062500001]]", 0x1.000002p0F, 0x1.000001p0},
    {"[[-Infinity]]", -INFINITY, -INFINITY},
};

START_TEST(numbers_are_rounded_once)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        float single;
        double twice;

        ck_assert_ptr_nonnull(rows_read_f32(numbers[i].text + 1, 1, &single));
        rows_read_f64(numbers[i].text + 1, 1, &twice);
        ck_assert_msg(memcmp(&single, &numbers[i].single, sizeof single) == 0, "%s",
                      numbers[i].text);
        ck_assert_msg(memcmp(&twice, &numbers[i].twice, sizeof twice) == 0, "%s", numbers[i].text);
    }
}
END_TEST

START_TEST(rows_are_read_in_order)
{
    const char *text = "[ [1, 2],\n [3 ,4] , [5,6]]";
    float row[2];
    const char *at = rows_read_f32(text + 1, 2, row);

    ck_assert(row[0] == 1 && row[1] == 2);
    at = rows_skip(at);
    rows_read_f32(at, 2, row);
    ck_assert(row[0] == 5 && row[1] == 6);
}
END_TEST

START_TEST(logprobs_take_null_and_quoted_infinity)
{
    const char *text = "[null, -0.5 ,\"-Infinity\",-Infinity,NaN]", *end;
    struct rows_shape shape;
    struct rows_fault fault;
    double value[5] = {0};
    bool null[5];

    ck_assert(logprobs_check(text, &end, &shape, &fault));
    ck_assert_uint_eq(shape.rows, 5);
    logprobs_read(text, 5, value, null);
    ck_assert(null[0] && !null[1] && value[1] == -0.5 && !null[4]);
    ck_assert(isinf(value[2]) && value[2] < 0 && isinf(value[3]) && value[3] < 0
              && isnan(value[4]));
    ck_assert(!logprobs_check("[\"Infinity\"]", &end, &shape, &fault));
    ck_assert(!logprobs_check("[[1]]", &end, &shape, &fault));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {rows_are_checked, numbers_are_rounded_once,
                                  rows_are_read_in_order, logprobs_take_null_and_quoted_infinity,
                                  NULL};

    return suite_main("rows", tests);
}
