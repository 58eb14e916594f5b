/* mcnemar.c - two models over the same questions. */
#include "core/mcnemar.h"

#include "core/dd.h"
#include "core/erfc.h"

#include <stdint.h>

#define LARGE 0x1p300
#define LARGE_EXPONENT 300
#define NEGLIGIBLE 0x1p-80

/* C(n, k) 2^-n, k <= n / 2, is the result times 2^*exponent: the product of (n - k + j) / j over j
 * = 1 ... k, each step within 5 u^2. */
static struct dd largest_term(size_t n, size_t k, int *exponent)
{
    struct dd term = dd_of(1);

    *exponent = -(int)n;
    for (size_t j = 1; j <= k; j++) {
        term = dd_div_double(dd_mul_double(term, (double)(n - k + j)), (double)j);
        if (term.hi < LARGE)
            continue;
        term = dd_scale(term, -LARGE_EXPONENT);
        *exponent += LARGE_EXPONENT;
    }
    return term;
}

/* The sum of C(n, i) over i = 0 ... k, k < n / 2, over C(n, k).  Each term is i / (n - i + 1) < 1
 * of the one before it. */
static struct dd tail_of(size_t n, size_t k)
{
    struct dd term = dd_of(1), sum = term;

    for (size_t i = k; i > 0 && term.hi > NEGLIGIBLE; i--) {
        term = dd_div_double(dd_mul_double(term, (double)i), (double)(n - i + 1));
        sum = dd_add(sum, term);
    }
    return sum;
}

static double exact_of(size_t n, size_t k)
{
    struct dd product;
    int exponent;

    if (2 * k + 1 >= n) /* half of all or more */
        return 1;
    product = largest_term(n, k, &exponent);
    product = dd_mul(product, tail_of(n, k));
    return ldexp(product.hi, exponent + 1);
}

static size_t apart(const struct outcomes *outcomes)
{
    return outcomes->only_a > outcomes->only_b ? outcomes->only_a - outcomes->only_b
                                               : outcomes->only_b - outcomes->only_a;
}

struct mcnemar mcnemar_of(const struct outcomes *outcomes)
{
    const size_t a = outcomes->only_a, b = outcomes->only_b, far = apart(outcomes);
    const double corrected = far > 1 ? (double)(far - 1) : 0;
    struct dd statistic;

    if (a + b == 0)
        return (struct mcnemar){.exact = 1, .statistic = 0, .corrected = 1};
    statistic = dd_div_double(dd_product(corrected, corrected), (double)(a + b));
    return (struct mcnemar){
        .exact = exact_of(a + b, a < b ? a : b),
        .statistic = statistic.hi,
        .corrected = erfc_root((struct dd){statistic.hi / 2, statistic.lo / 2}),
    };
}

static size_t count_of(const struct outcomes *outcomes)
{
    return outcomes->both + outcomes->only_a + outcomes->only_b + outcomes->neither;
}

double outcomes_difference(const struct outcomes *outcomes)
{
    const double difference = (double)outcomes->only_b - (double)outcomes->only_a;
    const size_t n = count_of(outcomes);

    return n == 0 ? 0 : difference / (double)n;
}

/* The squares of the differences sum up to the questions where only one model is right. */
bool outcomes_error(const struct outcomes *outcomes, double *error)
{
    const uint64_t n = count_of(outcomes), far = apart(outcomes);
    const uint64_t centred = n * (outcomes->only_a + outcomes->only_b) - far * far;

    if (n < 2)
        return false;
    *error = sqrt((double)centred / (double)(n - 1)) / (double)n;
    return true;
}
