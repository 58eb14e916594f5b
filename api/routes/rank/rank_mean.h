/* rank_mean.h - writes the mean of a measure over questions. */
#ifndef API_ROUTES_RANK_RANK_MEAN_H
#define API_ROUTES_RANK_RANK_MEAN_H

#include "api/base/strbuf.h"

/* Write a member with the mean of `count` values and its standard error. */
void put_rank_mean(struct strbuf *text, const char *name, const double *values, size_t count);

#endif
