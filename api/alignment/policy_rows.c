/* policy_rows.c - the divergence of two policies over the vocabulary. */
#include "api/alignment/policy_rows.h"

#include "api/alignment/policy_kl.h"
#include "api/alignment/policy_stream.h"

#include "api/base/arena_error.h"
#include "api/plan/model_output.h"
#include "api/score/row_source.h"

/* The two sides of a ratio, p first. */
struct sides {
    const struct plan *plan[2];
    struct row_source source[2];
    struct exchange *x;
};

/* KL(q || p) of a token. */
static double kl_of(const struct sides *sides, size_t token)
{
    struct policy_row rows[2];

    for (size_t i = 0; i < 2; i++) {
        const struct plan *plan = sides->plan[i];

        rows[i] =
            (struct policy_row){row_source_row(&sides->source[i], plan_row_of(plan, token)), plan};
    }
    return policy_kl(sides->x->api->kernel, &rows[0], &rows[1]);
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

static bool compare(struct batch_sequence *sequence, enum policy_ratio ratio, struct sides *sides)
{
    double *kl = arena_new(&sides->x->arena, double, sequence->length);

    if (!kl)
        return arena_fail(&sides->x->arena, &sides->x->error);
    sequence->kl[ratio] = kl;
    if (!check_widths(sides)
        || !policy_kl_charge(sides->x, sequence->tokens, sides->plan[0], sides->plan[1])
        || !row_source_open(&sides->source[0], sides->plan[0], sides->x)
        || !row_source_open(&sides->source[1], sides->plan[1], sides->x))
        return false;
    for (size_t token = 0; token < sequence->length; token++)
        if (sequence->in_y[token])
            kl[token] = kl_of(sides, token);
    return true;
}

/* Take what was compared while rows arrived; of no token, and of an output and itself, it is 0. */
static bool take_streamed(struct batch_sequence *sequence, enum policy_ratio ratio,
                          const struct sides *sides)
{
    const struct policy_ratio_info *info = policy_ratio_info(ratio);
    const struct scored *p = sequence->scored[info->p], *q = sequence->scored[info->q];
    const bool is_zero = p == q || sequence->tokens == 0;
    struct exchange *x = sides->x;

    if (!check_widths(sides))
        return false;
    sequence->kl[ratio] =
        is_zero ? arena_new(&x->arena, double, sequence->length) : policy_stream_kl(p, q);
    if (sequence->kl[ratio])
        return true;
    return is_zero ? arena_fail(&x->arena, &x->error)
                   : error_set(&x->error, ERR_INTERNAL, "", "rows were let go, and not compared");
}

static bool was_streamed(const struct batch_sequence *sequence, enum policy_ratio ratio)
{
    const struct policy_ratio_info *info = policy_ratio_info(ratio);

    return policy_stream_took(sequence->scored[info->p])
           || policy_stream_took(sequence->scored[info->q]);
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
            if (!plan_has_rows(sides.plan[0]) || !plan_has_rows(sides.plan[1]))
                continue;
            if (!(was_streamed(sequence, ratio) ? take_streamed(sequence, ratio, &sides)
                                                : compare(sequence, ratio, &sides)))
                return false;
        }
    }
    return true;
}
