/* f_divergence.c - a log ratio as an f-divergence takes it.
 *
 * A difference f(u) - f(v) is computed from u - v where |u - v| is below 1, because there f(u) and
 * f(v) may have many leading digits in common. */
#include "core/f_divergence.h"

#include "core/logistic.h"

typedef struct wide f_value_f(struct wide alpha, struct wide u);
/* Of u and apart = u - v. */
typedef struct wide f_near_f(struct wide alpha, struct wide u, struct wide apart);

static bool is_near(struct wide apart)
{
    return wide_less(apart, wide_of(1)) && wide_less(wide_of(-1), apart);
}

/* ---- reverse_kl: u ---- */

static struct wide f_reverse_kl_value(struct wide alpha, struct wide u)
{
    (void)alpha;
    return u;
}

static struct wide f_reverse_kl_near(struct wide alpha, struct wide u, struct wide apart)
{
    (void)alpha;
    (void)u;
    return apart;
}

/* ---- forward_kl: -e^-u ---- */

static struct wide f_forward_kl_value(struct wide alpha, struct wide u)
{
    (void)alpha;
    return wide_neg(wide_exp_of(wide_neg(u)));
}

/* e^-v - e^-u = e^-u (e^(u - v) - 1) */
static struct wide f_forward_kl_near(struct wide alpha, struct wide u, struct wide apart)
{
    (void)alpha;
    return wide_times(wide_exp_of(wide_neg(u)), wide_expm1(apart));
}

/* ---- js_divergence: log sigma(u) ---- */

static struct wide f_js_divergence_value(struct wide alpha, struct wide u)
{
    (void)alpha;
    return log_sigmoid(u);
}

/* log((1 + e^-v) / (1 + e^-u)), and (1 + e^-v) / (1 + e^-u) = 1 + sigma(-u) (e^(u - v) - 1) */
static struct wide f_js_divergence_near(struct wide alpha, struct wide u, struct wide apart)
{
    (void)alpha;
    return wide_log1p(wide_times(sigmoid(wide_neg(u)), wide_expm1(apart)));
}

/* ---- alpha_divergence: e^((alpha - 1) u) / (alpha - 1) ---- */

static struct wide f_alpha_divergence_value(struct wide alpha, struct wide u)
{
    const struct wide power = wide_minus(alpha, wide_of(1));

    return wide_sign(power) == 0 ? u : wide_over(wide_exp_of(wide_times(power, u)), power);
}

/* e^((alpha - 1) u) (1 - e^(-(alpha - 1) (u - v))) / (alpha - 1) */
static struct wide f_alpha_divergence_near(struct wide alpha, struct wide u, struct wide apart)
{
    const struct wide power = wide_minus(alpha, wide_of(1));
    const struct wide back = wide_neg(wide_times(power, apart));

    if (wide_sign(power) == 0)
        return apart;
    if (!is_near(back))
        return wide_minus(f_alpha_divergence_value(alpha, u),
                          f_alpha_divergence_value(alpha, wide_minus(u, apart)));
    return wide_neg(
        wide_over(wide_times(wide_exp_of(wide_times(power, u)), wide_expm1(back)), power));
}

static const struct {
    f_value_f *value;
    f_near_f *near;
} functions[] = {
#define F_DIVERGENCE(name, formula, help) {f_##name##_value, f_##name##_near},
#include "core/f_divergences.def"
};

struct wide f_divergence_value(enum f_divergence f, double alpha, struct wide u)
{
    return functions[f].value(wide_of(alpha), u);
}

struct wide f_divergence_difference(enum f_divergence f, double alpha, struct wide u, struct wide v)
{
    const struct wide apart = wide_minus(u, v);

    if (is_near(apart))
        return functions[f].near(wide_of(alpha), u, apart);
    return wide_minus(f_divergence_value(f, alpha, u), f_divergence_value(f, alpha, v));
}
