/* log_row.c - the log-probabilities of a row as double-doubles. */
#include "core/log_row.h"

#include "core/dd_real.h"

static bool set_has(struct token_set set, size_t token)
{
    return !set.marks || set.marks[token] == set.value;
}

/* The first token of the set with the largest logit.  False: all are masked. */
static bool find_top(const struct row *row, struct token_set set, double *max, size_t *argmax)
{
    *max = -HUGE_VAL;
    for (size_t token = 0; token < row->width; token++) {
        const double logit = row_logit(row, token);

        if (!set_has(set, token) || !(logit > *max))
            continue;
        *max = logit;
        *argmax = token;
    }
    return *max > -HUGE_VAL;
}

static struct dd rest_of(const struct log_row *log_row, struct token_set set)
{
    struct dd rest = {0, 0};

    for (size_t token = 0; token < log_row->row->width; token++) {
        struct dd distance;

        if (token == log_row->argmax || !set_has(set, token))
            continue;
        distance = log_row_distance(log_row, row_logit(log_row->row, token));
        rest = dd_add(rest, dd_exp(dd_neg(distance)));
    }
    return rest;
}

bool log_row_make(struct log_row *log_row, const struct row *row, const struct transform *transform,
                  struct token_set set)
{
    double max;
    size_t argmax = 0;

    if (!find_top(row, set, &max, &argmax))
        return false;
    *log_row =
        (struct log_row){.row = row, .top = reference_make(transform, max), .argmax = argmax};
    log_row->log_sum = dd_log1p(rest_of(log_row, set));
    return true;
}

struct dd log_row_distance(const struct log_row *log_row, double logit)
{
    return logit == -HUGE_VAL ? dd_of(HUGE_VAL) : reference_distance(&log_row->top, logit);
}

static struct dd log_of(const struct log_row *log_row, double logit)
{
    const struct dd distance = log_row_distance(log_row, logit);

    return isinf(distance.hi) ? dd_of(-distance.hi) : dd_neg(dd_add(distance, log_row->log_sum));
}

struct dd log_row_at(const struct log_row *log_row, size_t token)
{
    return log_of(log_row, row_logit(log_row->row, token));
}

struct dd log_row_mass(const struct log_row *whole, const struct log_row *part)
{
    const struct dd top = log_of(whole, part->top.logit);

    return isinf(top.hi) ? top : dd_add(top, part->log_sum);
}
