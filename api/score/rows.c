/* rows.c - scores sequences from the rows that they share. */
#include "api/score/rows.h"

#include "api/base/arena_error.h"
#include "api/plan/engine_output.h"
#include "api/score/early_rows.h"
#include "api/score/scorer.h"

static bool take(struct scorer *scorer, size_t index, const struct row *row, struct error *err)
{
    if (scorer_row(scorer, index, row, err))
        return true;
    return scorer->asker ? scorer_fail(scorer, err) : false;
}

static bool score_matrix(struct scorer *scorer, const struct model_output *output,
                         struct error *err)
{
    for (size_t index = 0; index < output->rows; index++) {
        const struct row row = engine_output_row(output, index);

        if (scorer_needs(scorer, index) && !take(scorer, index, &row, err))
            return false;
    }
    return true;
}

static bool score_kept(struct scorer *scorer, const struct model_output *output, struct error *err)
{
    for (size_t index = 0; index < output->rows; index++) {
        const struct row row =
            row_intake_row(&output->span->intake, index, output->width, output->dtype);

        if (scorer_needs(scorer, index) && !take(scorer, index, &row, err))
            return false;
    }
    return true;
}

/* Parse the kept text of the rows again, since it was parsed as another dtype. */
static bool score_again(struct scorer *scorer, const struct model_output *output, struct error *err)
{
    const struct strbuf *text = &output->span->text.text;
    struct arena *arena = &scorer->x->arena;
    struct chunk chunk = {
        .start = text->data, .at = text->data, .end = text->data + text->length, .last = true};
    struct row_numbers numbers;

    row_numbers_init(&numbers, scorer->x->api->reader, output->dtype, false, arena);
    numbers.out = arena_alloc(arena, output->width, dtype_size(output->dtype));
    if (!numbers.out)
        return arena_fail(arena, err);
    numbers.room = output->width;
    for (size_t index = 0; index < output->rows; index++) {
        const struct row row = {numbers.out, output->width, output->dtype};

        row_numbers_next(&numbers, &chunk);
        if (scorer_needs(scorer, index) && !take(scorer, index, &row, err))
            return false;
    }
    return true;
}

/* The rows cannot be read again. */
static bool fail_dtype(const struct plan *plan, const struct api *api, struct error *err)
{
    const bool late = member_offset(&plan->path, FIELD_dtype) > plan->output.span->offset;

    return member_fail(&plan->path, FIELD_dtype, NO_ELEMENT, late ? ERR_AFTER_LOGITS : ERR_CONFLICT,
                       err,
                       "%s logits, which were read as %s, and in a body of more than %zu bytes "
                       "(--max-kept-rows, at most an eighth of --max-request-memory) they are not "
                       "read twice: %s",
                       late ? "comes after" : "is not that of the shared",
                       dtype_name(plan->output.span->intake.dtype), body_text_most(api),
                       late ? "put logits last" : "give this sequence logits of its own");
}

bool rows_score(struct scored *const *sequences, size_t count, struct exchange *x,
                struct error *err)
{
    const struct plan *plan = &sequences[0]->plan;
    const struct model_output *output = &plan->output;
    struct scorer scorer;

    if (output->kind != OUTPUT_MATRIX && early_rows_of(output->span))
        return early_rows_finish(output->span, err);
    if (output->kind != OUTPUT_MATRIX && output->span->intake.dropped)
        return error_set(err, ERR_INTERNAL, "", "rows that a sequence needs were not kept");
    if (!scorer_init(&scorer, sequences, count, x, err))
        return false;
    if (output->kind == OUTPUT_MATRIX)
        return score_matrix(&scorer, output, err);
    if (output->kind == OUTPUT_ROWS && output->dtype != output->span->intake.dtype)
        return output->span->text.dropped ? fail_dtype(plan, x->api, err)
                                          : score_again(&scorer, output, err);
    return score_kept(&scorer, output, err);
}
