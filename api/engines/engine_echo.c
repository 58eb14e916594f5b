/* engine_echo.c - where the prompt ends in a list that may begin with it. */
#include "api/engines/engine_echo.h"

#include <stdio.h>
#include <string.h>

/* What is known of a list of `count` entries. */
struct echo {
    size_t count, prompt, generated; /* the counts may be START_UNKNOWN */
    bool none;  /* the first entry has no log-probability, like the first token of a prompt */
    bool whole; /* the answer's text is that of the listed tokens */
    bool chat;
};

/* Whether the text of the answer is that of its tokens: then none is missing. */
static bool is_whole(const struct engine_answer *answer, size_t from)
{
    const char *text = json_string_value(json_object_get(answer->choice, "text"));

    if (!text || answer->count == from)
        return false;
    for (size_t i = from; i < answer->count; i++) {
        const char *token = json_string_value(answer->entry[i].said);
        const size_t length = token ? strlen(token) : 0;

        if (!token || strncmp(text, token, length) != 0)
            return false;
        text += length;
    }
    return *text == '\0';
}

static bool fail(const struct engine_answer *answer, const struct engine_told *told,
                 const struct echo *echo, struct error *err)
{
    char prompt[64] = "", generated[64] = "";

    if (echo->prompt != START_UNKNOWN)
        snprintf(prompt, sizeof prompt, "%s %zu", told->prompt_name, echo->prompt);
    if (echo->generated != START_UNKNOWN)
        snprintf(generated, sizeof generated, "%s%s %zu", prompt[0] ? " and " : "",
                 told->generated_name, echo->generated);
    return engine_answer_fail(
        answer, NO_LIST, 0, ERR_BAD_COUNT, err,
        "%zu tokens are listed%s, and %s%s are told: the answer is not whole", echo->count,
        echo->none ? " (the first without a log-probability, as in a prompt)" : "", prompt,
        generated);
}

/* Both counts are told: the list has both parts, or only the generated one.  A server that was
 * asked for no token may count one that it does not list; then the text must show that none is
 * missing. */
static bool split_by_both(const struct echo *echo, const struct engine_told *told, size_t *prompt)
{
    const size_t both = echo->prompt + echo->generated, hidden = told->unlisted + told->has_more;
    const size_t stop = told->ends_itself;

    *prompt = 0;
    if (echo->count == echo->generated)
        return true;
    if (echo->count == both && !(echo->chat && echo->generated == 0)) {
        *prompt = echo->prompt;
        return true;
    }
    if (echo->none && echo->count == echo->prompt && echo->generated == 1 && echo->whole
        && (told->total == START_UNKNOWN || told->total == both)) {
        *prompt = echo->prompt;
        return true;
    }
    return !echo->none && echo->count < echo->generated
           && (echo->generated - echo->count <= hidden + stop || told->has_more);
}

static bool split_by_one(const struct echo *echo, size_t *prompt)
{
    if (echo->prompt != START_UNKNOWN) {
        *prompt = echo->count >= echo->prompt && (echo->none || echo->count == echo->prompt)
                      ? echo->prompt
                      : 0;
        return !echo->none || echo->count >= echo->prompt;
    }
    *prompt = echo->none && echo->count > echo->generated ? echo->count - echo->generated : 0;
    return echo->count <= echo->generated || *prompt > 0;
}

/* ---- a list that repeats the prompt ---- */

static bool check_repeated(const struct engine_answer *answer, size_t from, size_t count,
                           struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct engine_entry *a = &answer->entry[i], *b = &answer->entry[from + i];
        const bool ids = a->id != ENGINE_NO_ID && b->id != ENGINE_NO_ID && a->id != b->id;

        if (!ids
            && (a->state != ENTRY_KNOWN || b->state != ENTRY_KNOWN
                || token_same_value(a->log_prob, b->log_prob)))
            continue;
        return engine_answer_fail(answer, b->list, b->at, ERR_OUTPUTS, err,
                                  "token %zu of the prompt stands in two lists, with different %s",
                                  i, ids ? "ids" : "log-probabilities");
    }
    return true;
}

static void remove_entries(struct engine_answer *answer, size_t from, size_t count)
{
    memmove(answer->entry + from, answer->entry + from + count,
            (answer->count - from - count) * sizeof *answer->entry);
    answer->count -= count;
}

/* The list follows a list of the whole prompt, of `from` entries, which it may repeat. */
static bool drop_repeated(struct engine_answer *answer, const struct engine_told *told,
                          const struct echo *echo, size_t from, struct error *err)
{
    const bool known = echo->generated != START_UNKNOWN;
    const bool repeats = known ? echo->count == from + echo->generated
                                     || (echo->none && echo->count == from && echo->generated <= 1)
                               : echo->none && echo->count >= from;

    if (known && echo->count == echo->generated && !(echo->none && repeats))
        return true;
    if (!repeats)
        return engine_told_check(answer, told, echo->count, err);
    if (!check_repeated(answer, from, from, err))
        return false;
    remove_entries(answer, from, from);
    return true;
}

bool engine_echo_split(struct engine_answer *answer, const struct engine_told *told, size_t from,
                       size_t *prompt, struct error *err)
{
    const struct echo echo = {.count = answer->count - from,
                              .prompt = told->prompt,
                              .generated = told->generated,
                              .none =
                                  answer->count > from && answer->entry[from].state != ENTRY_KNOWN,
                              .whole = is_whole(answer, from),
                              .chat = engine_told_chat(answer)};
    bool fits = true;

    *prompt = 0;
    answer->unsure =
        !echo.chat && (told->prompt == START_UNKNOWN || told->generated == START_UNKNOWN);
    if (from > 0)
        return drop_repeated(answer, told, &echo, from, err);
    if (told->prompt != START_UNKNOWN && told->generated != START_UNKNOWN)
        fits = split_by_both(&echo, told, prompt);
    else if (echo.chat) /* only both counts can tell that a template was listed, too */
        return true;
    else if (told->prompt != START_UNKNOWN || told->generated != START_UNKNOWN)
        fits = split_by_one(&echo, prompt);
    else if (echo.none)
        *prompt = echo.count;
    return fits || fail(answer, told, &echo, err);
}
