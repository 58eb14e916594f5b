/* pair.c - compares two models over the tokens of one sequence. */
#include "api/routes/compare/pair.h"

const char *distance_name(enum distance distance)
{
    static const char *const names[] = {
#define DISTANCE(id, name) name,
#include "api/routes/compare/distances.def"
    };

    return names[distance];
}

bool pair_has(const struct pair *pair, enum objective_id id, size_t token)
{
    const struct scored *a = pair->model[0], *b = pair->model[1];

    return (pair->objectives >> id & 1) && b->plan.needed[token]
           && scored_has(a, objective_at(id), token);
}

bool pair_compares(const struct pair *pair, size_t token)
{
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        if (pair_has(pair, id, token))
            return true;
    return false;
}

bool pair_measures(const struct pair *pair, enum distance distance)
{
    const struct asked *asked = &pair->asked;

    switch (distance) {
    case DISTANCE_DELTA_P:
        return true;
    case DISTANCE_DIVERGENCE:
        return asked->distils;
    case DISTANCE_TEACHER_MASS:
    case DISTANCE_STUDENT_MASS:
    case DISTANCE_OVERLAP:
        return asked->distils && (asked->distillation.top > 0 || asked->likeliest);
    case DISTANCE_CROSS_ENTROPY:
        return asked->crosses;
    case DISTANCE_ACCEPTANCE:
        return asked->drafts > 0;
    default:
        return pair->row != NULL;
    }
}

static double change_of(const struct pair *pair, size_t token)
{
    return comparison_change(pair->model[0]->result.log_prob[token],
                             pair->model[1]->result.log_prob[token])
        .hi;
}

/* Of a distance that the token has. */
static double distance_of(const struct pair *pair, enum distance distance, size_t token)
{
    switch (distance) {
    case DISTANCE_KL_AB:
        return pair->row[token].kl_ab;
    case DISTANCE_KL_BA:
        return pair->row[token].kl_ba;
    case DISTANCE_JSD:
        return pair->row[token].jsd;
    case DISTANCE_TV:
        return pair->row[token].total_variation;
    case DISTANCE_DIVERGENCE:
        return pair->more[token].distilled.divergence;
    case DISTANCE_TEACHER_MASS:
        return pair->more[token].distilled.teacher_mass;
    case DISTANCE_STUDENT_MASS:
        return pair->more[token].distilled.student_mass;
    case DISTANCE_OVERLAP:
        return pair->more[token].distilled.overlap;
    case DISTANCE_CROSS_ENTROPY:
        return pair->more[token].crossing.cross_entropy;
    case DISTANCE_ACCEPTANCE:
        return pair->more[token].acceptance;
    default:
        return change_of(pair, token);
    }
}

bool pair_distance(const struct pair *pair, enum distance distance, size_t token, double *value)
{
    const bool taught = !pair->taught || pair->taught[token];

    if (!pair_measures(pair, distance) || (distance >= DISTANCE_DIVERGENCE && !taught))
        return false;
    *value = distance_of(pair, distance, token);
    return true;
}
