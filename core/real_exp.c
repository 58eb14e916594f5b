/* real_exp.c - exp, expm1. */
#include "core/real_exp.h"

#include "core/real.h"

double real_exp(double x)
{
    struct exp_power power;

    if (x != x)
        return x;
    if (x > 709.79)
        return HUGE_VAL;
    if (x < -745.14)
        return 0;
    power = exp_power_of(x);
    return ldexp(power.hi + fma(power.hi, power.p, power.lo), power.k);
}

double real_expm1(double x)
{
    if (fabs(x) < 0x1p-54)
        return x;
    if (!(x < 39)) /* 1 is below a sixteenth of the last bit; also NaN */
        return real_exp(x);
    return expm1_below_39(x);
}
