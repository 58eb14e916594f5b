/* pair_known.c - distils a student from a teacher of whom the likeliest tokens are given. */
#include "api/routes/compare/pair_known.h"

#include "api/base/arena_error.h"
#include "api/score/row_source.h"

#include <stdio.h>
#include <string.h>

/* What all tokens of a pair share. */
struct lessons {
    struct pair *pair;
    struct meeting_room *room;
    struct row_source student;
    struct exchange *x;
};

/* Record a fault of the id of a listed token. */
static bool fail_id(const struct lessons *lessons, size_t entry, size_t index, const char *detail)
{
    struct error *err = &lessons->x->error;
    size_t length;

    member_fail(&lessons->pair->model[0]->plan.path, FIELD_top_logprobs, entry, ERR_OUT_OF_RANGE,
                err, "%s", detail);
    length = strlen(err->pointer);
    snprintf(err->pointer + length, sizeof err->pointer - length, "/%zu/0", index);
    return false;
}

/* Read the best tokens of an entry.  Each must be in the vocabulary, and listed once. */
static bool read_entry(const struct lessons *lessons, size_t entry, const json_t *listed)
{
    const struct meeting_room *room = lessons->room;
    const size_t count = lessons->pair->asked.distillation.top;
    const size_t width = lessons->pair->model[1]->plan.output.width;
    size_t read = 0;
    const char *fault = NULL;

    while (read < count) {
        const json_t *likely = json_array_get(listed, read);
        const json_int_t id = json_integer_value(json_array_get(likely, 0));
        const json_t *log_prob = json_array_get(likely, 1);

        fault = (size_t)id >= width       ? "is not below the vocabulary of the student"
                : room->marks[(size_t)id] ? "is listed twice"
                                          : NULL;
        if (fault)
            break;
        room->marks[(size_t)id] = true;
        room->best[0][read++] = (struct ranked){
            (size_t)id, json_is_string(log_prob) ? -HUGE_VAL : json_number_value(log_prob)};
    }
    for (size_t i = 0; i < read; i++)
        room->marks[room->best[0][i].token] = false;
    return !fault || fail_id(lessons, entry, read, fault);
}

static bool charge(const struct lessons *lessons)
{
    const struct plan *b = &lessons->pair->model[1]->plan;
    struct work *work = &lessons->x->work;
    struct error *err = &lessons->x->error;

    return meeting_charge(&lessons->pair->asked, b->output.width, b->transform.softcap > 0, work,
                          err)
           && work_charge_each(work, lessons->pair->asked.distillation.top, WORK_TOKEN, err);
}

static bool teach(const struct lessons *lessons, size_t token, size_t entry)
{
    struct pair *pair = lessons->pair;
    const struct plan *b = &pair->model[1]->plan;
    const json_t *listed = json_array_get(pair->asked.likeliest, entry);
    const struct row row = row_source_row(&lessons->student, plan_row_of(b, token));
    const struct turned turned = {&row, &b->transform};

    if (json_is_null(listed))
        return true;
    if (!charge(lessons) || !read_entry(lessons, entry, listed))
        return false;
    pair->more[token].distilled =
        meeting_known(&pair->asked.distillation, &turned, lessons->room, lessons->x->api->kernel);
    pair->taught[token] = true;
    return true;
}

static bool teach_all(const struct lessons *lessons)
{
    const struct plan *a = &lessons->pair->model[0]->plan;
    size_t entry = a->completion_only ? 0 : a->pad_before;

    for (size_t token = 0; token < a->length; token++) {
        if (a->completion_only && a->segment[token] != SEGMENT_COMPLETION)
            continue;
        if (pair_compares(lessons->pair, token) && !teach(lessons, token, entry))
            return false;
        entry++;
    }
    return true;
}

bool pair_read_known(struct pair *pair, struct rows_met *rows, struct exchange *x)
{
    const struct plan *b = &pair->model[1]->plan;
    struct lessons lessons = {.pair = pair, .room = &rows->room, .x = x};

    if (!pair->asked.distils || !pair->asked.likeliest)
        return true;
    pair->more = arena_new(&x->arena, struct meeting, b->length);
    pair->taught = arena_new(&x->arena, bool, b->length);
    if (!pair->more || !pair->taught)
        return arena_fail(&x->arena, &x->error);
    return meeting_room_fit(&rows->room, b->output.width, &x->arena, &x->error)
           && row_source_open(&lessons.student, b, x) && teach_all(&lessons);
}
