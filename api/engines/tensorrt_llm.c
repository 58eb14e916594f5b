/* tensorrt_llm.c - TensorRT-LLM: its server (choices[]), its Python objects (outputs[]), and
 * Triton's flat answers.
 *
 * context_logits: row t is the distribution of token t+1.  generation_logits: row t is that of
 * generated token t; after context_logits it repeats nothing but the first.  prompt_logprobs: entry
 * t is about token t+1 (so the last one is about the first generated token); `logprobs` and
 * output_log_probs: entry t is about generated token t.  Triton sends a tensor flat, or with
 * a dimension for beams, of which there must be one; 0 (or zeros) where it was not asked to compute
 * it.  With reuse of KV-cache blocks there are fewer rows than tokens: `offset` then says how many
 * lack. */
#include "core/row.h"

#include "api/base/arena_error.h"
#include "api/engines/engine_common.h"

/* A list of the answer, or else of the response. */
static json_t *find(const struct engine_answer *answer, const char *path, bool *of_choice)
{
    json_t *value = json_list(answer->choice, path);
    bool unused = false;

    of_choice = of_choice ? of_choice : &unused;
    *of_choice = value != NULL;
    value = value ? value : json_list(answer->response, path);
    return json_array_size(value) > 0 ? value : NULL;
}

static bool has_logits(json_t *object)
{
    return json_object_get(object, "context_logits") || json_object_get(object, "generation_logits")
           || json_object_get(object, "output_log_probs");
}

static bool detect(json_t *response)
{
    const char *const lists[] = {"choices", "outputs"};

    if (has_logits(response))
        return true;
    for (size_t i = 0; i < 2; i++) {
        json_t *answer = json_array_get(json_object_get(response, lists[i]), 0);
        const json_t *first = json_array_get(json_object_get(answer, "prompt_logprobs"), 0);

        if (has_logits(answer) || (first && !json_is_null(first)))
            return true;
    }
    return false;
}

/* ---- how many tokens ---- */

/* As far as the answer tells; START_UNKNOWN: not. */
struct lengths {
    size_t prompt, generated;
    const char *list; /* whose length is that of what was generated */
};

/* One beam, or what has no dimension of beams. */
static const json_t *only_beam(const json_t *list)
{
    const json_t *beam = json_array_get(list, 0);

    return json_is_array(beam) && json_array_size(list) == 1 ? beam : list;
}

static void tell_generated(const struct engine_answer *answer, struct lengths *told)
{
    static const char *const lists[] = {"token_ids", "generation_logits", "logprobs",
                                        "logprobs/token_logprobs", "output_log_probs"};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const json_t *list = find(answer, lists[i], NULL), *beam = only_beam(list);

        /* Where logits are flat, other lists must tell. */
        if (!list || (i == 1 && !json_is_array(json_array_get(beam, 0))))
            continue;
        told->generated = json_array_size(beam);
        told->list = lists[i];
        return;
    }
}

static struct lengths told_lengths(const struct engine_answer *answer)
{
    const json_t *ids = find(answer, "prompt_token_ids", NULL);
    struct lengths told = {ids ? json_array_size(ids) : told_usage(answer, "prompt_tokens"),
                           START_UNKNOWN, "generation_logits"};

    tell_generated(answer, &told);
    return told;
}

/* Tokens of the prompt: told, or all of those asked about where the list of the prompt has `listed`
 * entries, as many (what was generated then goes on behind them), or else what is left of them. */
static size_t prompt_length(const struct engine_answer *answer, const struct lengths *told,
                            size_t generated, size_t listed)
{
    const size_t asked = answer->asked_count;

    if (told->prompt != START_UNKNOWN)
        return told->prompt;
    if (listed == asked || generated == START_UNKNOWN)
        return asked;
    return asked > generated ? asked - generated : 0;
}

/* ---- tensors ---- */

/* An array of rows, in one dimension more (a single beam), or flat. */
struct tensor {
    const char *name;
    const json_t *rows; /* arrays of numbers; where flat, of the numbers themselves; NULL: none */
    bool flat;
    size_t count, width; /* where flat, not known before settle() */
    size_t list;
};

static bool find_tensor(struct engine_answer *answer, const char *name, struct tensor *tensor,
                        struct error *err)
{
    bool of_choice;
    const json_t *value = find(answer, name, &of_choice), *row = json_array_get(value, 0);

    *tensor =
        (struct tensor){.name = name, .list = engine_answer_list(answer, of_choice, name, NULL)};
    if (!value)
        return true;
    if (json_is_array(json_array_get(row, 0))) {
        if (json_array_size(value) != 1)
            return engine_answer_fail(answer, tensor->list, 1, ERR_OUTPUTS, err,
                                      "%zu beams: there must be one", json_array_size(value));
        value = row;
        row = json_array_get(value, 0);
    }
    tensor->rows = value;
    tensor->flat = !json_is_array(row);
    tensor->count = tensor->flat ? 0 : json_array_size(value);
    tensor->width = json_array_size(row);
    return true;
}

/* How wide rows are that so many numbers make; 0: they would not be whole. */
static size_t width_for(size_t numbers, size_t rows)
{
    return rows > 0 && numbers % rows == 0 ? numbers / rows : 0;
}

static size_t width_of(const struct tensor *flat, size_t rows)
{
    return width_for(json_array_size(flat->rows), rows);
}

static bool makes_rows(const struct tensor *flat, size_t width)
{
    return width > 0 && json_array_size(flat->rows) % width == 0;
}

static size_t without(size_t length, size_t part)
{
    return length > part ? length - part : 0;
}

/* The width that the other tensor has, or that the number of tokens gives; 0: neither is told. */
static size_t told_width(const struct engine_answer *answer, const struct tensor *context,
                         const struct tensor *generation, const struct lengths *told)
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

/* Whether the first row of what was generated repeats the last one of the prompt, as it must. */
static bool repeats(const struct tensor *context, const struct tensor *generation, size_t width)
{
    const size_t last = json_array_size(context->rows) - width;

    for (size_t i = 0; i < width; i++)
        if (!json_equal(json_array_get(context->rows, last + i),
                        json_array_get(generation->rows, i)))
            return false;
    return true;
}

/* The width for which the first row of what was generated repeats the last one of the prompt,
 * where that tells one of two; 0 else. */
static size_t repeated_width(const struct tensor *context, const struct tensor *generation,
                             const size_t widths[2])
{
    const bool first = repeats(context, generation, widths[0]);
    const bool second = repeats(context, generation, widths[1]);

    return first == second ? 0 : widths[second];
}

/* Both tensors are flat, or there are only rows of the prompt.  The tokens asked about may all be
 * of the prompt, or the last ones generated: of these two widths one must do. */
static bool guess_width(const struct engine_answer *answer, const struct tensor *context,
                        const struct tensor *generation, const struct lengths *told, size_t *width,
                        struct error *err)
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

/* Now that the width is known, a flat tensor has rows like the others. */
static bool settle(struct engine_answer *answer, struct tensor *tensor, size_t width,
                   struct error *err)
{
    const size_t numbers = json_array_size(tensor->rows);

    if (tensor->flat && !makes_rows(tensor, width))
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                                  "%s is flat, and its %zu numbers make no rows %s", tensor->name,
                                  numbers,
                                  width > 0 ? "as wide as those of the other logits"
                                            : "for these tokens: prompt_token_ids and token_ids "
                                              "tell how many there are");
    if (tensor->flat) {
        tensor->count = numbers / width;
        tensor->width = width;
    }
    return !tensor->rows || (tensor->width >= 1 && tensor->width <= ROW_MAX_WIDTH)
           || engine_answer_fail(answer, tensor->list, 0, ERR_BAD_ROW, err,
                                 "a vocabulary of %zu is not in [1, %d]", tensor->width,
                                 ROW_MAX_WIDTH);
}

static bool find_tensors(struct engine_answer *answer, struct tensor *context,
                         struct tensor *generation, const struct lengths *told, struct error *err)
{
    size_t width;

    if (!find_tensor(answer, "context_logits", context, err)
        || !find_tensor(answer, "generation_logits", generation, err))
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

static bool copy_row(struct engine_answer *answer, const struct tensor *tensor, size_t from,
                     size_t to, struct error *err)
{
    const json_t *row = tensor->flat ? tensor->rows : json_array_get(tensor->rows, from);
    const size_t skip = tensor->flat ? from * tensor->width : 0;

    if (!json_is_array(row))
        return engine_answer_fail(answer, tensor->list, from, ERR_BAD_SHAPE, err,
                                  "must be a row, an array of numbers");
    if (!tensor->flat && json_array_size(row) != tensor->width)
        return engine_answer_fail(answer, tensor->list, from, ERR_BAD_ROW, err,
                                  "the row has %zu logits, row 0 has %zu", json_array_size(row),
                                  tensor->width);
    for (size_t i = 0; i < tensor->width; i++) {
        double value;

        if (!json_number(json_array_get(row, skip + i), &value))
            return engine_answer_fail(answer, tensor->list, from, ERR_BAD_SHAPE, err,
                                      "logit %zu is not a number", i);
        store(answer, to * tensor->width + i, value);
    }
    return true;
}

/* Rows of the prompt are as many as its tokens; without those of generated tokens, the last one may
 * lack. */
static bool check_prompt(struct engine_answer *answer, const struct tensor *context, bool more,
                         size_t prompt, struct error *err)
{
    const size_t end = answer->offset + context->count;

    const bool untold = !answer->asked && !find(answer, "prompt_token_ids", NULL);

    if (!context->rows || untold || end == prompt || (!more && end + 1 == prompt))
        return true;
    return engine_answer_fail(answer, context->list, context->count - 1, ERR_BAD_COUNT, err,
                              "%zu rows for the %zu tokens of the prompt%s", context->count, prompt,
                              end < prompt ? ": offset says how many lack" : "");
}

/* The rows of the prompt, then those of generated tokens: answer->first_row is the first one's
 * token. */
static bool read_rows(struct engine_answer *answer, const struct tensor *context,
                      const struct tensor *generation, size_t prompt, struct error *err)
{
    const bool both = context->rows && generation->rows;
    /* The last row of a prompt is about the first generated token. */
    const size_t before = context->count - both;

    answer->rows = before + generation->count;
    answer->width = context->rows ? context->width : generation->width;
    answer->first_row = context->rows ? answer->offset + 1 : prompt;
    answer->row_list[0] = context->list;
    answer->row_list[1] = generation->list;
    answer->rows_before = before;
    answer->matrix =
        arena_alloc(answer->arena, answer->rows, answer->width * dtype_size(answer->dtype));
    if (!answer->matrix)
        return arena_fail(answer->arena, err);
    for (size_t i = 0; i < answer->rows; i++)
        if (!(i < before ? copy_row(answer, context, i, i, err)
                         : copy_row(answer, generation, i - before, i, err)))
            return false;
    return true;
}

/* Tokens as entries without a log-probability: their ids where they are told, else their places in
 * another list. */
static bool read_tokens(struct engine_answer *answer, const char *name, const char *other,
                        size_t count, struct error *err)
{
    bool of_choice;
    const json_t *ids = find(answer, name, &of_choice);
    size_t list;

    if (!ids)
        find(answer, name = other, &of_choice);
    list = engine_answer_list(answer, of_choice, name, NULL);
    if (!ids && !answer->asked && count > 0) /* nobody tells which these are */
        engine_answer_notice(answer, WARNING_LEFT_OUT, list, 0);
    for (size_t i = 0; i < count && (ids || answer->asked); i++)
        if (!engine_answer_add(answer, list, i, json_array_get(ids, i), NULL, err))
            return false;
    return true;
}

static bool read_all_tokens(struct engine_answer *answer, const struct lengths *lengths,
                            struct error *err)
{
    if (!answer->asked && !find(answer, "prompt_token_ids", NULL))
        return true;
    if (answer->asked && lengths->prompt > answer->asked_count)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_COUNT, err,
                                  "a prompt of %zu tokens for the %zu tokens of the sequence",
                                  lengths->prompt, answer->asked_count);
    if (!read_tokens(answer, "prompt_token_ids", "context_logits", lengths->prompt, err))
        return false;
    answer->prompt = lengths->prompt;
    return read_tokens(answer, "token_ids", lengths->list, lengths->generated, err);
}

/* ---- log-probabilities ---- */

static int64_t id_at(const struct engine_answer *answer, const json_t *ids, size_t at, size_t token)
{
    const json_t *id = json_array_get(ids, at);

    if (json_is_integer(id) && json_integer_value(id) >= 0)
        return json_integer_value(id);
    return token < answer->asked_count ? answer->asked[token] : ENGINE_NO_ID;
}

static bool read_one(struct engine_answer *answer, size_t list, size_t at, const json_t *value,
                     int64_t id, struct error *err)
{
    if (json_is_object(value))
        return read_ranked(answer, list, at, value, id, err);
    if (!engine_answer_add(answer, list, at, NULL, value, err))
        return false;
    answer->entry[answer->count - 1].id = id;
    return true;
}

/* Token 0 has no entry; entry t is about token t+1 as far as there is a prompt. */
static bool read_prompt(struct engine_answer *answer, size_t prompt, struct error *err)
{
    bool of_choice;
    const json_t *list = find(answer, "prompt_logprobs", &of_choice);
    const json_t *ids = find(answer, "prompt_token_ids", NULL);
    const size_t place = engine_answer_list(answer, of_choice, "prompt_logprobs", NULL);
    const size_t count = json_array_size(list);

    if (!list)
        return true;
    prompt = prompt > 0 ? prompt : count;
    if (count + 1 < prompt)
        return engine_answer_fail(answer, place, count - 1, ERR_BAD_COUNT, err,
                                  "%zu prompt_logprobs for the %zu tokens of the prompt", count,
                                  prompt);
    answer->alignment = "next";
    if (!read_one(answer, place, 0, NULL, id_at(answer, ids, 0, 0), err))
        return false;
    for (size_t i = 1; i < prompt; i++)
        if (!read_one(answer, place, i - 1, json_array_get(list, i - 1), id_at(answer, ids, i, i),
                      err))
            return false;
    answer->prompt = prompt;
    return true;
}

static bool read_generated(struct engine_answer *answer, struct error *err)
{
    bool of_choice;
    const json_t *list = find(answer, "logprobs", &of_choice);
    const json_t *ids = find(answer, "token_ids", NULL);
    const bool triton = !list && !json_list(answer->choice, "logprobs/token_logprobs");
    const char *name = triton ? "output_log_probs" : "logprobs";
    size_t place;

    list = only_beam(triton ? find(answer, name, &of_choice) : list);
    if (answer->count == 0)
        answer->start = START_UNKNOWN;
    if (!list && !triton)
        return read_arrays(answer, 0, ids, err);
    place = engine_answer_list(answer, of_choice, name, NULL);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!read_one(answer, place, i, json_array_get(list, i),
                      id_at(answer, ids, i,
                            answer->start == START_UNKNOWN ? START_UNKNOWN : answer->count),
                      err))
            return false;
    return true;
}

static bool read_logits(struct engine_answer *answer, const struct lengths *told, struct error *err)
{
    struct tensor context, generation;
    struct lengths lengths = *told;

    if (!find_tensors(answer, &context, &generation, told, err))
        return false;
    if (told->generated == START_UNKNOWN)
        lengths.generated = generation.count;
    lengths.prompt = prompt_length(answer, told, lengths.generated,
                                   context.rows ? answer->offset + context.count : START_UNKNOWN);
    answer->alignment = context.rows ? "next" : "same";
    return check_prompt(answer, &context, generation.rows, lengths.prompt, err)
           && read_all_tokens(answer, &lengths, err)
           && read_rows(answer, &context, &generation, lengths.prompt, err);
}

static bool read(struct engine_answer *answer, struct error *err)
{
    const struct lengths told = told_lengths(answer);
    const json_t *listed = find(answer, "prompt_logprobs", NULL);

    answer->by_asked = true;
    if (find(answer, "context_logits", NULL) || find(answer, "generation_logits", NULL))
        return read_logits(answer, &told, err);
    answer->prompt_told = told.prompt;
    if (!read_prompt(answer, prompt_length(answer, &told, told.generated, json_array_size(listed)),
                     err)
        || !read_generated(answer, err))
        return false;
    return answer->count > 0
           || engine_answer_lacks(answer, "context_logits, generation_logits or prompt_logprobs",
                                  err);
}

const struct engine engine_tensorrt_llm = {
    .name = "tensorrt_llm",
    .help =
        "TensorRT-LLM: `context_logits` and `generation_logits` (rows, as exact as `logits`), or "
        "`prompt_logprobs` (entry t is about token t+1) and `logprobs`; Triton's "
        "`output_log_probs`.",
    .ask = "return_context_logits or prompt_logprobs gives those of the prompt, "
           "return_generation_logits or "
           "logprobs those of generated tokens, without reuse of KV-cache blocks",
    .lists = {"choices", "outputs"},
    .detect = detect,
    .read = read,
};
