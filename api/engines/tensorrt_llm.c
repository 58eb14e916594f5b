/* tensorrt_llm.c - TensorRT-LLM: its server (choices[]), its Python objects (outputs[]), and
 * Triton's flat answers.
 *
 * context_logits: row t is the distribution of token t+1.  generation_logits: row t is that of
 * generated token t; after context_logits it repeats nothing but the first.  prompt_logprobs: entry
 * t is about token t+1 (so the last one is about the first generated token); `logprobs` and
 * output_log_probs: entry t is about generated token t.  Triton sends a tensor flat, or with
 * a dimension for beams, of which there must be one; 0 (or zeros) where it was not asked to compute
 * it. With reuse of KV-cache blocks there are fewer rows than tokens: `offset` then says how many
 * lack. */
#include "api/engine.h"

/* Of the answer, or else of the response. */
static json_t *find(const struct reading *reading, const char *name, bool *of_choice)
{
    json_t *value = json_object_get(reading->choice, name);
    bool unused = false;

    of_choice = of_choice ? of_choice : &unused;
    *of_choice = json_is_array(value);
    if (!*of_choice)
        value = json_object_get(reading->response, name);
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

/* ---- rows ---- */

/* A tensor: an array of rows, in one dimension more (a single beam), or flat. */
struct tensor {
    const json_t *rows; /* arrays of numbers; where flat, of the numbers themselves */
    bool flat;
    size_t count, width, list;
};

static bool find_tensor(struct reading *reading, const char *name, size_t rows,
                        struct tensor *tensor)
{
    bool of_choice;
    const json_t *value = find(reading, name, &of_choice), *row = json_array_get(value, 0);

    *tensor = (struct tensor){.list = reading_list(reading, of_choice, name, NULL)};
    if (!value)
        return true;
    if (json_is_array(json_array_get(row, 0))) {
        if (json_array_size(value) != 1)
            return reading_fail(reading, tensor->list, 1, ERR_OUTPUTS,
                                "%zu beams: there must be one", json_array_size(value));
        value = row;
        row = json_array_get(value, 0);
    }
    tensor->rows = value;
    tensor->flat = !json_is_array(row);
    tensor->count = tensor->flat ? rows : json_array_size(value);
    tensor->width = json_array_size(tensor->flat ? value : row);
    if (tensor->flat && (rows == 0 || tensor->width % rows != 0))
        return reading_fail(reading, NO_LIST, 0, ERR_BAD_COUNT,
                            "%s is flat, and its %zu numbers make no rows for %zu tokens", name,
                            tensor->width, rows);
    tensor->width /= tensor->flat ? rows : 1;
    return (tensor->width >= 1 && tensor->width <= ROW_MAX_WIDTH)
           || reading_fail(reading, tensor->list, 0, ERR_BAD_ROW,
                           "a vocabulary of %zu is not in [1, %d]", tensor->width, ROW_MAX_WIDTH);
}

static void store(const struct reading *reading, size_t at, double value)
{
    if (reading->dtype == DTYPE_F64)
        ((double *)reading->matrix)[at] = value;
    else
        ((float *)reading->matrix)[at] = (float)value;
}

static bool copy_row(struct reading *reading, const struct tensor *tensor, size_t from, size_t to)
{
    const json_t *row = tensor->flat ? tensor->rows : json_array_get(tensor->rows, from);
    const size_t skip = tensor->flat ? from * tensor->width : 0;

    if (!json_is_array(row))
        return reading_fail(reading, tensor->list, from, ERR_BAD_SHAPE,
                            "must be a row, an array of numbers");
    if (!tensor->flat && json_array_size(row) != tensor->width)
        return reading_fail(reading, tensor->list, from, ERR_BAD_ROW,
                            "the row has %zu logits, row 0 has %zu", json_array_size(row),
                            tensor->width);
    for (size_t i = 0; i < tensor->width; i++) {
        double value;

        if (!json_number(json_array_get(row, skip + i), &value))
            return reading_fail(reading, tensor->list, from, ERR_BAD_SHAPE,
                                "logit %zu is not a number", i);
        store(reading, to * tensor->width + i, value);
    }
    return true;
}

/* A flat tensor does not tell its rows: whether it would do for so many. */
static bool flat_fits(const json_t *tensor, size_t rows)
{
    return tensor && rows > 0 && json_array_size(tensor) % rows == 0;
}

/* Tokens of the prompt: told, or what is left of those asked about; all of those, where the lists
 * of the prompt are as long: what was generated then goes on behind them. */
static size_t prompt_length(const struct reading *reading, size_t generated)
{
    const size_t asked = reading->asked_count, left = asked > generated ? asked - generated : 0;
    const json_t *ids = find(reading, "prompt_token_ids", NULL);
    const json_t *logprobs = find(reading, "prompt_logprobs", NULL);
    const json_t *context = find(reading, "context_logits", NULL),
                 *row = json_array_get(context, 0);

    if (ids)
        return json_array_size(ids);
    if (json_is_array(json_array_get(row, 0)))
        context = row;
    if (json_is_array(json_array_get(context, 0)))
        return json_array_size(context) + reading->offset == asked ? asked : left;
    if (context)
        return !flat_fits(context, left) && flat_fits(context, asked) ? asked : left;
    return logprobs && json_array_size(logprobs) == asked ? asked : left;
}

/* Flat rows that may be those of all tokens asked about, or of those before the generated ones. */
static bool check_flat(const struct reading *reading, size_t prompt)
{
    const json_t *context = find(reading, "context_logits", NULL);

    if (find(reading, "prompt_token_ids", NULL) || json_is_array(json_array_get(context, 0))
        || prompt == reading->asked_count || !flat_fits(context, prompt)
        || !flat_fits(context, reading->asked_count))
        return true;
    return reading_fail(reading, NO_LIST, 0, ERR_BAD_COUNT,
                        "context_logits is flat, and its %zu numbers may be rows for %zu or %zu "
                        "tokens: prompt_token_ids would tell",
                        json_array_size(context), prompt, reading->asked_count);
}

/* Generated tokens: as many as ids, rows or log-probabilities of them. */
static size_t generated_length(const struct reading *reading, const json_t *generation)
{
    const json_t *beam = json_array_get(generation, 0);
    const json_t *logprobs = find(reading, "logprobs", NULL);

    if (find(reading, "token_ids", NULL))
        return json_array_size(find(reading, "token_ids", NULL));
    if (generation)
        return json_array_size(json_is_array(json_array_get(beam, 0)) ? beam : generation);
    return logprobs ? json_array_size(logprobs)
                    : json_array_size(json_list(reading->choice, "logprobs/token_logprobs"));
}

/* The rows of the prompt, then those of generated tokens: reading->first_row is the first one's
 * token. */
static bool read_rows(struct reading *reading, size_t prompt, size_t generated)
{
    struct tensor context, generation;
    size_t before, width;

    if (!find_tensor(reading, "context_logits", prompt, &context)
        || !find_tensor(reading, "generation_logits", generated, &generation))
        return false;
    if (context.rows && generation.rows && context.width != generation.width)
        return reading_fail(reading, generation.list, 0, ERR_BAD_ROW,
                            "the row has %zu logits, those of context_logits have %zu",
                            generation.width, context.width);
    /* The last row of a prompt is about the first generated token. */
    before = context.count - (context.rows && generation.rows && context.count > 0);
    width = context.rows ? context.width : generation.width;
    reading->first_row = context.rows ? reading->offset + 1 : prompt;
    if (context.rows
        && (generation.rows ? reading->first_row + before != prompt
                            : reading->first_row + before < prompt))
        return reading_fail(reading, context.list, context.count - 1, ERR_BAD_COUNT,
                            "%zu rows for the %zu tokens of the prompt: offset says how many lack",
                            context.count, prompt);
    reading->rows = before + generation.count;
    reading->width = width;
    reading->matrix =
        arena_alloc(reading->arena, reading->rows, width * dtype_size(reading->dtype));
    if (!reading->matrix)
        return arena_fail(reading->arena, reading->err);
    reading->row_list[0] = context.list;
    reading->row_list[1] = generation.list;
    reading->rows_before = before;
    for (size_t i = 0; i < reading->rows; i++)
        if (!(i < before ? copy_row(reading, &context, i, i)
                         : copy_row(reading, &generation, i - before, i)))
            return false;
    return true;
}

/* The ids of the tokens, where they are told, as entries without a log-probability. */
static bool read_ids(struct reading *reading)
{
    const char *const names[] = {"prompt_token_ids", "token_ids"};

    for (size_t n = 0; n < 2; n++) {
        bool of_choice;
        const json_t *ids = find(reading, names[n], &of_choice);
        const size_t list = reading_list(reading, of_choice, names[n], NULL);

        if (!ids && n == 0)
            return true;
        for (size_t i = 0; i < json_array_size(ids); i++)
            if (!reading_add(reading, list, i, json_array_get(ids, i), NULL))
                return false;
        reading->prompt = n == 0 ? reading->count : reading->prompt;
    }
    return true;
}

/* ---- log-probabilities ---- */

static int64_t id_at(const struct reading *reading, const json_t *ids, size_t at, size_t token)
{
    const json_t *id = json_array_get(ids, at);

    if (json_is_integer(id) && json_integer_value(id) >= 0)
        return json_integer_value(id);
    return token < reading->asked_count ? reading->asked[token] : ENGINE_NO_ID;
}

static bool read_one(struct reading *reading, size_t list, size_t at, const json_t *value,
                     int64_t id)
{
    if (json_is_object(value))
        return read_ranked(reading, list, at, value, id);
    return reading_add(reading, list, at, NULL, value)
           && ((reading->entry[reading->count - 1].id = id), true);
}

/* Token 0 has no entry; entry t is about token t+1 as far as there is a prompt. */
static bool read_prompt(struct reading *reading, size_t prompt)
{
    bool of_choice;
    const json_t *list = find(reading, "prompt_logprobs", &of_choice);
    const json_t *ids = find(reading, "prompt_token_ids", NULL);
    const size_t place = reading_list(reading, of_choice, "prompt_logprobs", NULL);
    const size_t count = json_array_size(list);

    if (!list)
        return true;
    prompt = prompt > 0 ? prompt : count;
    if (count + 1 < prompt)
        return reading_fail(reading, place, count - 1, ERR_BAD_COUNT,
                            "%zu prompt_logprobs for the %zu tokens of the prompt", count, prompt);
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

static bool read_generated(struct reading *reading)
{
    bool of_choice;
    const json_t *list = find(reading, "logprobs", &of_choice);
    const json_t *ids = find(reading, "token_ids", NULL);
    const bool triton = !list && !json_list(reading->choice, "logprobs/token_logprobs");
    const char *name = triton ? "output_log_probs" : "logprobs";
    size_t place;

    list = triton ? find(reading, name, &of_choice) : list;
    if (json_is_array(json_array_get(list, 0)) && json_array_size(list) == 1)
        list = json_array_get(list, 0);
    if (reading->count == 0)
        reading->start = START_UNKNOWN;
    if (!list && !triton)
        return read_arrays(reading, 0, ids);
    place = reading_list(reading, of_choice, name, NULL);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!read_one(reading, place, i, json_array_get(list, i),
                      id_at(reading, ids, i,
                            reading->start == START_UNKNOWN ? START_UNKNOWN : reading->count)))
            return false;
    return true;
}

bool read_tensorrt_llm(struct reading *reading)
{
    const bool context = find(reading, "context_logits", NULL) != NULL;
    const json_t *generation = find(reading, "generation_logits", NULL);
    const size_t generated = generated_length(reading, generation);
    const size_t prompt = prompt_length(reading, generated);
    if (context || generation) {
        reading->alignment = context ? "next" : "same";
        return check_flat(reading, prompt) && read_ids(reading)
               && read_rows(reading, prompt, generated);
    }
    if (!read_prompt(reading, prompt) || !read_generated(reading))
        return false;
    return reading->count > 0
           || reading_lacks(reading, "context_logits, generation_logits or prompt_logprobs");
}
