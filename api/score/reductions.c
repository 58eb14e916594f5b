/* reductions.c - the different reductions that sequences need of the rows that they share. */
#include "api/score/reductions.h"

#include "api/base/arena_error.h"
#include "api/score/row_numbers.h"

/* What a plan needs, as a sort key. */
struct asking {
    double temperature, softcap;
    struct sampling sampling;
    unsigned wants;
    size_t plan;
};

static struct asking asking_of(const struct scored *scored, size_t index)
{
    return (struct asking){
        scored->plan.transform.temperature, scored->plan.transform.softcap, scored->plan.sampling,
        loss_wants(&scored->plan.loss) | row_numbers_want(scored->plan.details), index};
}

static bool is_same(const struct asking *a, const struct asking *b)
{
    return a->temperature == b->temperature && a->softcap == b->softcap && a->wants == b->wants
           && sampling_is_same(&a->sampling, &b->sampling);
}

static bool is_less(const struct asking *a, const struct asking *b)
{
    if (a->temperature != b->temperature)
        return a->temperature < b->temperature;
    if (a->softcap != b->softcap)
        return a->softcap < b->softcap;
    return a->wants != b->wants ? a->wants < b->wants
                                : sampling_is_less(&a->sampling, &b->sampling);
}

/* Move the entry at `i` down to its place in a max-heap. */
static void sink(struct asking *heap, size_t i, size_t count)
{
    const struct asking entry = heap[i];
    size_t child;

    for (; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && is_less(&heap[child], &heap[child + 1]))
            child++;
        if (!is_less(&entry, &heap[child]))
            break;
        heap[i] = heap[child];
    }
    heap[i] = entry;
}

static void sort(struct asking *list, size_t count)
{
    for (size_t i = count / 2; i > 0; i--)
        sink(list, i - 1, count);
    for (size_t end = count; end > 1; end--) {
        const struct asking largest = list[0];

        list[0] = list[end - 1];
        list[end - 1] = largest;
        sink(list, 0, end - 1);
    }
}

static size_t count_different(const struct asking *sorted, size_t count)
{
    size_t different = 1;

    for (size_t i = 1; i < count; i++)
        different += !is_same(&sorted[i - 1], &sorted[i]);
    return different;
}

static bool are_all_same(struct scored *const *sequences, size_t count)
{
    const struct asking first = asking_of(sequences[0], 0);

    for (size_t i = 1; i < count; i++) {
        const struct asking other = asking_of(sequences[i], i);

        if (!is_same(&first, &other))
            return false;
    }
    return true;
}

static struct reduction reduction_for(const struct scored *scored, const struct asking *asking)
{
    return (struct reduction){
        .transform = scored->plan.transform, .sampling = asking->sampling, .wants = asking->wants};
}

/* Find the reductions of plans that differ. */
static bool make_several(struct reductions *reductions, struct scored *const *sequences,
                         size_t count, struct arena *arena)
{
    struct asking *sorted = arena_new(arena, struct asking, count);
    size_t at = 0;

    reductions->of = arena_new(arena, size_t, count);
    if (!sorted || !reductions->of)
        return false;
    for (size_t i = 0; i < count; i++)
        sorted[i] = asking_of(sequences[i], i);
    sort(sorted, count);
    reductions->list = arena_new(arena, struct reduction, count_different(sorted, count));
    for (size_t i = 0; reductions->list && i < count; i++) {
        at += i > 0 && !is_same(&sorted[i - 1], &sorted[i]);
        reductions->list[at] = reduction_for(sequences[sorted[i].plan], &sorted[i]);
        reductions->of[sorted[i].plan] = at;
    }
    return reductions->list != NULL;
}

bool reductions_make(struct reductions *reductions, struct scored *const *sequences, size_t count,
                     struct arena *arena, struct error *err)
{
    struct asking first;

    *reductions = (struct reductions){0};
    if (!are_all_same(sequences, count))
        return make_several(reductions, sequences, count, arena) || arena_fail(arena, err);
    first = asking_of(sequences[0], 0);
    reductions->only = reduction_for(sequences[0], &first);
    return true;
}

bool reduction_run(struct reduction *reduction, const struct kernel *kernel, const struct row *row,
                   double *room, struct row_fault *fault)
{
    if (reduction_keeps(reduction))
        return kept_row_reduce(kernel, row, &reduction->transform, &reduction->sampling,
                               reduction->wants, room, &reduction->stats, fault);
    return kernel->reduce(row, &reduction->transform, reduction->wants, &reduction->stats, fault);
}
