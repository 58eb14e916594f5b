/* meeting.c - what a request asks of the rows of a token beside their divergences. */
#include "api/routes/compare/meeting.h"

#include "api/base/arena_error.h"

enum { A, B };

bool meeting_room_fit(struct meeting_room *room, size_t width, struct arena *arena,
                      struct error *err)
{
    if (width <= room->width)
        return true;
    for (size_t i = 0; i < 2; i++)
        if (!room->best[i])
            room->best[i] = arena_new(arena, struct ranked, TOP_MAX);
    room->marks = arena_new(arena, bool, width);
    room->width = width;
    return (room->best[A] && room->best[B] && room->marks) || arena_fail(arena, err);
}

bool meeting_charge(const struct asked *asked, size_t width, size_t capped, struct work *work,
                    struct error *err)
{
    const size_t top = asked->distillation.top;
    uint64_t passes = 1, each = 0; /* the first is the sums of the rows */

    if (asked->distils)
        passes += top > 0 ? 2 : 1;
    if (asked->distils && top > 0)
        each = 2 * (1 + top / WORK_TOP);
    passes += asked->crosses ? 2 : 0;
    passes += asked->drafts > 0 ? 1 : 0;
    each += passes * (WORK_LOG_ROW + 2 * capped * WORK_SOFTCAP);
    return work_charge_each(work, width, each, err);
}

/* ---- distillation ---- */

/* Find the likeliest tokens of a row.  Returns their number. */
static size_t find_best(const struct row *row, size_t count, struct ranked *best,
                        const struct kernel *kernel)
{
    struct order order = {.count = count, .best = best};

    kernel->order(row, &order);
    return order.found;
}

static struct distilled distilled_of(const struct distillation *distillation,
                                     const struct log_row *a, const struct log_row *b,
                                     const struct meeting_room *room, const struct kernel *kernel)
{
    struct lesson lesson = {
        .teacher = a, .student = b, .best = {room->best[A], room->best[B]}, .marks = room->marks};

    if (distillation->top > 0) {
        lesson.count = find_best(a->row, distillation->top, room->best[A], kernel);
        find_best(b->row, distillation->top, room->best[B], kernel);
    }
    return distillation_of(distillation, &lesson);
}

struct distilled meeting_known(const struct distillation *distillation, const struct turned *b,
                               const struct meeting_room *room, const struct kernel *kernel)
{
    struct log_row student;
    struct lesson lesson = {.student = &student,
                            .best = {room->best[A], room->best[B]},
                            .count = distillation->top,
                            .marks = room->marks};

    log_row_make(&student, b->row, b->transform, (struct token_set){NULL, true});
    find_best(b->row, distillation->top, room->best[B], kernel);
    return distillation_of(distillation, &lesson);
}

struct meeting meeting_of(const struct asked *asked, const struct turned *a, const struct turned *b,
                          const struct meeting_room *room, const struct kernel *kernel)
{
    const struct token_set all = {NULL, true};
    struct meeting meeting = {.acceptance = 0};
    struct log_row row_a, row_b;

    log_row_make(&row_a, a->row, a->transform, all);
    log_row_make(&row_b, b->row, b->transform, all);
    if (asked->distils)
        meeting.distilled = distilled_of(&asked->distillation, &row_a, &row_b, room, kernel);
    if (asked->crosses)
        meeting.crossing = crossing_of(&row_a, &row_b);
    if (asked->drafts > 0)
        meeting.acceptance = crossing_acceptance(&row_a, &row_b);
    return meeting;
}
