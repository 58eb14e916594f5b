/* duel.c - compares two models over all sequences of a request. */
#include "api/routes/compare/duel.h"

#include "core/moments.h"

#include "api/base/arena_error.h"
#include "api/routes/compare/gathering.h"
#include "api/routes/compare/pair_known.h"
#include "api/routes/compare/pair_tokens.h"

#include <math.h>

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
    struct asked_details details = {0};

    for (size_t i = 0; i < duel->count; i++) {
        const struct scored *a = duel->scores->sequences[2 * i];
        const struct scored *b = duel->scores->sequences[2 * i + 1];

        duel->pairs[i] =
            (struct pair){.model = {a, b}, .objectives = a->plan.objectives & b->plan.objectives};
        if (!pair_check_tokens(&duel->pairs[i], &x->error)
            || !asked_read(&duel->pairs[i].asked, &a->plan, &b->plan, &details, &x->error)
            || !pair_read_rows(&duel->pairs[i], &rows, x)
            || !pair_read_known(&duel->pairs[i], &rows, x))
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
    bool good = true;

    *duel = (struct duel){
        .scores = scores, .pairs = arena_new(arena, struct pair, count), .count = count};
    if (!duel->pairs)
        return arena_fail(arena, &x->error);
    if (!pair_up(duel, x))
        return false;
    if (!gathering_make(&gathering, duel->pairs, count, token_count(duel), arena))
        return arena_fail(arena, &x->error);
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++) {
        for (size_t i = 0; i < count; i++)
            if (duel->pairs[i].objectives >> id & 1)
                good &= gathering_contrast(&gathering, &duel->pairs[i], 1, id,
                                           &duel->pairs[i].contrast[id], arena);
        duel->documents[id] = documents_of(duel, id);
        if (duel->documents[id].count == 0)
            continue;
        good &= gathering_contrast(&gathering, duel->pairs, count, id, &duel->total[id], arena);
        gathering_percentiles(&gathering, &duel->total[id]);
    }
    return good || arena_fail(arena, &x->error);
}
