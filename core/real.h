/* real.h - exp, log, log1p, expm1 and tanh of our own.
 *
 * The C library's differ in the last bit between versions and machines; these give the same bits
 * everywhere, because they use only what IEEE 754 rounds exactly (+ - * / fma sqrt, and ldexp).
 * Largest errors, against MPFR, are stated and tested (tests/unit/test_real.c). */
#ifndef CORE_REAL_H
#define CORE_REAL_H

double real_exp(double x);
double real_log(double x);   /* x < 0: NaN; 0: -inf */
double real_log1p(double x); /* x < -1: NaN; -1: -inf */
double real_expm1(double x);
double real_tanh(double x);

#endif
