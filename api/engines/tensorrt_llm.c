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
#include "api/base/arena_error.h"
#include "api/engines/engine.h"

/* A list of the answer, or else of the response. */
static json_t *find(const struct engine_answer *reading, const char *path, bool *of_choice)
{
    json_t *value = json_list(reading->choice, path);
    bool unused = false;

    of_choice = of_choice ? of_choice : &unused;
    *of_choice = value != NULL;
    value = value ? value : json_list(reading->response, path);
    return json_array_size(value) > 0 ? value : NULL;
}

static bool has_logits(json_t *object)
{
    return json_object_get(object, "context_logits") || json_object_get(object, "generation_logits")
           || json_object_get(object, "output_log_probs");
}

bool detect_tensorrt_llm(json_t *response)
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

static void tell_generated(const struct engine_answer *reading, struct lengths *told)
{
    static const char *const lists[] = {"token_ids", "generation_logits", "logprobs",
                                        "logprobs/token_logprobs", "output_log_probs"};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const json_t *list = find(reading, lists[i], NULL), *beam = only_beam(list);

        /* Where logits are flat, other lists must tell. */
        if (!list || (i == 1 && !json_is_array(json_array_get(beam, 0))))
            continue;
        told->generated = json_array_size(beam);
        told->list = lists[i];
        return;
    }
}

static struct lengths told_lengths(const struct engine_answer *reading)
{
    const json_t *ids = find(reading, "prompt_token_ids", NULL);
    struct lengths told = {ids ? json_array_size(ids) : told_usage(reading, "prompt_tokens"),
                           START_UNKNOWN, "generation_logits"};

    tell_generated(reading, &told);
    return told;
}

/* Tokens of the prompt: told, or all of those asked about where the list of the prompt has `listed`
 * entries, as many (what was generated then goes on behind them), or else what is left of them. */
static size_t prompt_length(const struct engine_answer *reading, const struct lengths *told,
                            size_t generated, size_t listed)
{
    const size_t asked = reading->asked_count;

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

static bool find_tensor(struct engine_answer *reading, const char *name, struct tensor *tensor)
{
    bool of_choice;
    const json_t *value = find(reading, name, &of_choice), *row = json_array_get(value, 0);

    *tensor =
        (struct tensor){.name = name, .list = engine_answer_list(reading, of_choice, name, NULL)};
    if (!value)
        return true;
    if (json_is_array(json_array_get(row, 0))) {
        if (json_array_size(value) != 1)
            return engine_answer_fail(reading, tensor->list, 1, ERR_OUTPUTS,
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

/* How wide the rows of a flat tensor are, if there are so many; 0: they would not be whole. */
static size_t width_of(const struct tensor *flat, size_t rows)
{
    const size_t numbers = json_array_size(flat->rows);

    return rows > 0 && numbers % rows == 0 ? numbers / rows : 0;
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
static size_t told_width(const struct engine_answer *reading, const struct tensor *context,
                         const struct tensor *generation, const struct lengths *told)
{
    if (context->width > 0 || generation->width > 0)
        return context->width > 0 ? context->width : generation->width;
    if (context->rows && told->prompt != START_UNKNOWN)
        return width_of(context, without(told->prompt, reading->offset));
    if (generation->rows && told->generated != START_UNKNOWN)
        return width_of(generation, told->generated);
    if (!context->rows && told->prompt != START_UNKNOWN)
        return width_of(generation, without(reading->asked_count, told->prompt));
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

/* Both tensors are flat, or there are only rows of the prompt.  The tokens asked about may all be
 * of the prompt, or the last ones generated: two widths, of which one must do. */
static bool guess_width(const struct engine_answer *reading, const struct tensor *context,
                        const struct tensor *generation, const struct lengths *told, size_t *width)
{
    const size_t rows = without(reading->asked_count, reading->offset);
    const size_t numbers = json_array_size(context->rows) + json_array_size(generation->rows);
    const bool both = generation->rows;
    size_t all = width_of(context, rows), some = 0;

    if (both)
        some = rows > 0 && numbers % rows == 0 ? numbers / rows : 0;
    else if (told->generated != START_UNKNOWN)
        some = width_of(context, without(rows, told->generated));
    all = all > 0 && makes_rows(generation, all) ? all : 0;
    some = some > 0 && makes_rows(context, some) ? some : 0;
    if (both && all > 0 && some > 0 && all != some) {
        const bool all_fits = repeats(context, generation, all);

        if (all_fits != repeats(context, generation, some)) {
            *width = all_fits ? all : some;
            return true;
        }
    }
    *width = all > 0 ? all : some;
    return all == 0 || some == 0 || all == some
           || engine_answer_fail(
               reading, NO_LIST, 0, ERR_BAD_COUNT,
               "%s is flat, and its %zu numbers may be rows of %zu or %zu logits: "
               "prompt_token_ids would tell",
               context->name, json_array_size(context->rows), all, some);
}

/* Now that the width is known, a flat tensor has rows like the others. */
static bool settle(struct engine_answer *reading, struct tensor *tensor, size_t width)
{
    const size_t numbers = json_array_size(tensor->rows);

    if (tensor->flat && !makes_rows(tensor, width))
        return engine_answer_fail(reading, NO_LIST, 0, ERR_BAD_COUNT,
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
           || engine_answer_fail(reading, tensor->list, 0, ERR_BAD_ROW,
                                 "a vocabulary of %zu is not in [1, %d]", tensor->width,
                                 ROW_MAX_WIDTH);
}

static bool find_tensors(struct engine_answer *reading, struct tensor *context,
                         struct tensor *generation, const struct lengths *told)
{
    size_t width;

    if (!find_tensor(reading, "context_logits", context)
        || !find_tensor(reading, "generation_logits", generation))
        return false;
    width = told_width(reading, context, generation, told);
    if (width == 0 && context->flat && told->prompt == START_UNKNOWN
        && (!generation->rows || told->generated == START_UNKNOWN)
        && !guess_width(reading, context, generation, told, &width))
        return false;
    if (!settle(reading, context, width) || !settle(reading, generation, width))
        return false;
    return !context->rows || !generation->rows || context->width == generation->width
           || engine_answer_fail(reading, generation->list, 0, ERR_BAD_ROW,
                                 "the row has %zu logits, those of context_logits have %zu",
                                 generation->width, context->width);
}

/* ---- rows ---- */

static void store(const struct engine_answer *reading, size_t at, double value)
{
    if (reading->dtype == DTYPE_F64)
        ((double *)reading->matrix)[at] = value;
    else
        ((float *)reading->matrix)[at] = (float)value;
}

static bool copy_row(struct engine_answer *reading, const struct tensor *tensor, size_t from,
                     size_t to)
{
    const json_t *row = tensor->flat ? tensor->rows : json_array_get(tensor->rows, from);
    const size_t skip = tensor->flat ? from * tensor->width : 0;

    if (!json_is_array(row))
        return engine_answer_fail(reading, tensor->list, from, ERR_BAD_SHAPE,
                                  "must be a row, an array of numbers");
    if (!tensor->flat && json_array_size(row) != tensor->width)
        return engine_answer_fail(reading, tensor->list, from, ERR_BAD_ROW,
                                  "the row has %zu logits, row 0 has %zu", json_array_size(row),
                                  tensor->width);
    for (size_t i = 0; i < tensor->width; i++) {
        double value;

        if (!json_number(json_array_get(row, skip + i), &value))
            return engine_answer_fail(reading, tensor->list, from, ERR_BAD_SHAPE,
                                      "logit %zu is not a number", i);
        store(reading, to * tensor->width + i, value);
    }
    return true;
}

/* Rows of the prompt are as many as its tokens; without those of generated tokens, the last one may
 * lack. */
static bool check_prompt(struct engine_answer *reading, const struct tensor *context, bool more,
                         size_t prompt)
{
    const size_t end = reading->offset + context->count;

    const bool untold = !reading->asked && !find(reading, "prompt_token_ids", NULL);

    if (!context->rows || untold || end == prompt || (!more && end + 1 == prompt))
        return true;
    return engine_answer_fail(reading, context->list, context->count - 1, ERR_BAD_COUNT,
                              "%zu rows for the %zu tokens of the prompt%s", context->count, prompt,
                              end < prompt ? ": offset says how many lack" : "");
}

/* The rows of the prompt, then those of generated tokens: reading->first_row is the first one's
 * token. */
static bool read_rows(struct engine_answer *reading, const struct tensor *context,
                      const struct tensor *generation, size_t prompt)
{
    const bool both = context->rows && generation->rows;
    /* The last row of a prompt is about the first generated token. */
    const size_t before = context->count - both;

    reading->rows = before + generation->count;
    reading->width = context->rows ? context->width : generation->width;
    reading->first_row = context->rows ? reading->offset + 1 : prompt;
    reading->row_list[0] = context->list;
    reading->row_list[1] = generation->list;
    reading->rows_before = before;
    reading->matrix =
        arena_alloc(reading->arena, reading->rows, reading->width * dtype_size(reading->dtype));
    if (!reading->matrix)
        return arena_fail(reading->arena, reading->err);
    for (size_t i = 0; i < reading->rows; i++)
        if (!(i < before ? copy_row(reading, context, i, i)
                         : copy_row(reading, generation, i - before, i)))
            return false;
    return true;
}

/* Tokens as entries without a log-probability: their ids where they are told, else their places in
 * another list. */
static bool read_tokens(struct engine_answer *reading, const char *name, const char *other,
                        size_t count)
{
    bool of_choice;
    const json_t *ids = find(reading, name, &of_choice);
    size_t list;

    if (!ids)
        find(reading, name = other, &of_choice);
    list = engine_answer_list(reading, of_choice, name, NULL);
    if (!ids && !reading->asked && count > 0) /* nobody tells which these are */
        engine_answer_notice(reading, WARNING_LEFT_OUT, list, 0);
    for (size_t i = 0; i < count && (ids || reading->asked); i++)
        if (!engine_answer_add(reading, list, i, json_array_get(ids, i), NULL))
            return false;
    return true;
}

static bool read_all_tokens(struct engine_answer *reading, const struct lengths *lengths)
{
    if (!reading->asked && !find(reading, "prompt_token_ids", NULL))
        return true;
    if (reading->asked && lengths->prompt > reading->asked_count)
        return engine_answer_fail(reading, NO_LIST, 0, ERR_BAD_COUNT,
                                  "a prompt of %zu tokens for the %zu tokens of the sequence",
                                  lengths->prompt, reading->asked_count);
    if (!read_tokens(reading, "prompt_token_ids", "context_logits", lengths->prompt))
        return false;
    reading->prompt = lengths->prompt;
    return read_tokens(reading, "token_ids", lengths->list, lengths->generated);
}

/* ---- log-probabilities ---- */

static int64_t id_at(const struct engine_answer *reading, const json_t *ids, size_t at,
                     size_t token)
{
    const json_t *id = json_array_get(ids, at);

    if (json_is_integer(id) && json_integer_value(id) >= 0)
        return json_integer_value(id);
    return token < reading->asked_count ? reading->asked[token] : ENGINE_NO_ID;
}

static bool read_one(struct engine_answer *reading, size_t list, size_t at, const json_t *value,
                     int64_t id)
{
    if (json_is_object(value))
        return read_ranked(reading, list, at, value, id);
    if (!engine_answer_add(reading, list, at, NULL, value))
        return false;
    reading->entry[reading->count - 1].id = id;
    return true;
}

/* Token 0 has no entry; entry t is about token t+1 as far as there is a prompt. */
static bool read_prompt(struct engine_answer *reading, size_t prompt)
{
    bool of_choice;
    const json_t *list = find(reading, "prompt_logprobs", &of_choice);
    const json_t *ids = find(reading, "prompt_token_ids", NULL);
    const size_t place = engine_answer_list(reading, of_choice, "prompt_logprobs", NULL);
    const size_t count = json_array_size(list);

    if (!list)
        return true;
    prompt = prompt > 0 ? prompt : count;
    if (count + 1 < prompt)
        return engine_answer_fail(reading, place, count - 1, ERR_BAD_COUNT,
                                  "%zu prompt_logprobs for the %zu tokens of the prompt", count,
                                  prompt);
    reading->alignment = "next";
    if (!read_one(reading, place, 0, NULL, id_at(reading, ids, 0, 0)))
        return false;
    for (size_t i = 1; i < prompt; i++)
        if (!read_one(reading, place, i - 1, json_array_get(list, i - 1),
                      id_at(reading, ids, i, i)))
            return false;
    reading->prompt = prompt;
    return true;
}

static bool read_generated(struct engine_answer *reading)
{
    bool of_choice;
    const json_t *list = find(reading, "logprobs", &of_choice);
    const json_t *ids = find(reading, "token_ids", NULL);
    const bool triton = !list && !json_list(reading->choice, "logprobs/token_logprobs");
    const char *name = triton ? "output_log_probs" : "logprobs";
    size_t place;

    list = only_beam(triton ? find(reading, name, &of_choice) : list);
    if (reading->count == 0)
        reading->start = START_UNKNOWN;
    if (!list && !triton)
        return read_arrays(reading, 0, ids);
    place = engine_answer_list(reading, of_choice, name, NULL);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!read_one(reading, place, i, json_array_get(list, i),
                      id_at(reading, ids, i,
                            reading->start == START_UNKNOWN ? START_UNKNOWN : reading->count)))
            return false;
    return true;
}

static bool read_logits(struct engine_answer *reading, const struct lengths *told)
{
    struct tensor context, generation;
    struct lengths lengths = *told;

    if (!find_tensors(reading, &context, &generation, told))
        return false;
    if (told->generated == START_UNKNOWN)
        lengths.generated = generation.count;
    lengths.prompt = prompt_length(reading, told, lengths.generated,
                                   context.rows ? reading->offset + context.count : START_UNKNOWN);
    reading->alignment = context.rows ? "next" : "same";
    return check_prompt(reading, &context, generation.rows, lengths.prompt)
           && read_all_tokens(reading, &lengths)
           && read_rows(reading, &context, &generation, lengths.prompt);
}

bool read_tensorrt_llm(struct engine_answer *reading)
{
    const struct lengths told = told_lengths(reading);
    const json_t *listed = find(reading, "prompt_logprobs", NULL);

    reading->by_asked = true;
    if (find(reading, "context_logits", NULL) || find(reading, "generation_logits", NULL))
        return read_logits(reading, &told);
    reading->prompt_told = told.prompt;
    if (!read_prompt(reading,
                     prompt_length(reading, &told, told.generated, json_array_size(listed)))
        || !read_generated(reading))
        return false;
    return reading->count > 0
           || engine_answer_lacks(reading, "context_logits, generation_logits or prompt_logprobs");
}
