/* test_loss.c - smoothing and z-loss, by definition and against public numbers. */
#include "tests/unit/exact.h"
#include "tests/unit/suite.h"

#include "core/kernels.h"
#include "core/loss.h"
#include "core/registry.h"

#include "tests/unit/data/vectors.h"

/* The loss as its definition says: a sum over the whole spread target. */
static double by_definition(enum smoothing smoothing, double e, const double *logits, size_t width,
                            size_t target)
{
    double lse = 0, loss = 0, entropy = 0;

    for (size_t c = 0; c < width; c++)
        lse += exp(logits[c]);
    lse = log(lse);
    for (size_t c = 0; c < width; c++) {
        const double spread =
            smoothing == SMOOTHING_ALL ? e / (double)width : e / (double)(width - 1);
        const double q = c != target ? spread : smoothing == SMOOTHING_ALL ? 1 - e + spread : 1 - e;

        loss += q * (lse - logits[c]);
        entropy -= q * log(q);
    }
    return smoothing == SMOOTHING_OTHERS_MINUS_ENTROPY ? loss - entropy : loss;
}

static double loss_for(const struct loss_options *options, const double *logits, size_t width,
                       size_t target)
{
    const struct row row = {logits, width, DTYPE_F64};
    const struct transform transform = transform_make(1, 0);
    struct row_stats stats;
    struct row_fault fault;

    ck_assert(
        kernel_find(0, "scalar")->reduce(&row, &transform, loss_wants(options), &stats, &fault));
    return loss_of(options, &stats, &transform, width, logits[target],
                   row_nll(&stats, &transform, logits[target]));
}

START_TEST(smoothing_is_its_definition)
{
    uint64_t state = 5;
    double logits[40];

    for (int n = 0; n < 600; n++) {
        const size_t width = 2 + random_bits(&state) % 38, target = random_bits(&state) % width;
        const enum smoothing smoothing = (enum smoothing)(n % SMOOTHING_COUNT);
        const struct loss_options options = {0.01 + 0.9 * random_unit(&state), smoothing, 0};
        double right, got;

        for (size_t c = 0; c < width; c++)
            logits[c] = 4 * random_normal(&state);
        right = by_definition(smoothing, options.label_smoothing, logits, width, target);
        got = loss_for(&options, logits, width, target);
        ck_assert_msg(fabs(got - right) <= 1e-12 * (1 + fabs(right)), "%s: %.17g %.17g",
                      registry_name(REGISTRY_smoothings, smoothing), got, right);
    }
}
END_TEST

START_TEST(z_loss_is_the_square_of_the_normaliser)
{
    const double logits[] = {1, 2, 3};
    const struct loss_options options = {0, SMOOTHING_ALL, 0.5};
    const double lse = log(exp(1) + exp(2) + exp(3));

    ck_assert(fabs(loss_for(&options, logits, 3, 2) - (lse - 3 + 0.5 * lse * lse)) < 1e-14);
}
END_TEST

static const struct {
    double e;
    enum smoothing smoothing;
    double logits[3];
    size_t width, target;
    double loss;
} edges[] = {
    {0, SMOOTHING_ALL, {0, -INFINITY, 0}, 3, 0, 0.6931471805599453}, /* 0 skips the term */
    {0.1, SMOOTHING_ALL, {0, -INFINITY, 0}, 3, 0, INFINITY},
    {0.1, SMOOTHING_OTHERS, {0, 0, -INFINITY}, 3, 2, INFINITY},
    {0.1, SMOOTHING_OTHERS, {7}, 1, 0, 0},
    {0.1, SMOOTHING_ALL, {7}, 1, 0, 0},
    {0.1, SMOOTHING_OTHERS_MINUS_ENTROPY, {7}, 1, 0, 0},
};

START_TEST(edges_are_right)
{
    for (size_t i = 0; i < COUNT(edges); i++) {
        const struct loss_options options = {edges[i].e, edges[i].smoothing, 0};

        ck_assert_msg(loss_for(&options, edges[i].logits, edges[i].width, edges[i].target)
                          == edges[i].loss,
                      "row %zu", i);
    }
}
END_TEST

static double mean_loss(const struct vector_case *c)
{
    const struct loss_options options = {c->label_smoothing, SMOOTHING_ALL, 0};
    double sum = 0;

    for (size_t r = 0; r < c->rows; r++)
        sum += loss_for(&options, vector_logits + c->logits + r * c->width, c->width,
                        vector_targets[c->targets + r]);
    return sum / (double)c->rows;
}

/* Numbers from the tests of public projects (data/vectors.py), as torch gives them in float64: it
 * rounds at the size of the logits. */
START_TEST(public_cross_entropies)
{
    for (size_t i = 0; i < COUNT(vector_cases); i++) {
        const struct vector_case *c = &vector_cases[i];
        const double got = mean_loss(c);

        ck_assert_msg(fabs(got - c->loss) <= 1e-12 * fabs(c->loss) + 1e-14, "%s: %.17g, not %.17g",
                      c->source, got, c->loss);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {smoothing_is_its_definition,
                                  z_loss_is_the_square_of_the_normaliser, edges_are_right,
                                  public_cross_entropies, NULL};

    return suite_main("loss", tests);
}
