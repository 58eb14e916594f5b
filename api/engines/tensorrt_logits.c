/* tensorrt_logits.c - rows of logits in answers of TensorRT-LLM and Triton. */
#include "api/engines/tensorrt_logits.h"

#include "core/row.h"

#include "api/engines/engine_value.h"

/* ---- tensors ---- */

static bool find_logits(struct engine_answer *answer, const char *name,
                        struct tensorrt_logits *logits, struct error *err)
{
    bool of_choice;
    const json_t *value = engine_answer_array(answer, name, &of_choice),
                 *row = json_array_get(value, 0);

    *logits = (struct tensorrt_logits){.name = name,
                                       .list = engine_answer_list(answer, of_choice, name, NULL)};
    if (!value)
        return true;
    if (json_is_array(json_array_get(row, 0))) {
        if (json_array_size(value) != 1)
            return engine_answer_fail(answer, logits->list, 1, ERR_OUTPUTS, err,
                                      "%zu beams: there must be one", json_array_size(value));
        value = row;
        row = json_array_get(value, 0);
    }
    logits->rows = value;
    logits->flat = !json_is_array(row);
    logits->count = logits->flat ? 0 : json_array_size(value);
    logits->width = json_array_size(row);
    return true;
}

/* The width of `rows` rows that have so many numbers together.  0: it is not a whole number. */
static size_t width_for(size_t numbers, size_t rows)
{
    return rows > 0 && numbers % rows == 0 ? numbers / rows : 0;
}

static size_t width_of(const struct tensorrt_logits *flat, size_t rows)
{
    return width_for(json_array_size(flat->rows), rows);
}

static bool makes_rows(const struct tensorrt_logits *flat, size_t width)
{
    return width > 0 && json_array_size(flat->rows) % width == 0;
}

static size_t without(size_t length, size_t part)
{
    return length > part ? length - part : 0;
}

/* The width of the other tensor, or the one that follows from the number of tokens.  0: neither is
 * known. */
static size_t told_width(const struct engine_answer *answer, const struct tensorrt_logits *context,
                         const struct tensorrt_logits *generation,
                         const struct tensorrt_lengths *told)
{
    if (context->width > 0 || generation->width > 0)
        return context->width > 0 ? context->width : generation->width;
    if (context->rows && told->prompt != START_UNKNOWN)
        return width_of(context, without(told->prompt, answer->offset));
    if (generation->rows && told->generated != START_UNKNOWN)
        return width_of(generation, told->generated);
    if (!context->rows && told->prompt != START_UNKNOWN)
        return width_of(generation, without(answer->asked_count, told->prompt));
    return 0;
}

/* Whether the first row of generated tokens repeats the last row of the prompt, as it must. */
static bool repeats(const struct tensorrt_logits *context, const struct tensorrt_logits *generation,
                    size_t width)
{
    const size_t last = json_array_size(context->rows) - width;

    for (size_t i = 0; i < width; i++)
        if (!json_equal(json_array_get(context->rows, last + i),
                        json_array_get(generation->rows, i)))
            return false;
    return true;
}

/* The width, of two candidates, for which the first row of generated tokens repeats the last row of
 * the prompt.  0: none or both. */
static size_t repeated_width(const struct tensorrt_logits *context,
                             const struct tensorrt_logits *generation, const size_t widths[2])
{
    const bool first = repeats(context, generation, widths[0]);
    const bool second = repeats(context, generation, widths[1]);

    return first == second ? 0 : widths[second];
}

/* Guess the width if both tensors are flat, or only rows of the prompt are there.  The tokens of
 * the request may all belong to the prompt, or the last ones may be generated.  This gives two
 * candidates.  If both fit, the repeated row decides. */
static bool guess_width(const struct engine_answer *answer, const struct tensorrt_logits *context,
                        const struct tensorrt_logits *generation,
                        const struct tensorrt_lengths *told, size_t *width, struct error *err)
{
    const size_t rows = without(answer->asked_count, answer->offset);
    const size_t numbers = json_array_size(context->rows) + json_array_size(generation->rows);
    const size_t generated = told->generated == START_UNKNOWN ? rows : told->generated;
    const size_t candidates[] = {width_of(context, rows),
                                 generation->rows ? width_for(numbers, rows)
                                                  : width_of(context, without(rows, generated))};
    size_t fitting[2] = {0}, count = 0;

    for (size_t i = 0; i < 2; i++)
        if (makes_rows(context, candidates[i]) && makes_rows(generation, candidates[i])
            && candidates[i] != fitting[0])
            fitting[count++] = candidates[i];
    *width = fitting[0];
    if (count < 2)
        return true;
    *width = generation->rows ? repeated_width(context, generation, fitting) : 0;
    return *width > 0
           || engine_answer_fail(
               answer, NO_LIST, 0, ERR_BAD_COUNT, err,
               "%s is flat, and its %zu numbers may be rows of %zu or %zu logits: "
               "prompt_token_ids would tell",
               context->name, json_array_size(context->rows), fitting[0], fitting[1]);
}

/* Give a flat tensor its number of rows, now that the width is known. */
static bool settle(struct engine_answer *answer, struct tensorrt_logits *logits, size_t width,
                   struct error *err)
{
    const size_t numbers = json_array_size(logits->rows);

    if (logits->flat && !makes_rows(logits, width))
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                                  "%s is flat, and its %zu numbers make no rows %s", logits->name,
                                  numbers,
                                  width > 0 ? "as wide as those of the other logits"
                                            : "for these tokens: prompt_token_ids and token_ids "
                                              "tell how many there are");
    if (logits->flat) {
        logits->count = numbers / width;
        logits->width = width;
    }
    return !logits->rows || (logits->width >= 1 && logits->width <= ROW_MAX_WIDTH)
           || engine_answer_fail(answer, logits->list, 0, ERR_BAD_ROW, err,
                                 "a vocabulary of %zu is not in [1, %d]", logits->width,
                                 ROW_MAX_WIDTH);
}

bool tensorrt_find_logits(struct engine_answer *answer, struct tensorrt_logits *context,
                          struct tensorrt_logits *generation, const struct tensorrt_lengths *told,
                          struct error *err)
{
    size_t width;

    if (!find_logits(answer, "context_logits", context, err)
        || !find_logits(answer, "generation_logits", generation, err))
        return false;
    width = told_width(answer, context, generation, told);
    if (width == 0 && context->flat && told->prompt == START_UNKNOWN
        && (!generation->rows || told->generated == START_UNKNOWN)
        && !guess_width(answer, context, generation, told, &width, err))
        return false;
    if (!settle(answer, context, width, err) || !settle(answer, generation, width, err))
        return false;
    return !context->rows || !generation->rows || context->width == generation->width
           || engine_answer_fail(answer, generation->list, 0, ERR_BAD_ROW, err,
                                 "the row has %zu logits, those of context_logits have %zu",
                                 generation->width, context->width);
}

/* ---- rows ---- */

static void store(const struct engine_answer *answer, size_t at, double value)
{
    if (answer->dtype == DTYPE_F64)
        ((double *)answer->matrix)[at] = value;
    else
        ((float *)answer->matrix)[at] = (float)value;
}

bool tensorrt_copy_row(struct engine_answer *answer, const struct tensorrt_logits *logits,
                       size_t from, size_t to, struct error *err)
{
    const json_t *row = logits->flat ? logits->rows : json_array_get(logits->rows, from);
    const size_t skip = logits->flat ? from * logits->width : 0;

    if (!json_is_array(row))
        return engine_answer_fail(answer, logits->list, from, ERR_BAD_SHAPE, err,
                                  "must be a row, an array of numbers");
    if (!logits->flat && json_array_size(row) != logits->width)
        return engine_answer_fail(answer, logits->list, from, ERR_BAD_ROW, err,
                                  "the row has %zu logits, row 0 has %zu", json_array_size(row),
                                  logits->width);
    for (size_t i = 0; i < logits->width; i++) {
        double value;

        if (!json_number(json_array_get(row, skip + i), &value))
            return engine_answer_fail(answer, logits->list, from, ERR_BAD_SHAPE, err,
                                      "logit %zu is not a number", i);
        store(answer, to * logits->width + i, value);
    }
    return true;
}
