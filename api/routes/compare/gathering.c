/* gathering.c - the columns of numbers of an objective's tokens. */
#include "api/routes/compare/gathering.h"

#include <math.h>
#include <string.h>

bool gathering_make(struct gathering *gathering, const struct pair *pairs, size_t count,
                    size_t tokens, struct arena *arena)
{
    *gathering = (struct gathering){
        .log_prob = {arena_new(arena, double, tokens), arena_new(arena, double, tokens)}};
    for (enum distance i = 0; i < DISTANCE_COUNT; i++)
        for (size_t k = 0; k < count && !gathering->distance[i]; k++) {
            if (!pair_measures(&pairs[k], i))
                continue;
            gathering->distance[i] = arena_new(arena, double, tokens);
            if (!gathering->distance[i])
                return false;
        }
    return gathering->log_prob[0] && gathering->log_prob[1];
}

static void gathering_clear(struct gathering *gathering)
{
    gathering->tokens = gathering->same_top = gathering->drafts = 0;
    gathering->other_drafts = false;
    memset(gathering->count, 0, sizeof gathering->count);
    moments_clear(&gathering->change);
    crossing_sums_clear(&gathering->crossing);
}

static void gather_token(struct gathering *gathering, const struct pair *pair, size_t token)
{
    const size_t at = gathering->tokens++;
    const double a = pair->model[0]->result.log_prob[token];
    const double b = pair->model[1]->result.log_prob[token];

    gathering->log_prob[0][at] = a;
    gathering->log_prob[1][at] = b;
    moments_add_dd(&gathering->change, comparison_change(a, b));
    for (enum distance i = 0; i < DISTANCE_COUNT; i++) {
        double value;

        if (pair_distance(pair, i, token, &value))
            gathering->distance[i][gathering->count[i]++] = value;
    }
    if (pair->row)
        gathering->same_top += pair->row[token].same_top;
    if (pair->above)
        crossing_sums_add(&gathering->crossing, &pair->more[token].crossing, b, pair->above[token]);
}

static void gather(struct gathering *gathering, const struct pair *pair, enum objective_id id)
{
    const size_t drafts = pair->asked.drafts;

    gathering->other_drafts |= drafts > 0 && gathering->drafts > 0 && drafts != gathering->drafts;
    gathering->drafts = drafts > 0 ? drafts : gathering->drafts;
    for (size_t token = 0; token < pair->model[0]->plan.length; token++)
        if (pair_has(pair, id, token))
            gather_token(gathering, pair, token);
}

/* A number, or none. */
static struct figure number(bool known, double value)
{
    return known && !isnan(value) ? (struct figure){true, value} : (struct figure){false, 0};
}

/* What is one number of all tokens. */
static void summarize(struct contrast *contrast, const struct gathering *gathering)
{
    const bool any = gathering->count[DISTANCE_CROSS_ENTROPY] > 0;
    const struct spread *acceptance = contrast->spread[DISTANCE_ACCEPTANCE];

    contrast->binoculars = number(any, crossing_binoculars(&gathering->crossing));
    contrast->discrepancy = number(any, crossing_discrepancy(&gathering->crossing));
    if (acceptance && acceptance->count > 0 && !gathering->other_drafts)
        contrast->expected_tokens =
            number(true, crossing_expected_tokens(acceptance->mean, gathering->drafts));
}

/* The standard error of a share: sqrt(p (1 - p) / (n - 1)). */
static void share(struct contrast *contrast, size_t rows)
{
    const double n = (double)rows, same = (double)contrast->same_top;

    contrast->same_top_share = (struct figure){rows > 0, same / (rows > 0 ? n : 1)};
    if (rows > 1) /* sqrt(p (1 - p) / (n - 1)), where nothing cancels */
        contrast->same_top_error = (struct figure){true, sqrt(same * (n - same) / (n - 1)) / n};
}

/* The spread of a column.  NULL: memory is used up. */
static struct spread *spread_new(const struct gathering *gathering, enum distance distance,
                                 struct arena *arena)
{
    struct spread *spread = arena_new(arena, struct spread, 1);

    if (spread)
        *spread = distance == DISTANCE_DELTA_P
                      ? spread_from(&gathering->change, gathering->distance[distance])
                      : spread_of(gathering->distance[distance], gathering->count[distance]);
    return spread;
}

/* Whether some pair that has the objective may have a distance. */
static bool is_measured(const struct pair *pairs, size_t count, enum objective_id id,
                        enum distance distance)
{
    for (size_t i = 0; i < count; i++)
        if ((pairs[i].objectives >> id & 1) && pair_measures(&pairs[i], distance))
            return true;
    return false;
}

bool gathering_contrast(struct gathering *gathering, const struct pair *pairs, size_t count,
                        enum objective_id id, struct contrast *contrast, struct arena *arena)
{
    gathering_clear(gathering);
    for (size_t i = 0; i < count; i++)
        if (pairs[i].objectives >> id & 1)
            gather(gathering, &pairs[i], id);
    contrast->tokens =
        comparison_of(gathering->log_prob[0], gathering->log_prob[1], gathering->tokens);
    for (enum distance i = 0; i < DISTANCE_COUNT; i++) {
        if (!is_measured(pairs, count, id, i))
            continue;
        contrast->spread[i] = spread_new(gathering, i, arena);
        if (!contrast->spread[i])
            return false;
    }
    contrast->same_top = gathering->same_top;
    share(contrast, gathering->count[DISTANCE_KL_AB]);
    summarize(contrast, gathering);
    return true;
}

void gathering_percentiles(const struct gathering *gathering, struct contrast *contrast)
{
    for (enum distance i = 0; i < DISTANCE_COUNT; i++)
        if (contrast->spread[i])
            spread_percentiles(contrast->spread[i], gathering->distance[i]);
}
