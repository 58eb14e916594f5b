/* narrow.c - a double as a logit of any dtype. */
#include "tests/worst/narrow.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* An IEEE 754 number of 16 bits with so many of them for the fraction. */
static uint16_t half_of(double value, int fraction_bits)
{
    const int bias = (1 << (14 - fraction_bits)) - 1;
    const uint16_t sign = signbit(value) ? 0x8000 : 0;
    const uint16_t infinite = (uint16_t)((2 * bias + 1) << fraction_bits);
    double fraction;
    int exponent;

    if (value == 0 || isinf(value))
        return sign | (value == 0 ? 0 : infinite);
    fraction = 2 * frexp(fabs(value), &exponent); /* 1 <= fraction < 2 */
    exponent--;
    if (exponent > bias)
        return (uint16_t)(sign | (infinite - 1));
    if (exponent < 1 - bias) { /* subnormal */
        fraction = ldexp(fraction, exponent + bias - 1);
        exponent = 1 - bias;
    }
    return (uint16_t)(sign + (uint16_t)ldexp(fraction, fraction_bits)
                      + ((exponent + bias - 1) << fraction_bits));
}

static float single_of(double value)
{
    const float nearest = (float)value;

    return isinf(nearest) && isfinite(value) ? copysignf(0x1.fffffep127F, nearest) : nearest;
}

void narrow(enum dtype dtype, double value, char *out)
{
    const float single = single_of(value);
    const uint16_t half = half_of(value, dtype == DTYPE_F16 ? 10 : 7);

    if (dtype == DTYPE_F64)
        memcpy(out, &value, sizeof value);
    else if (dtype == DTYPE_F32)
        memcpy(out, &single, sizeof single);
    else
        memcpy(out, &half, sizeof half);
}
