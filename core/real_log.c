/* real_log.c - log and log1p. */
#include "core/real_log.h"

#include "core/real.h"

double real_log(double x)
{
    if (x != x || x == HUGE_VAL)
        return x;
    if (x < 0)
        return (double)NAN;
    if (x == 0)
        return -HUGE_VAL;
    if (fabs(x - 1) < LOG_NEAR)
        return log_near_one(x - 1);
    if (x < 0x1p-1022)
        return log_table_sum(x * 0x1p54, 0, -54);
    return log_table_sum(x, 0, 0);
}

double real_log1p(double x)
{
    if (fabs(x) < 0x1p-54)
        return x;
    if (!(x > -1) || x == HUGE_VAL)
        return real_log(1 + x);
    return log1p_finite(x);
}
