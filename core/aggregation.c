/* aggregation.c - how the losses of tokens become the loss of a batch. */
#include "core/aggregation.h"

enum each { EACH_SUM, EACH_MEAN };
enum over { OVER_TOKENS, OVER_SEQUENCES };

static const struct {
    enum each each;
    enum over over;
    bool norm;
} rows[] = {
#define AGGREGATION(name, each, over, norm, formula, help) {EACH_##each, OVER_##over, norm},
#include "core/aggregations.def"
};

bool aggregation_needs_norm(enum aggregation aggregation)
{
    return rows[aggregation].norm;
}

void aggregate_add(struct aggregate *aggregate, enum aggregation aggregation,
                   const struct exact_sum *losses, size_t tokens)
{
    if (tokens == 0)
        return;
    aggregate->tokens += tokens;
    aggregate->sequences++;
    if (rows[aggregation].each == EACH_SUM)
        exact_sum_merge(&aggregate->sum, losses);
    else
        wide_add_to(&aggregate->sum, wide_mean(losses, tokens));
}

double aggregate_value(const struct aggregate *aggregate, enum aggregation aggregation, double norm)
{
    const bool of_tokens = rows[aggregation].over == OVER_TOKENS;
    const size_t count = of_tokens ? aggregate->tokens : aggregate->sequences;
    const struct wide value = wide_mean(&aggregate->sum, count);

    return wide_double(rows[aggregation].norm ? wide_over(value, wide_of(norm)) : value);
}
