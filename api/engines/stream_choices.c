/* stream_choices.c - the choices of a stream, followed from chunk to chunk. */
#include "api/engines/stream_choices.h"

#include "api/base/arena_error.h"
#include "api/base/count_of.h"
#include "api/engines/engine_value.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NONE ((size_t)-1)
#define ROUNDED 1e-3 /* what printing few decimals changes in a mean */

/* One choice.  Chunks are told by their positions in the list. */
struct stream_choice {
    size_t ended;    /* the chunk that said that it is complete */
    size_t listed;   /* the first one with log-probabilities */
    size_t unlisted; /* the first one that has text alone */
    size_t formed;   /* the first one whose `form` is known */
    json_type form;  /* of what has its log-probabilities */
    double sum;      /* of the log-probabilities so far ... */
    size_t numbers;  /* ... and how many they are */
};

bool stream_choices_init(struct stream_choices *choices, const struct run *run)
{
    *choices = (struct stream_choices){
        .run = run, .places = dom_object(&run->joiner->dom), .with_index = NONE, .without = NONE};
    return choices->places || arena_fail(run->joiner->arena, run->joiner->err);
}

/* ---- what a chunk has of a choice ---- */

/* Whether a chunk has log-probabilities of a choice: a list of them, or a number. */
static bool has_entries(const struct stream_kind *kind, const json_t *choice)
{
    for (size_t i = 0; i < COUNT(kind->listed) && kind->listed[i]; i++) {
        const json_t *value = json_below(choice, kind->listed[i]);

        if (json_array_size(value) > 0 || json_is_number(value))
            return true;
    }
    return false;
}

static bool has_text(const struct stream_kind *kind, const json_t *choice)
{
    for (size_t i = 0; i < COUNT(kind->text) && kind->text[i]; i++)
        if (json_string_length(json_below(choice, kind->text[i])) > 0)
            return true;
    return false;
}

/* ---- choices ---- */

static bool grow(struct stream_choices *choices)
{
    const size_t size = sizeof *choices->choices, room = 2 * choices->room + 4;
    struct arena *arena = choices->run->joiner->arena;
    struct stream_choice *grown;

    if (choices->count < choices->room)
        return true;
    grown = arena_grow(arena, choices->choices, choices->room * size, room * size);
    if (!grown)
        return arena_fail(arena, choices->run->joiner->err);
    choices->choices = grown;
    choices->room = room;
    return true;
}

/* The choice with a key; a new one, if there is none.  NULL with the error set. */
static struct stream_choice *find(struct stream_choices *choices, const char *key)
{
    struct joiner *joiner = choices->run->joiner;
    const json_t *place = json_object_get(choices->places, key);

    if (place)
        return &choices->choices[json_integer_value(place)];
    if (!grow(choices))
        return NULL;
    if (!dom_put(&joiner->dom, choices->places, key, strlen(key),
                 dom_integer(&joiner->dom, (json_int_t)choices->count))) {
        arena_fail(joiner->arena, joiner->err);
        return NULL;
    }
    choices->choices[choices->count] =
        (struct stream_choice){.ended = NONE, .listed = NONE, .unlisted = NONE, .formed = NONE};
    return &choices->choices[choices->count++];
}

static void remember(size_t *first, size_t chunk)
{
    *first = *first == NONE ? chunk : *first;
}

/* Choices are told by `index`: all have one, or there is one choice. */
static bool check_index(struct stream_choices *choices, size_t i, const json_t *index)
{
    const struct run *run = choices->run;

    remember(index ? &choices->with_index : &choices->without, run->at[i]);
    return choices->with_index == NONE || choices->without == NONE
           || run_fail(run, i, ERR_OUTPUTS,
                       "the choice in chunk %zu has no index, and the one in chunk %zu has one",
                       choices->without, choices->with_index);
}

/* Add the numbers of a choice's tokens.  A mean beside them is of this chunk, or of all so far. */
static bool check_mean(const struct run *run, size_t i, struct stream_choice *state,
                       const json_t *choice)
{
    const json_t *list = json_list(choice, run->kind->numbers), *entry;
    const json_t *told = json_below(choice, run->kind->mean);
    const size_t count = json_array_size(list);
    double sum = 0, mean = 0, all, number;
    size_t j;

    json_array_foreach(list, j, entry)
    {
        if (json_number(json_below(entry, run->kind->number), &number))
            sum += number;
    }
    state->sum += sum;
    state->numbers += count;
    if (!json_number(told, &mean) || count == 0)
        return true;
    sum /= (double)count;
    all = state->sum / (double)state->numbers;
    return fabs(mean - sum) <= ROUNDED || fabs(mean - all) <= ROUNDED || !isfinite(all)
           || run_fail(run, i, ERR_OUTPUTS,
                       "%s of chunk %zu is %.9g, and the mean of its log-probabilities is %.9g "
                       "(%.9g with those before it)",
                       run->kind->mean, run->at[i], mean, sum, all);
}

static const char *name_of(json_type form)
{
    return form == JSON_OBJECT   ? "an object"
           : form == JSON_ARRAY  ? "a list"
           : form == JSON_STRING ? "a text"
           : form == JSON_REAL   ? "a number"
                                 : "true or false";
}

static bool is_container(json_type form)
{
    return form == JSON_OBJECT || form == JSON_ARRAY;
}

/* What has the log-probabilities is of one form in all chunks of a choice: others are not joined.
 * (A text in place of a number is left to the reader.) */
static bool check_form(const struct run *run, size_t i, struct stream_choice *state,
                       const json_t *choice)
{
    const char *path = run->kind->listed[0];
    const json_t *value = path ? json_below(choice, path) : NULL;
    json_type form;

    if (!value || json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0))
        return true;
    form = json_is_integer(value) ? JSON_REAL : json_typeof(value);
    if (state->formed == NONE)
        state->form = form;
    remember(&state->formed, run->at[i]);
    return form == state->form || !(is_container(form) || is_container(state->form))
           || run_fail(run, i, ERR_OUTPUTS, "%s of chunk %zu is %s, and in chunk %zu it is %s",
                       path, run->at[i], name_of(form), state->formed, name_of(state->form));
}

static bool add_choice(struct stream_choices *choices, size_t i, const json_t *choice,
                       size_t position)
{
    const struct run *run = choices->run;
    const json_t *index = run->kind->choices ? json_object_get(choice, "index") : NULL;
    const bool text = has_text(run->kind, choice), entries = has_entries(run->kind, choice);
    struct stream_choice *state;
    char key[24];

    index = json_is_integer(index) ? index : NULL;
    snprintf(key, sizeof key, "%lld",
             index ? (long long)json_integer_value(index) : (long long)position);
    state = find(choices, key);
    if (!state || !check_index(choices, i, index))
        return false;
    if (state->ended != NONE && (text || entries))
        return run_fail(run, i, ERR_OUTPUTS,
                        "chunk %zu has more of choice %s, which ended with chunk %zu: chunks are "
                        "out of order, or of two answers",
                        run->at[i], key, state->ended);
    if (entries)
        remember(&state->listed, run->at[i]);
    else if (text)
        remember(&state->unlisted, run->at[i]);
    if (stream_says_end(json_below(choice, run->kind->end)))
        remember(&state->ended, run->at[i]);
    return check_form(run, i, state, choice)
           && (!run->kind->mean || check_mean(run, i, state, choice));
}

bool stream_choices_add(struct stream_choices *choices, size_t i)
{
    const struct run *run = choices->run;
    json_t *chunk = run_chunk(run, i), *list, *choice;
    size_t j;

    if (run->kind->lifts && !lift_takes(run->kind->lifts, chunk))
        return true;
    if (!run->kind->choices)
        return add_choice(choices, i, chunk, 0);
    list = json_object_get(chunk, run->kind->choices);
    if (list && !json_is_null(list) && !json_is_array(list))
        return run_fail(run, i, ERR_OUTPUTS, "%s of chunk %zu must be a list", run->kind->choices,
                        run->at[i]);
    json_array_foreach(list, j, choice)
    {
        if (!work_charge(run->joiner->work, WORK_TOKEN, run->joiner->err)
            || !add_choice(choices, i, choice, j))
            return false;
    }
    return true;
}

/* Where some chunks of a choice have log-probabilities, all that have text must. */
bool stream_choices_end(const struct stream_choices *choices, bool *ended)
{
    struct run at = *choices->run;

    *ended = true;
    for (size_t i = 0; i < choices->count; i++) {
        const struct stream_choice *choice = &choices->choices[i];

        *ended = *ended && choice->ended != NONE;
        at.at = &(size_t){choice->unlisted};
        if (choice->unlisted != NONE && choice->listed != NONE)
            return run_fail(&at, 0, ERR_OUTPUTS,
                            "chunk %zu has text and no log-probabilities, and chunk %zu has both",
                            choice->unlisted, choice->listed);
    }
    return true;
}
