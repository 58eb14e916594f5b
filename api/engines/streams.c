/* streams.c - answers that come as the chunks of a stream. */
#include "api/engines/streams.h"

#include "api/base/arena_error.h"
#include "api/engines/engine_value.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The chunks of one answer. */
struct run {
    const struct stream *stream;
    const struct stream_kind *kind;
    json_t *list;
    size_t *at; /* positions in the list, in order */
    size_t count;
    struct joiner *joiner;
};

static json_t *chunk_at(const struct run *run, size_t i)
{
    return json_array_get(run->list, run->at[i]);
}

/* Record a fault of chunk `i`. */
PRINTF(4, 5)
static bool fail(const struct run *run, size_t i, enum error_code code, const char *format, ...)
{
    struct error *err = run->joiner->err;
    char pointer[sizeof err->pointer], detail[sizeof err->detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (run->stream->chunks == CHUNKS_LISTED)
        snprintf(pointer, sizeof pointer, "%s/%zu", run->stream->base, run->at[i]);
    else
        snprintf(pointer, sizeof pointer, "%s", run->stream->base);
    return error_set(err, code, pointer, "%s", detail);
}

/* ---- what all chunks have in common ---- */

static bool is_given(const json_t *value)
{
    return value && !json_is_null(value) && !(json_is_array(value) && json_array_size(value) == 0);
}

/* Each chunk has what its kind has.  The first and the last one may be empty. */
static bool check_form(const struct run *run, size_t i)
{
    const json_t *chunk = chunk_at(run, i);
    const char *const *has = run->kind->has;
    const bool edge = i == 0 || i + 1 == run->count;

    if (is_given(json_object_get(chunk, has[0]))
        || (has[1] && is_given(json_object_get(chunk, has[1])))
        || (edge && json_object_get(chunk, has[0])))
        return true;
    return fail(
        run, i, ERR_OUTPUTS,
        "%zu is no chunk of a stream, as others of the list are: it has no %s; chunks of one "
        "answer are a list, and so are whole answers",
        run->at[i], has[0]);
}

static bool check_id(const struct run *run, size_t i, size_t *first)
{
    const json_t *id = json_below(chunk_at(run, i), run->kind->id);
    const json_t *other = json_below(chunk_at(run, *first), run->kind->id);

    if (json_string_length(id) == 0)
        return true;
    if (json_string_length(other) == 0)
        *first = i;
    else if (!json_equal(id, other))
        return fail(
            run, i, ERR_OUTPUTS,
            "chunks %zu and %zu are of two answers, %.60s and %.60s: give each answer a list "
            "of its own",
            run->at[*first], run->at[i], json_string_value(other), json_string_value(id));
    return true;
}

/* Whether the second of two times (RFC 3339, of one zone, without zeros at the end) is the earlier
 * one. */
static bool is_earlier(const char *first, const char *second)
{
    static const char digits[] = "0123456789-T:";
    const size_t seconds = strlen("2026-01-01T00:00:00");
    int order;

    if (strspn(first, digits) != seconds || strspn(second, digits) != seconds)
        return false;
    order = memcmp(second, first, seconds);
    if (order == 0 && first[seconds] == '.' && second[seconds] == '.') {
        const char *a = first + seconds + 1, *b = second + seconds + 1;
        const size_t all = strspn(a, digits), some = strspn(b, digits);

        order = memcmp(b, a, some < all ? some : all);
        return order < 0 || (order == 0 && some < all);
    }
    return order < 0;
}

static bool check_order(const struct run *run, size_t i)
{
    const char *path = run->kind->order;
    const json_t *before = i > 0 ? json_below(chunk_at(run, i - 1), path) : NULL;
    const json_t *here = json_below(chunk_at(run, i), path);
    const json_int_t number = json_integer_value(here);
    bool good = true;

    if (i == 0 && run->kind->counts && number > 1)
        return fail(run, i, ERR_OUTPUTS,
                    "chunk %zu is the first one, and its %s is %lld: chunks before it are missing",
                    run->at[i], path, (long long)number);
    if (json_is_integer(before) && json_is_integer(here))
        good = run->kind->counts ? number == json_integer_value(before) + 1
                                 : number >= json_integer_value(before);
    else if (json_is_string(before) && json_is_string(here))
        good = !is_earlier(json_string_value(before), json_string_value(here));
    return good
           || fail(run, i, ERR_OUTPUTS,
                   "chunk %zu does not follow chunk %zu, as their %s shows: chunks are missing, or "
                   "out of order",
                   run->at[i], run->at[i - 1], path);
}

/* ---- choices ---- */

/* By a choice's `index`: the first chunk that ended it, that had its log-probabilities, that had
 * its text alone. */
struct choices {
    json_t *seen, *ended, *listed, *unlisted;
};

static bool has_entries(const json_t *choice)
{
    static const char *const lists[] = {
        "logprobs",
        "logprobs/content",
        "logprobs/refusal",
        "logprobs/reasoning_content",
        "logprobs/token_logprobs",
        "logprobs/logprobs",
        "completion_probabilities",
        "logprobsResult/chosenCandidates",
        "logprobs_result/chosen_candidates",
        "generated_tokens",
        "meta_info/output_token_logprobs",
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (json_array_size(json_below(choice, lists[i])) > 0)
            return true;
    return json_is_object(json_object_get(choice, "token"))
           || json_is_number(json_object_get(choice, "logprobs"));
}

static bool has_text(const struct stream_kind *kind, const json_t *choice)
{
    for (size_t i = 0; i < 2 && kind->text[i]; i++)
        if (json_string_length(json_below(choice, kind->text[i])) > 0)
            return true;
    return false;
}

/* Remember chunk `i` under a key, if it is the first one. */
static bool remember(const struct run *run, json_t *map, const char *key, size_t i)
{
    struct joiner *joiner = run->joiner;

    return json_object_get(map, key)
           || dom_put(&joiner->dom, map, key, strlen(key),
                      dom_integer(&joiner->dom, (json_int_t)run->at[i]))
           || arena_fail(joiner->arena, joiner->err);
}

static bool check_choice(const struct run *run, size_t i, const struct choices *choices,
                         const json_t *choice)
{
    const json_t *index = run->kind->choices ? json_object_get(choice, "index") : NULL, *end;
    const bool text = has_text(run->kind, choice), entries = has_entries(choice);
    char key[24];

    snprintf(key, sizeof key, "%lld", (long long)json_integer_value(index));
    end = json_object_get(choices->ended, key);
    if (end && (text || entries))
        return fail(
            run, i, ERR_OUTPUTS,
            "chunk %zu has more of choice %s, which ended with chunk %lld: chunks are out of "
            "order, or of two answers",
            run->at[i], key, (long long)json_integer_value(end));
    return remember(run, choices->seen, key, i)
           && (!entries || remember(run, choices->listed, key, i))
           && (!text || entries || remember(run, choices->unlisted, key, i))
           && (!stream_says_end(json_below(choice, run->kind->end))
               || remember(run, choices->ended, key, i));
}

static bool check_choices(const struct run *run, size_t i, const struct choices *choices)
{
    json_t *chunk = chunk_at(run, i), *choice;
    size_t j;

    if (run->kind->lifts && !lift_takes(run->kind->lifts, chunk))
        return true;
    if (!run->kind->choices)
        return check_choice(run, i, choices, chunk);
    json_array_foreach(json_object_get(chunk, run->kind->choices), j, choice)
    {
        if (!work_charge(run->joiner->work, WORK_TOKEN, run->joiner->err)
            || !check_choice(run, i, choices, choice))
            return false;
    }
    return true;
}

/* Where some chunks of a choice have log-probabilities, all that have text must. */
static bool check_listed(const struct run *run, const struct choices *choices)
{
    const char *key;
    json_t *unlisted;

    json_object_foreach(choices->unlisted, key, unlisted)
    {
        const json_t *listed = json_object_get(choices->listed, key);
        const size_t place = (size_t)json_integer_value(unlisted);
        const struct run at = {
            .stream = run->stream, .at = (size_t[]){place}, .joiner = run->joiner};

        if (listed)
            return fail(&at, 0, ERR_OUTPUTS,
                        "chunk %zu has text and no log-probabilities, and chunk %lld has both",
                        place, (long long)json_integer_value(listed));
    }
    return true;
}

static bool check_chunks(const struct run *run, bool *ended)
{
    struct dom *dom = &run->joiner->dom;
    const struct choices choices = {dom_object(dom), dom_object(dom), dom_object(dom),
                                    dom_object(dom)};
    size_t first = 0;

    if (!choices.seen || !choices.ended || !choices.listed || !choices.unlisted)
        return arena_fail(run->joiner->arena, run->joiner->err);
    for (size_t i = 0; i < run->count; i++)
        if (!work_charge(run->joiner->work, WORK_TOKEN, run->joiner->err) || !check_form(run, i)
            || (run->kind->id && !check_id(run, i, &first))
            || (run->kind->order && !check_order(run, i)) || !check_choices(run, i, &choices))
            return false;
    *ended = json_object_size(choices.ended) == json_object_size(choices.seen);
    return check_listed(run, &choices);
}

/* ---- lists that grow ---- */

static const json_t *grown(const struct run *run, size_t i)
{
    return json_list(chunk_at(run, i), run->kind->grows);
}

/* Whether chunk `i` lists the tokens of the one before again. */
static bool check_repeated(const struct run *run, size_t i)
{
    const json_t *before = i > 0 ? grown(run, i - 1) : NULL, *here = grown(run, i);
    const size_t count = json_array_size(before);
    size_t same = 0;

    if (!work_charge_each(run->joiner->work, count, WORK_TOKEN, run->joiner->err))
        return false;
    while (same < count && json_equal(json_array_get(before, same), json_array_get(here, same)))
        same++;
    return same == count
           || fail(run, i, ERR_OUTPUTS,
                   "chunk %zu does not begin with the tokens of chunk %zu, as the growing lists of "
                   "one answer do: they differ from token %zu on",
                   run->at[i], run->at[i - 1], same);
}

/* Whether the lists grow: then the last one has all tokens.  Otherwise each has only new ones.  The
 * number of tokens so far tells.  False: it contradicts the lists. */
static bool find_growth(const struct run *run, bool *grow)
{
    bool deltas = run->kind->told != NULL;
    size_t sum = 0;

    *grow = true;
    for (size_t i = 0; i < run->count && (*grow || deltas); i++) {
        const size_t size = json_array_size(grown(run, i));
        const json_t *told = run->kind->told ? json_below(chunk_at(run, i), run->kind->told) : NULL;
        const json_int_t tokens = json_integer_value(told);

        sum += size;
        *grow = *grow && (!json_is_integer(told) || (json_int_t)size == tokens);
        deltas = deltas && json_is_integer(told) && (json_int_t)sum == tokens;
        if (!*grow && !deltas && sum > 0)
            return fail(run, i, ERR_BAD_COUNT,
                        "chunk %zu lists %zu tokens (%zu with all chunks before it), and its %s is "
                        "%lld",
                        run->at[i], size, sum, run->kind->told, (long long)tokens);
    }
    *grow = *grow || !deltas;
    return true;
}

/* ---- the answers ---- */

static bool join(const struct run *run, struct joined *joined)
{
    bool grow = false;
    size_t first = 0;

    joined->base = run->stream->base;
    joined->chunks = run->stream->chunks;
    if (!check_chunks(run, &joined->ended) || (run->kind->grows && !find_growth(run, &grow)))
        return false;
    for (size_t i = 0; i < run->count && grow; i++)
        if (!check_repeated(run, i))
            return false;
    first = grow ? run->count - 1 : 0;
    if (!joined_begin(run->joiner, joined, run->count - first, run->kind->lifts))
        return false;
    for (size_t i = first; i < run->count; i++)
        if (!joined_add(run->joiner, joined, chunk_at(run, i), run->at[i], run->kind->lifts))
            return false;
    return joined_make(run->joiner, joined);
}

/* The number of the answer that each chunk is of: answers are numbered as they begin.  NULL: memory
 * is used up. */
static size_t *number_chunks(const struct stream_kind *kind, const json_t *list,
                             struct joiner *joiner, size_t *answers)
{
    json_t *numbers = dom_object(&joiner->dom), *chunk;
    size_t *number = arena_new(joiner->arena, size_t, json_array_size(list)), i;

    *answers = 0;
    json_array_foreach(list, i, chunk)
    {
        const json_t *index = kind->numbered ? json_object_get(chunk, "index") : NULL, *known;
        char key[24];

        if (!numbers || !number)
            return NULL;
        snprintf(key, sizeof key, "%lld", (long long)json_integer_value(index));
        known = json_object_get(numbers, key);
        number[i] = known ? (size_t)json_integer_value(known) : (*answers)++;
        if (!known
            && !dom_put(&joiner->dom, numbers, key, strlen(key),
                        dom_integer(&joiner->dom, (json_int_t)number[i])))
            return NULL;
    }
    return number;
}

/* Sort the positions of chunks by their answers; the runs point into one array. */
static struct run *sort_chunks(const struct run *whole, const size_t *number, size_t answers)
{
    struct arena *arena = whole->joiner->arena;
    struct run *runs = arena_new(arena, struct run, answers);
    size_t *at = arena_new(arena, size_t, whole->count);

    if (!runs || !at)
        return NULL;
    for (size_t i = 0; i < whole->count; i++)
        runs[number[i]].count++;
    for (size_t i = 0; i < answers; i++) {
        const size_t count = runs[i].count;

        runs[i] = *whole;
        runs[i].at = at;
        runs[i].count = 0;
        at += count;
    }
    for (size_t i = 0; i < whole->count; i++)
        runs[number[i]].at[runs[number[i]].count++] = i;
    return runs;
}

bool stream_read(struct stream *stream, const struct stream_kind *kind, json_t *list,
                 struct joiner *joiner)
{
    const struct run whole = {.stream = stream,
                              .kind = kind,
                              .list = list,
                              .count = json_array_size(list),
                              .joiner = joiner};
    const size_t *number = NULL;
    struct run *runs = NULL;

    if (!work_charge_each(joiner->work, whole.count, WORK_TOKEN, joiner->err))
        return false;
    number = number_chunks(kind, list, joiner, &stream->count);
    runs = number ? sort_chunks(&whole, number, stream->count) : NULL;
    stream->answers = runs ? arena_new(joiner->arena, struct joined, stream->count) : NULL;
    if (!stream->answers)
        return arena_fail(joiner->arena, joiner->err);
    for (size_t i = 0; i < stream->count; i++)
        if (!join(&runs[i], &stream->answers[i]))
            return false;
    return true;
}
