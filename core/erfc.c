/* erfc.c - the complementary error function.
 *
 * With x = sqrt(z), below z = 4 it is 1 - erf(x), of the series whose terms are all above 0
 * (Abramowitz and Stegun 7.1.6), in double-doubles:
 *
 *     erf(x) = 2 / sqrt(pi) x e^-z sum over k of (2 z)^k / (1 3 5 ... (2 k + 1))
 *
 * erfc(2) is 0.0047, so 1 - erf loses 8 of their bits.  From there on it is the continued fraction
 * (7.1.14), whose terms are all above 0, too:
 *
 *     erfc(x) = e^-z / sqrt(pi) / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...)))) */
#include "core/erfc.h"

#include "core/dd_real.h"

#define FAR 4.0        /* the fraction is taken from this z on ... */
#define FRACTION 80    /* ... and so many of its terms, of which the rest is below 2^-65 there */
#define FARTHEST 800.0 /* e^-z is below doubles */
#define SERIES 100     /* terms at most, of which the rest is below 2^-110 */
#define LEAST 0x1p-108

static const struct dd two_over_root_pi = {0x1.20dd750429b6dp+0, 0x1.1ae3a914fed8p-56};

#define ROOT_PI 0x1.c5bf891b4ef6bp+0

/* sqrt(z) by a step of Newton's method. */
static struct dd root_of(struct dd z)
{
    const double root = sqrt(z.hi);

    if (root == 0)
        return dd_of(0);
    return dd_sum_ordered(root, dd_sub(z, dd_product(root, root)).hi / (2 * root));
}

/* erf(sqrt(z)), z < 4. */
static struct dd erf_near(struct dd z)
{
    struct dd term = dd_of(1), sum = term;

    for (int k = 1; k < SERIES && term.hi > LEAST; k++) {
        term = dd_div_double(dd_mul(term, (struct dd){2 * z.hi, 2 * z.lo}), 2 * k + 1);
        sum = dd_add(sum, term);
    }
    sum = dd_mul(dd_mul(sum, root_of(z)), dd_exp(dd_neg(z)));
    return dd_mul(sum, two_over_root_pi);
}

double erfc_root(struct dd z)
{
    double x, fraction;
    struct dd power;
    int exponent;

    if (z.hi < FAR)
        return dd_add_double(dd_neg(erf_near(z)), 1).hi;
    if (z.hi > FARTHEST)
        return 0;
    x = fraction = sqrt(z.hi);
    for (int k = FRACTION; k > 0; k--)
        fraction = x + k / (2 * fraction);
    power = dd_exp_scaled(dd_neg(z), &exponent);
    return ldexp(power.hi / (ROOT_PI * fraction), exponent);
}
