/* test_dtype.c - every 16-bit number, and a few others, widened. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/dtype.h"

/* IEEE 754's definition, term by term: (-1)^s * 2^(e - bias) * (1 + f). */
static double half_value(uint16_t bits, int exponent_bits)
{
    const int fraction_bits = 15 - exponent_bits, bias = (1 << (exponent_bits - 1)) - 1;
    const int exponent = bits >> fraction_bits & ((1 << exponent_bits) - 1);
    const double fraction = ldexp(bits & ((1 << fraction_bits) - 1), -fraction_bits);
    const double sign = bits >> 15 ? -1 : 1;

    if (exponent == (1 << exponent_bits) - 1)
        return fraction == 0 ? sign * INFINITY : NAN;
    return sign
           * (exponent == 0 ? ldexp(fraction, 1 - bias) : ldexp(1 + fraction, exponent - bias));
}

static void check_halves(enum dtype dtype, int exponent_bits)
{
    for (uint32_t bits = 0; bits <= UINT16_MAX; bits++) {
        const uint16_t half = (uint16_t)bits;
        const double right = half_value(half, exponent_bits);
        double got;

        dtype_widen(dtype, &half, 1, &got);
        ck_assert_msg(isnan(right) ? isnan(got) : memcmp(&got, &right, sizeof got) == 0, "%04x: %a",
                      bits, got);
    }
}

START_TEST(halves_are_widened_exactly)
{
    check_halves(DTYPE_F16, 5);
    check_halves(DTYPE_BF16, 8);
}
END_TEST

START_TEST(any_alignment_will_do)
{
    const float singles[2] = {0.1F, -3e38F};
    const double doubles[2] = {0.1, -1e308};
    char bytes[24];
    double out[2];

    memcpy(bytes + 1, singles, sizeof singles);
    dtype_widen(DTYPE_F32, bytes + 1, 2, out);
    ck_assert(out[0] == (double)0.1F && out[1] == (double)-3e38F);
    memcpy(bytes + 3, doubles, sizeof doubles);
    dtype_widen(DTYPE_F64, bytes + 3, 2, out);
    ck_assert(out[0] == 0.1 && out[1] == -1e308);
}
END_TEST

/* The names of others; DTYPE_COUNT: it is not read, and a word of the reason. */
static const struct {
    const char *name;
    enum dtype dtype;
    const char *reason;
} named[] = {
    {"float32", DTYPE_F32, NULL},
    {"torch.float", DTYPE_F32, NULL},
    {"<f4", DTYPE_F32, NULL},
    {"F32", DTYPE_F32, NULL},
    {"float64", DTYPE_F64, NULL},
    {"<f8", DTYPE_F64, NULL},
    {"torch.bfloat16", DTYPE_BF16, NULL},
    {"bfloat16", DTYPE_BF16, NULL},
    {"half", DTYPE_F16, NULL},
    {"<f2", DTYPE_F16, NULL},
    {">f4", DTYPE_COUNT, "big-endian"},
    {"float", DTYPE_COUNT, "float64 or float32"},
    {"float8_e4m3fn", DTYPE_COUNT, "8 bits"},
    {"int64", DTYPE_COUNT, "floating-point"},
    {"", DTYPE_COUNT, ""},
    {"f4", DTYPE_COUNT, ""},
};

START_TEST(names_of_others_are_found)
{
    for (size_t i = 0; i < COUNT(named); i++) {
        enum dtype found = DTYPE_COUNT;
        const bool known = dtype_find(named[i].name, &found);

        ck_assert_msg(known == (named[i].reason == NULL) && found == named[i].dtype, "%s",
                      named[i].name);
        ck_assert_msg(known || strstr(dtype_unread(named[i].name), named[i].reason), "%s",
                      named[i].name);
    }
    ck_assert(dtype_of_decimals("double") == DTYPE_F64 && dtype_of_decimals("f32") == DTYPE_F32
              && dtype_of_decimals(NULL) == DTYPE_F32);
}
END_TEST

START_TEST(names_are_found)
{
    for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        enum dtype found;

        ck_assert(dtype_find(dtype_name(dtype), &found) && found == dtype);
        ck_assert(dtype_size(dtype) == 8 || dtype_size(dtype) == 4 || dtype_size(dtype) == 2);
    }
    ck_assert(!dtype_find("f8", &(enum dtype){0}));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {halves_are_widened_exactly, any_alignment_will_do,
                                  names_are_found, names_of_others_are_found, NULL};

    return suite_main("dtype", tests);
}
