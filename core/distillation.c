/* distillation.c - how far a student is from its teacher at one position. */
#include "core/distillation.h"

#include "core/dd_real.h"
#include "core/skew.h"

/* The set S of a lesson. */
struct chosen {
    const struct lesson *lesson;
    const struct ranked *tokens; /* lesson->count of them */
    bool is_all;
    struct log_row part[2]; /* the rows on S, if their mass is not 0 */
    struct dd known_sum;    /* the same of a teacher whose best are known: ln(mass / the best) */
    struct dd mass[2], rest[2]; /* ln of the mass of S, and of the rest; -inf for none */
};

/* ---- masses ---- */

/* ln of the mass of a part of a row; -inf if there is none. */
static struct dd mass_of(const struct log_row *whole, struct token_set set, struct log_row *part)
{
    return log_row_make(part, whole->row, whole->top.transform, set) ? log_row_mass(whole, part)
                                                                     : dd_of(-HUGE_VAL);
}

/* The masses of a teacher whose best are known. */
static void weigh_known(struct chosen *chosen)
{
    const double best = chosen->tokens[0].logit;
    struct dd others = {0, 0}, rest;

    chosen->mass[SUPPORT_teacher] = chosen->rest[SUPPORT_teacher] = dd_of(-HUGE_VAL);
    if (isinf(best)) {
        chosen->rest[SUPPORT_teacher] = dd_of(0);
        return;
    }
    for (size_t i = 1; i < chosen->lesson->count; i++)
        others = dd_add(others, dd_exp(dd_sum(chosen->tokens[i].logit, -best)));
    chosen->known_sum = dd_log1p(others);
    chosen->mass[SUPPORT_teacher] = dd_add_double(chosen->known_sum, best);
    rest = dd_neg(dd_expm1(chosen->mass[SUPPORT_teacher]));
    if (rest.hi > 0)
        chosen->rest[SUPPORT_teacher] = dd_log(rest);
}

static void weigh(struct chosen *chosen)
{
    const struct lesson *lesson = chosen->lesson;
    struct log_row others;

    if (!lesson->teacher)
        weigh_known(chosen);
    for (size_t i = lesson->teacher ? SUPPORT_teacher : SUPPORT_student; i <= SUPPORT_student;
         i++) {
        const struct log_row *row = i == SUPPORT_teacher ? lesson->teacher : lesson->student;

        chosen->mass[i] = mass_of(row, (struct token_set){lesson->marks, true}, &chosen->part[i]);
        chosen->rest[i] = mass_of(row, (struct token_set){lesson->marks, false}, &others);
    }
}

static void mark(const struct chosen *chosen, bool value)
{
    for (size_t i = 0; i < chosen->lesson->count; i++)
        chosen->lesson->marks[chosen->tokens[i].token] = value;
}

/* The share of S among the likeliest of the other model. */
static double overlap_of(const struct chosen *chosen, size_t other)
{
    size_t both = 0;

    for (size_t i = 0; i < chosen->lesson->count; i++)
        both += chosen->lesson->marks[chosen->lesson->best[other][i].token];
    return (double)both / (double)chosen->lesson->count;
}

/* ---- divergences ---- */

static double of_all(const struct distillation *distillation, const struct lesson *lesson)
{
    struct skew skew;

    skew_init(&skew, distillation->beta, true);
    for (size_t token = 0; token < lesson->teacher->row->width; token++)
        skew_add(&skew, log_row_at(lesson->teacher, token), log_row_at(lesson->student, token));
    return skew_result(&skew);
}

/* ln of what a teacher whose best are known gives one of them. */
static struct dd known_log(const struct chosen *chosen, double log, bool renormalized)
{
    return renormalized && !isinf(log)
               ? dd_sub(dd_sum(log, -chosen->tokens[0].logit), chosen->known_sum)
               : dd_of(log);
}

/* ln of what the teacher or the student gives a token of S. */
static struct dd log_in(const struct chosen *chosen, size_t side, const struct ranked *token,
                        bool renormalized)
{
    const struct lesson *lesson = chosen->lesson;

    if (side == SUPPORT_teacher && !lesson->teacher)
        return known_log(chosen, token->logit, renormalized);
    if (renormalized)
        return log_row_at(&chosen->part[side], token->token);
    return log_row_at(side == SUPPORT_teacher ? lesson->teacher : lesson->student, token->token);
}

/* Whether what is summed has one sum on both sides.  What is known of a teacher may be above 1. */
static bool has_one_sum(const struct chosen *chosen, enum tail tail)
{
    return tail == TAIL_renormalize
           || (tail == TAIL_bucket
               && (chosen->lesson->teacher || chosen->mass[SUPPORT_teacher].hi <= 0));
}

static double of_chosen(const struct distillation *distillation, const struct chosen *chosen)
{
    const enum tail tail = chosen->is_all ? TAIL_drop : distillation->tail;
    const bool renormalized = tail == TAIL_renormalize;
    struct skew skew;

    if (renormalized
        && (isinf(chosen->mass[SUPPORT_teacher].hi) || isinf(chosen->mass[SUPPORT_student].hi)))
        return (double)NAN;
    skew_init(&skew, distillation->beta, has_one_sum(chosen, tail));
    for (size_t i = 0; i < chosen->lesson->count; i++)
        skew_add(&skew, log_in(chosen, SUPPORT_teacher, &chosen->tokens[i], renormalized),
                 log_in(chosen, SUPPORT_student, &chosen->tokens[i], renormalized));
    if (tail == TAIL_bucket)
        skew_add(&skew, chosen->rest[SUPPORT_teacher], chosen->rest[SUPPORT_student]);
    return skew_result(&skew);
}

static double share(const struct chosen *chosen, size_t side)
{
    return chosen->is_all ? 1 : dd_exp(chosen->mass[side]).hi;
}

static struct distilled of_best(const struct distillation *distillation,
                                const struct lesson *lesson)
{
    const size_t by = distillation->support;
    struct chosen chosen = {.lesson = lesson,
                            .tokens = lesson->best[by],
                            .is_all = lesson->count == lesson->student->row->width};
    struct distilled distilled;

    mark(&chosen, true);
    weigh(&chosen);
    distilled.overlap =
        overlap_of(&chosen, by == SUPPORT_teacher ? SUPPORT_student : SUPPORT_teacher);
    mark(&chosen, false);
    distilled.divergence = of_chosen(distillation, &chosen);
    distilled.teacher_mass = share(&chosen, SUPPORT_teacher);
    distilled.student_mass = share(&chosen, SUPPORT_student);
    return distilled;
}

struct distilled distillation_of(const struct distillation *distillation,
                                 const struct lesson *lesson)
{
    const bool is_full =
        lesson->teacher && (lesson->count == 0 || lesson->count == lesson->student->row->width);
    struct distilled distilled = is_full ? (struct distilled){of_all(distillation, lesson), 1, 1, 1}
                                         : of_best(distillation, lesson);

    distilled.divergence *= distillation->factor;
    distilled.divergence *= distillation->factor;
    return distilled;
}
