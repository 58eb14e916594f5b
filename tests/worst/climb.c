/* climb.c - a seeded search for the worst candidates of a quantity. */
#include "tests/worst/climb.h"

#include "tests/worst/change.h"

#include <math.h>

/* ---- the worst ---- */

/* The place of a candidate from this start: that of an earlier one, a free one, or the last. */
static size_t place_of(struct worst *worst, size_t start, double error)
{
    size_t at = 0;

    while (at < worst->count && worst->found[at].start != start)
        at++;
    if (at == worst->count && at < KEPT) {
        worst->found[at].error = -1;
        worst->count++;
    }
    at = at < KEPT ? at : KEPT - 1;
    return worst->found[at].error < error ? at : KEPT;
}

static void keep(struct worst *worst, size_t start, double error, const struct candidate *candidate)
{
    static struct found kept;
    size_t at = place_of(worst, start, error);

    if (at == KEPT)
        return;
    for (; at > 0 && worst->found[at - 1].error < error; at--) {
        kept = worst->found[at - 1];
        worst->found[at] = kept;
    }
    worst->found[at].error = error;
    worst->found[at].start = start;
    candidate_copy(&worst->found[at].candidate, candidate);
}

/* ---- vectors ---- */

static FILE *vectors_open(const struct quantity *quantity, const char *mode)
{
    char path[128];

    snprintf(path, sizeof path, "tests/worst/vectors/%s.txt", quantity->name);
    return fopen(path, mode);
}

void vectors_read(const struct quantity *quantity, struct worst *worst)
{
    static char line[1 << 15];
    static struct candidate candidate;
    FILE *file = vectors_open(quantity, "r");

    worst->count = 0;
    for (size_t start = 1000; file && fgets(line, sizeof line, file); start++)
        if (candidate_read(&candidate, line))
            keep(worst, start, quantity_error(quantity, &candidate), &candidate);
    if (file)
        fclose(file);
}

bool vectors_write(const struct quantity *quantity, const struct worst *worst)
{
    FILE *file = vectors_open(quantity, "w");

    for (size_t i = 0; file && i < worst->count; i++)
        candidate_write(&worst->found[i].candidate, file);
    return file && fclose(file) == 0;
}

/* ---- the search ---- */

/* From a candidate on; what is found is kept under the number of the start. */
static void ascend(const struct quantity *quantity, struct candidate *best, size_t steps,
                   size_t start, struct draws *draws, struct worst *worst)
{
    static struct candidate next;
    double most = quantity_error(quantity, best);

    for (size_t i = 0; i < steps && most < HUGE_VAL; i++) {
        double error;

        candidate_copy(&next, best);
        change(&next, quantity->shape, draws);
        error = quantity_error(quantity, &next);
        if (error < most)
            continue;
        most = error;
        candidate_copy(best, &next);
    }
    keep(worst, start, most, best);
}

void climb(const struct quantity *quantity, const struct climb *how, struct worst *worst)
{
    const struct shape *shape = quantity->shape;
    struct draws draws = prng_make(how->seed);
    static struct candidate best;
    static struct worst before;

    before = *worst;
    for (size_t i = 0; i < before.count; i++)
        ascend(quantity, &before.found[i].candidate, how->steps, before.found[i].start, &draws,
               worst);
    for (size_t round = 0; round < how->rounds; round++) {
        for (size_t start = 0; shape->starts[start]; start++) {
            candidate_clear(&best);
            change_begin(&best, shape, &draws);
            shape->starts[start](&best, &draws);
            change_fit(&best, shape);
            ascend(quantity, &best, how->steps, start, &draws, worst);
        }
    }
}
