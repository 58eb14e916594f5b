/* f_divergence.h - a log ratio as an f-divergence takes it (core/f_divergences.def). */
#ifndef CORE_F_DIVERGENCE_H
#define CORE_F_DIVERGENCE_H

#include "core/wide_real.h"

enum f_divergence {
#define F_DIVERGENCE(name, formula, help) F_##name,
#include "core/f_divergences.def"
    F_DIVERGENCE_COUNT
};

/* f(u), within 2^-62; `alpha` is for alpha_divergence. */
struct wide f_divergence_value(enum f_divergence f, double alpha, struct wide u);

/* f(u) - f(v), also where they are near each other: within 2^-62 of it, plus 2^-98 of u and v. */
struct wide f_divergence_difference(enum f_divergence f, double alpha, struct wide u,
                                    struct wide v);

#endif
