/* reductions.c - the different reductions that sequences need of the rows that they share. */
#include "api/score/reductions.h"

#include "core/heapsort.h"

#include "api/base/arena_error.h"
#include "api/plan/plan_temperatures.h"
#include "api/score/row_numbers.h"

/* What a plan needs for one of its transforms, as a sort key. */
struct asking {
    double temperature, softcap;
    struct sampling sampling;
    unsigned wants;
    size_t at; /* its place among all that is needed */
};

static struct asking asking_of(const struct plan *plan, size_t transform, size_t at)
{
    return (struct asking){
        transform == 0 ? plan->transform.temperature : plan->temperatures->different[transform],
        plan->transform.softcap, plan->sampling,
        transform == 0 ? loss_wants(&plan->loss) | row_numbers_want(plan->details) : 0, at};
}

static bool is_same(const struct asking *a, const struct asking *b)
{
    return a->temperature == b->temperature && a->softcap == b->softcap && a->wants == b->wants
           && sampling_is_same(&a->sampling, &b->sampling);
}

static bool is_less(const void *one, const void *other)
{
    const struct asking *a = one, *b = other;

    if (a->temperature != b->temperature)
        return a->temperature < b->temperature;
    if (a->softcap != b->softcap)
        return a->softcap < b->softcap;
    return a->wants != b->wants ? a->wants < b->wants
                                : sampling_is_less(&a->sampling, &b->sampling);
}

static size_t count_different(const struct asking *sorted, size_t count)
{
    size_t different = 1;

    for (size_t i = 1; i < count; i++)
        different += !is_same(&sorted[i - 1], &sorted[i]);
    return different;
}

static bool plans_are_same(const struct plan *a, const struct plan *b)
{
    if (plan_transforms(a) != plan_transforms(b))
        return false;
    for (size_t i = 0; i < plan_transforms(a); i++) {
        const struct asking of_a = asking_of(a, i, 0), of_b = asking_of(b, i, 0);

        if (!is_same(&of_a, &of_b))
            return false;
    }
    return true;
}

static bool are_all_same(struct scored *const *sequences, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (!plans_are_same(&sequences[0]->plan, &sequences[i]->plan))
            return false;
    return true;
}

static struct reduction reduction_for(const struct asking *asking)
{
    return (struct reduction){.transform = transform_make(asking->temperature, asking->softcap),
                              .sampling = asking->sampling,
                              .wants = asking->wants};
}

/* All that `count` sequences need.  NULL: memory is used up. */
static struct asking *list_askings(struct reductions *reductions, struct scored *const *sequences,
                                   size_t count, size_t total, struct arena *arena)
{
    struct asking *list = arena_new(arena, struct asking, total);
    size_t at = 0;

    for (size_t i = 0; list && i < count; i++) {
        const struct plan *plan = &sequences[i]->plan;

        if (reductions->first)
            reductions->first[i] = at;
        for (size_t k = 0; k < plan_transforms(plan); k++, at++)
            list[at] = asking_of(plan, k, at);
    }
    return list;
}

/* Find the reductions of `count` sequences that need `total`. */
static bool make_several(struct reductions *reductions, struct scored *const *sequences,
                         size_t count, size_t total, struct arena *arena)
{
    struct asking *sorted = list_askings(reductions, sequences, count, total, arena);
    size_t at = 0;

    reductions->of = arena_new(arena, size_t, total);
    if (!sorted || !reductions->of)
        return false;
    heapsort_entries(sorted, total, sizeof *sorted, is_less);
    reductions->list = arena_new(arena, struct reduction, count_different(sorted, total));
    for (size_t i = 0; reductions->list && i < total; i++) {
        if (i == 0 || !is_same(&sorted[i - 1], &sorted[i]))
            reductions->list[at++] = reduction_for(&sorted[i]);
        reductions->of[sorted[i].at] = at - 1;
    }
    return reductions->list != NULL;
}

bool reductions_make(struct reductions *reductions, struct scored *const *sequences, size_t count,
                     struct arena *arena, struct error *err)
{
    const size_t differ = are_all_same(sequences, count) ? 1 : count;
    size_t total = 0;

    *reductions = (struct reductions){0};
    for (size_t i = 0; i < differ; i++)
        total += plan_transforms(&sequences[i]->plan);
    if (total == 1) {
        const struct asking asking = asking_of(&sequences[0]->plan, 0, 0);

        reductions->only = reduction_for(&asking);
        return true;
    }
    if (differ > 1)
        reductions->first = arena_new(arena, size_t, count);
    return ((differ == 1 || reductions->first)
            && make_several(reductions, sequences, differ, total, arena))
           || arena_fail(arena, err);
}

bool reduction_run(struct reduction *reduction, const struct kernel *kernel, const struct row *row,
                   double *room, struct row_fault *fault)
{
    if (reduction_keeps(reduction))
        return kept_row_reduce(kernel, row, &reduction->transform, &reduction->sampling,
                               reduction->wants, room, &reduction->stats, fault);
    return kernel->reduce(row, &reduction->transform, reduction->wants, &reduction->stats, fault);
}
