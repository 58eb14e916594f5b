/* real.h - exp, log, log1p and expm1.
 *
 * They give the same bits on every machine, because they use only operations that IEEE 754 rounds
 * exactly (+ - * / fma sqrt, and ldexp).  Those of the C library differ in the last bit between
 * versions and machines.  tests/unit/test_real.c has the largest errors, measured against MPFR. */
#ifndef CORE_REAL_H
#define CORE_REAL_H

double real_exp(double x);
double real_log(double x);   /* x < 0: NaN; 0: -inf */
double real_log1p(double x); /* x < -1: NaN; -1: -inf */
double real_expm1(double x);

#endif
