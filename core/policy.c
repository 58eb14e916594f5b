/* policy.c - the clipped surrogate, which most objectives of policies share. */
#include "core/policy.h"

struct policy_bounds policy_bounds_of(double low, double high, double dual)
{
    return (struct policy_bounds){low, high, dual, wide_of_dd(dd_sum(1, -low)),
                                  wide_of_dd(dd_sum(1, high))};
}

struct wide policy_clip(struct wide ratio, const struct policy_bounds *bounds, unsigned *marks)
{
    const bool below = wide_compare(ratio, bounds->least) == -1;
    const bool above = !below && wide_compare(ratio, bounds->most) == 1;

    *marks = below ? MARK_LOW : above ? MARK_HIGH : 0;
    return below ? bounds->least : above ? bounds->most : ratio;
}

/* The larger loss is that of the ratio itself where A and the bound that it is beyond have opposite
 * signs: so only the other bound is looked at. */
struct policy_term policy_clipped(const struct policy_token *token,
                                  const struct policy_bounds *bounds)
{
    const double advantage = token->advantage;
    struct wide factor = token->ratio;
    unsigned marks = 0;
    const struct wide clipped = policy_clip(factor, bounds, &marks);

    marks &= advantage < 0 ? MARK_LOW : advantage > 0 ? MARK_HIGH : 0;
    if (marks != 0)
        factor = clipped;
    if (advantage < 0 && bounds->dual < HUGE_VAL
        && wide_compare(factor, wide_of(bounds->dual)) == 1) {
        factor = wide_of(bounds->dual);
        marks |= MARK_DUAL;
    }
    return (struct policy_term){wide_times(wide_of(-advantage), factor), marks};
}
