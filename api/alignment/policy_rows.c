/* policy_rows.c - the divergence of two policies over the vocabulary. */
#include "api/alignment/policy_rows.h"

#include "core/divergence.h"

#include "api/base/arena_error.h"
#include "api/plan/model_output.h"
#include "api/score/row_source.h"

/* The two sides of a ratio, p first. */
struct sides {
    const struct plan *plan[2];
    struct row_source source[2];
    struct exchange *x;
};

static struct row_stats reduce(const struct sides *sides, size_t side, const struct row *row)
{
    struct row_stats stats = {0};
    struct row_fault fault;

    /* It cannot fail: the row was scored. */
    sides->x->api->kernel->reduce(row, &sides->plan[side]->transform, 0, &stats, &fault);
    return stats;
}

/* KL(q || p) of a token. */
static double kl_of(const struct sides *sides, size_t token)
{
    struct row row[2];
    struct row_stats stats[2];
    struct side side[2];

    for (size_t i = 0; i < 2; i++) {
        row[i] = row_source_row(&sides->source[i], plan_row_of(sides->plan[i], token));
        stats[i] = reduce(sides, i, &row[i]);
        side[i] = (struct side){&row[i], &sides->plan[i]->transform, &stats[i]};
    }
    return divergence_of(&side[1], &side[0]).kl_ab;
}

static bool check_widths(const struct sides *sides)
{
    const struct plan *p = sides->plan[0], *q = sides->plan[1];

    return p->output.width == q->output.width
           || member_fail(&q->path, model_output_field(q), NO_ELEMENT, ERR_BAD_COUNT,
                          &sides->x->error,
                          "the vocabularies differ: %zu, and %zu of the other side",
                          q->output.width, p->output.width);
}

static bool charge(const struct sides *sides, size_t tokens)
{
    uint64_t each = 2 + WORK_DIVERGENCE;

    for (size_t i = 0; i < 2; i++)
        each += sides->plan[i]->transform.softcap > 0 ? 2 * WORK_SOFTCAP : 0;
    return work_charge_each(&sides->x->work, tokens, each * sides->plan[0]->output.width,
                            &sides->x->error);
}

static bool compare(struct batch_sequence *sequence, enum policy_ratio ratio, struct sides *sides)
{
    double *kl = arena_new(&sides->x->arena, double, sequence->length);

    if (!kl)
        return arena_fail(&sides->x->arena, &sides->x->error);
    sequence->kl[ratio] = kl;
    if (!check_widths(sides) || !charge(sides, sequence->tokens)
        || !row_source_open(&sides->source[0], sides->plan[0], sides->x)
        || !row_source_open(&sides->source[1], sides->plan[1], sides->x))
        return false;
    for (size_t token = 0; token < sequence->length; token++)
        if (sequence->in_y[token])
            kl[token] = kl_of(sides, token);
    return true;
}

bool policy_rows_compare(struct policy_batch *batch, struct exchange *x)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct batch_sequence *sequence = &batch->of[i];

        for (enum policy_ratio ratio = 0; ratio < RATIO_COUNT; ratio++) {
            const struct policy_ratio_info *info = policy_ratio_info(ratio);
            struct sides sides = {.x = x};

            if (!sequence->scored[info->p] || !sequence->scored[info->q])
                continue;
            sides.plan[0] = &sequence->scored[info->p]->plan;
            sides.plan[1] = &sequence->scored[info->q]->plan;
            if (plan_has_rows(sides.plan[0]) && plan_has_rows(sides.plan[1])
                && !compare(sequence, ratio, &sides))
                return false;
        }
    }
    return true;
}
