/* streams.c - answers that come as the chunks of a stream. */
#include "api/engines/streams.h"

#include "api/base/arena_error.h"
#include "api/engines/engine_value.h"
#include "api/engines/stream_choices.h"
#include "api/engines/stream_twice.h"

#include <stdio.h>
#include <string.h>

/* ---- what all chunks have in common ---- */

static bool is_given(const json_t *value)
{
    return value && !json_is_null(value) && !(json_is_array(value) && json_array_size(value) == 0);
}

/* Each chunk has what its kind has.  The first and the last one may be empty. */
static bool check_form(const struct run *run, size_t i)
{
    const json_t *chunk = run_chunk(run, i);
    const char *const *has = run->kind->has;
    const bool edge = i == 0 || i + 1 == run->count;

    if (is_given(json_object_get(chunk, has[0]))
        || (has[1] && is_given(json_object_get(chunk, has[1])))
        || (edge && json_object_get(chunk, has[0])))
        return true;
    return run_fail(
        run, i, ERR_OUTPUTS,
        "%zu is no chunk of a stream, as others of the list are: it has no %s; chunks of one "
        "answer are a list, and so are whole answers",
        run->at[i], has[0]);
}

static bool check_id(const struct run *run, size_t i, size_t *first)
{
    const json_t *id = json_below(run_chunk(run, i), run->kind->id);
    const json_t *other = json_below(run_chunk(run, *first), run->kind->id);

    if (json_string_length(id) == 0)
        return true;
    if (json_string_length(other) == 0)
        *first = i;
    else if (!json_equal(id, other))
        return run_fail(
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
    const json_t *before = i > 0 ? json_below(run_chunk(run, i - 1), path) : NULL;
    const json_t *here = json_below(run_chunk(run, i), path);
    const json_int_t number = json_integer_value(here);
    bool good = true;

    if (i == 0 && run->kind->counts && number > 1)
        return run_fail(
            run, i, ERR_OUTPUTS,
            "chunk %zu is the first one, and its %s is %lld: chunks before it are missing",
            run->at[i], path, (long long)number);
    if (json_is_integer(before) && json_is_integer(here))
        good = run->kind->counts ? number == json_integer_value(before) + 1
                                 : number >= json_integer_value(before);
    else if (json_is_string(before) && json_is_string(here))
        good = !is_earlier(json_string_value(before), json_string_value(here));
    return good
           || run_fail(
               run, i, ERR_OUTPUTS,
               "chunk %zu does not follow chunk %zu, as their %s shows: chunks are missing, or "
               "out of order",
               run->at[i], run->at[i - 1], path);
}

static bool check_chunks(const struct run *run, bool *ended)
{
    struct stream_choices choices;
    size_t first = 0;

    if (!stream_choices_init(&choices, run))
        return false;
    for (size_t i = 0; i < run->count; i++)
        if (!work_charge(run->joiner->work, WORK_TOKEN, run->joiner->err) || !check_form(run, i)
            || (run->kind->id && !check_id(run, i, &first))
            || (run->kind->order && !check_order(run, i)) || !stream_choices_add(&choices, i))
            return false;
    return stream_choices_end(&choices, ended);
}

/* ---- lists that grow ---- */

static const json_t *grown(const struct run *run, size_t i)
{
    return json_list(run_chunk(run, i), run->kind->grows);
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
           || run_fail(
               run, i, ERR_OUTPUTS,
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
        const json_t *told =
            run->kind->told ? json_below(run_chunk(run, i), run->kind->told) : NULL;
        const json_int_t tokens = json_integer_value(told);

        sum += size;
        *grow = *grow && (!json_is_integer(told) || (json_int_t)size == tokens);
        deltas = deltas && json_is_integer(told) && (json_int_t)sum == tokens;
        if (!*grow && !deltas && sum > 0)
            return run_fail(
                run, i, ERR_BAD_COUNT,
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
    const struct lift *lifts = run->kind->lifts;
    bool grow = false, pieces = false;
    size_t first = 0;

    joined->base = run->base;
    joined->chunks = run->chunks;
    if (!check_chunks(run, &joined->ended) || (run->kind->grows && !find_growth(run, &grow)))
        return false;
    for (size_t i = 0; i < run->count && grow; i++)
        if (!check_repeated(run, i))
            return false;
    first = grow ? run->count - 1 : 0;
    if (run->kind->whole && !stream_twice_check(run, &pieces))
        return false;
    lifts = pieces ? run->kind->parts : lifts;
    if (!joined_begin(run->joiner, joined, run->count - first, lifts))
        return false;
    for (size_t i = first; i < run->count; i++)
        if (!joined_add(run->joiner, joined, run_chunk(run, i), run->at[i], lifts))
            return false;
    return joined_make(run->joiner, joined) && joined_index(run->joiner, joined);
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
    const struct run whole = {.base = stream->base,
                              .chunks = stream->chunks,
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
