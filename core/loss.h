/* loss.h - the loss of one token, given its row. */
#ifndef CORE_LOSS_H
#define CORE_LOSS_H

#include "core/kernel.h"

enum smoothing {
#define SMOOTHING(id, name, formula, help) SMOOTHING_##id,
#include "core/smoothings.def"
    SMOOTHING_COUNT
};

struct loss_options {
    double label_smoothing; /* e, 0 <= e < 1; 0 skips the term */
    enum smoothing smoothing;
    double z_loss; /* >= 0, times lse^2; 0 skips the term */
};

/* The mask of enum row_want that loss_of() needs. */
unsigned loss_wants(const struct loss_options *options);

/* The loss of a token with that logit and -log p: with label smoothing, plus z_loss lse^2.  `width`
 * is V. */
double loss_of(const struct loss_options *options, const struct row_stats *stats,
               const struct transform *transform, size_t width, double logit, double nll);

#endif
