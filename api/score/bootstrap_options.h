/* bootstrap_options.h - what the member `bootstrap` asks for (core/statistics.h), and what it
 * costs. */
#ifndef API_SCORE_BOOTSTRAP_OPTIONS_H
#define API_SCORE_BOOTSTRAP_OPTIONS_H

#include "api/base/work.h"
#include "api/json/dom.h"
#include "core/statistics.h"

/* The most draws of one request: samples times what is drawn. */
#define BOOTSTRAP_MAX_DRAWS 10000000

/* The options of a value that is checked; NULL: the defaults. */
struct bootstrap bootstrap_read(const json_t *value);

/* Whether `count` of `what` may be drawn so often.  False with *err set. */
bool bootstrap_check(const struct bootstrap *bootstrap, size_t count, const char *what,
                     struct error *err);

/* Charge the draws from `count`, and the sorting of the replicates of each statistic.  False with
 * *err set. */
bool bootstrap_charge(const struct bootstrap *bootstrap, size_t count, size_t statistics,
                      struct work *work, struct error *err);

#endif
