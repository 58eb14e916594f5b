/* stream_twice.c - log-probabilities that a stream tells twice. */
#include "api/engines/stream_twice.h"

#include "api/engines/engine_value.h"
#include "api/engines/token.h"

#include <string.h>

/* Both lists of tokens are followed side by side. */
struct twice {
    const struct run *run;
    size_t end;       /* the chunk that has the whole answer */
    size_t chunk, at; /* the next token of the pieces */
    size_t count;     /* tokens of the whole answer so far */
};

/* The list of tokens of a piece.  NULL: chunk `i` is none. */
static const json_t *piece(const struct run *run, size_t i)
{
    const json_t *chunk = run_chunk(run, i);
    const char *type = json_string_value(json_object_get(chunk, "type"));

    return type && strcmp(type, run->kind->piece) == 0 ? json_list(chunk, "logprobs") : NULL;
}

static size_t count_pieces(const struct run *run)
{
    size_t count = 0;

    for (size_t i = 0; i < run->count; i++)
        count += json_array_size(piece(run, i));
    return count;
}

/* The next token of the pieces.  NULL: there are no more. */
static const json_t *next(struct twice *twice)
{
    while (twice->chunk < twice->run->count
           && twice->at == json_array_size(piece(twice->run, twice->chunk))) {
        twice->chunk++;
        twice->at = 0;
    }
    return json_array_get(piece(twice->run, twice->chunk), twice->at++);
}

static bool check_token(struct twice *twice, const json_t *element)
{
    const json_t *other = next(twice);
    double here, there;
    struct token a, b;

    token_read(&a, other);
    token_read(&b, element);
    twice->count++;
    if (!other || !json_number(a.log_prob, &there) || !json_number(b.log_prob, &here)
        || token_same_value(there, here))
        return true;
    return run_fail(twice->run, twice->chunk, ERR_OUTPUTS,
                    "chunk %zu says %.9g of token %zu, and the whole answer in chunk %zu says %.9g",
                    twice->run->at[twice->chunk], there, twice->count - 1,
                    twice->run->at[twice->end], here);
}

static bool check_list(void *context, const json_t *list, const char *path)
{
    struct twice *twice = context;
    const json_t *element;
    size_t i;

    (void)path;
    if (!work_charge_each(twice->run->joiner->work, json_array_size(list), WORK_TOKEN,
                          twice->run->joiner->err))
        return false;
    json_array_foreach(list, i, element)
    {
        if (!check_token(twice, element))
            return false;
    }
    return true;
}

/* The last chunk that has something of the whole answer.  run->count: there is none. */
static size_t find_end(const struct run *run)
{
    size_t i = run->count;

    while (i > 0 && !json_below(run_chunk(run, i - 1), run->kind->output))
        i--;
    return i > 0 ? i - 1 : run->count;
}

bool stream_twice_check(const struct run *run, bool *pieces)
{
    struct twice twice = {.run = run, .end = find_end(run)};
    const size_t count = count_pieces(run);

    *pieces = false;
    if (twice.end == run->count || count == 0)
        return true;
    if (!work_charge_each(run->joiner->work, count, WORK_TOKEN, run->joiner->err)
        || !json_each(run_chunk(run, twice.end), run->kind->whole, check_list, &twice))
        return false;
    *pieces = twice.count == 0;
    return *pieces || twice.count == count
           || run_fail(run, twice.end, ERR_BAD_COUNT,
                       "chunk %zu has the whole answer with the log-probabilities of %zu tokens, "
                       "and the chunks before it have those of %zu",
                       run->at[twice.end], twice.count, count);
}
