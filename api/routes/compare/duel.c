/* duel.c - compares two models over all sequences of a request. */
#include "api/routes/compare/duel.h"

#include "core/moments.h"

#include "api/base/arena_error.h"
#include "api/routes/compare/pair_rows.h"
#include "api/routes/compare/pair_tokens.h"

#include <math.h>

/* The columns of numbers of an objective's tokens. */
struct gathering {
    size_t tokens, rows; /* number of tokens, and of tokens with both rows */
    size_t same_top;
    double *log_prob[2];
    double *distance[DISTANCE_COUNT];
    struct moments change; /* of DISTANCE_DELTA_P, before it is rounded */
};

static bool gathering_make(struct gathering *gathering, size_t tokens, struct arena *arena)
{
    double **columns[] = {&gathering->log_prob[0],
                          &gathering->log_prob[1],
                          &gathering->distance[DISTANCE_DELTA_P],
                          &gathering->distance[DISTANCE_KL_AB],
                          &gathering->distance[DISTANCE_KL_BA],
                          &gathering->distance[DISTANCE_JSD],
                          &gathering->distance[DISTANCE_TV]};

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        *columns[i] = arena_new(arena, double, tokens);
        if (!*columns[i])
            return false;
    }
    return true;
}

static void gather_row(struct gathering *gathering, const struct divergence *row)
{
    const size_t at = gathering->rows++;

    gathering->distance[DISTANCE_KL_AB][at] = row->kl_ab;
    gathering->distance[DISTANCE_KL_BA][at] = row->kl_ba;
    gathering->distance[DISTANCE_JSD][at] = row->jsd;
    gathering->distance[DISTANCE_TV][at] = row->total_variation;
    gathering->same_top += row->same_top;
}

static void gather(struct gathering *gathering, const struct pair *pair, enum objective_id id)
{
    for (size_t token = 0; token < pair->model[0]->plan.length; token++) {
        const size_t at = gathering->tokens;
        struct dd change;
        double a, b;

        if (!pair_has(pair, id, token))
            continue;
        a = gathering->log_prob[0][at] = pair->model[0]->result.log_prob[token];
        b = gathering->log_prob[1][at] = pair->model[1]->result.log_prob[token];
        change = comparison_change(a, b);
        gathering->distance[DISTANCE_DELTA_P][at] = change.hi;
        moments_add_dd(&gathering->change, change);
        gathering->tokens++;
        if (pair->row)
            gather_row(gathering, &pair->row[token]);
    }
}

/* The standard error of a share: sqrt(p (1 - p) / (n - 1)). */
static void share(struct contrast *contrast, size_t rows)
{
    const double n = (double)rows, same = (double)contrast->same_top;

    contrast->same_top_share = (struct figure){rows > 0, same / (rows > 0 ? n : 1)};
    if (rows > 1) /* sqrt(p (1 - p) / (n - 1)), where nothing cancels */
        contrast->same_top_error = (struct figure){true, sqrt(same * (n - same) / (n - 1)) / n};
}

/* Compare the tokens of pairs `first` up to `end`. */
static struct contrast contrast_of(const struct duel *duel, size_t first, size_t end,
                                   enum objective_id id, struct gathering *gathering)
{
    struct contrast contrast = {0};

    gathering->tokens = gathering->rows = gathering->same_top = 0;
    moments_clear(&gathering->change);
    for (size_t i = first; i < end; i++)
        gather(gathering, &duel->pairs[i], id);
    contrast.tokens =
        comparison_of(gathering->log_prob[0], gathering->log_prob[1], gathering->tokens);
    contrast.spread[DISTANCE_DELTA_P] =
        spread_from(&gathering->change, gathering->distance[DISTANCE_DELTA_P]);
    for (enum distance i = DISTANCE_KL_AB; i < DISTANCE_COUNT; i++)
        contrast.spread[i] = spread_of(gathering->distance[i], gathering->rows);
    contrast.same_top = gathering->same_top;
    share(&contrast, gathering->rows);
    return contrast;
}

/* Compare documents. */
static struct documents documents_of(const struct duel *duel, enum objective_id id)
{
    struct documents documents = {0};
    struct moments differences, pairs; /* the differences, and with numbers of tokens */
    struct scaled value = {0};
    double wins = 0;

    moments_clear(&differences);
    moments_clear(&pairs);

    for (size_t i = 0; i < duel->count; i++) {
        const struct comparison *comparison = &duel->pairs[i].contrast[id].tokens;
        double difference;

        if (!(duel->pairs[i].objectives >> id & 1))
            continue;
        difference = comparison->difference.known ? comparison->difference.value : (double)NAN;
        moments_add(&differences, difference);
        moments_add_pair(&pairs, (double)comparison->tokens, difference);
        wins += difference > 0 ? 1 : difference < 0 ? 0 : 0.5; /* both infinite: a tie */
    }
    documents.count = differences.count;
    documents.wins.known = documents.count > 0;
    documents.wins.value = wins / (double)(documents.count > 0 ? documents.count : 1);
    documents.mean.known = moments_mean(&differences, &value);
    documents.mean.value = scaled_double(value);
    documents.mean_error = figure_of(moments_error(&differences, &value), &value);
    documents.token_error = figure_of(moments_ratio_error(&pairs, &value), &value);
    return documents;
}

/* Make pairs: models a and b of a sequence follow each other in the scores. */
static bool pair_up(struct duel *duel, struct exchange *x)
{
    struct rows_met rows = {0};

    for (size_t i = 0; i < duel->count; i++) {
        const struct scored *a = duel->scores->sequences[2 * i];
        const struct scored *b = duel->scores->sequences[2 * i + 1];

        duel->pairs[i] =
            (struct pair){.model = {a, b}, .objectives = a->plan.objectives & b->plan.objectives};
        if (!pair_check_tokens(&duel->pairs[i], &x->error)
            || !pair_read_rows(&duel->pairs[i], &rows, x))
            return false;
    }
    return true;
}

static size_t token_count(const struct duel *duel)
{
    size_t count = 0;

    for (size_t i = 0; i < duel->count; i++)
        count += duel->pairs[i].model[0]->plan.length;
    return count;
}

bool duel_make(struct duel *duel, const struct scores *scores, struct exchange *x)
{
    struct arena *arena = &x->arena;
    const size_t count = scores->count / 2;
    struct gathering gathering;

    *duel = (struct duel){
        .scores = scores, .pairs = arena_new(arena, struct pair, count), .count = count};
    if (!duel->pairs)
        return arena_fail(arena, &x->error);
    if (!pair_up(duel, x))
        return false;
    if (!gathering_make(&gathering, token_count(duel), arena))
        return arena_fail(arena, &x->error);
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        for (size_t i = 0; i < count; i++)
            if (duel->pairs[i].objectives >> id & 1)
                duel->pairs[i].contrast[id] = contrast_of(duel, i, i + 1, id, &gathering);
        duel->documents[id] = documents_of(duel, id);
        if (duel->documents[id].count == 0)
            continue;
        duel->total[id] =
            count == 1 ? duel->pairs[0].contrast[id] : contrast_of(duel, 0, count, id, &gathering);
        for (enum distance i = 0; i < DISTANCE_COUNT; i++)
            spread_percentiles(&duel->total[id].spread[i], gathering.distance[i]);
    }
    return true;
}
