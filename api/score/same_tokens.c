/* same_tokens.c - whether two outputs say something about the same tokens. */
#include "api/score/same_tokens.h"

#include "api/engines/listed.h"
#include "api/plan/engine_output.h"
#include "api/plan/model_output.h"

#include <string.h>

/* The two outputs. */
struct two {
    const struct plan *a, *b;
    const char *first; /* what a is called */
    struct error *err;
};

/* Without ids, the number of log-probabilities is the number of tokens. */
static bool check_lengths(const struct two *two)
{
    const struct plan *b = two->b;

    return two->a->length == b->length
           || member_fail(&b->path, model_output_field(b), NO_ELEMENT, ERR_BAD_COUNT, two->err,
                          "the tokens differ: %zu, and %zu of %s", b->length, two->a->length,
                          two->first);
}

/* What is told of a token. */
struct told {
    int64_t id;       /* ENGINE_NO_ID: not told */
    const char *text; /* NULL: not told */
};

static struct told told_of(const struct plan *plan, size_t token)
{
    const struct engine_entry *entry =
        plan->output.answer ? engine_output_entry(&plan->output, token) : NULL;

    return (struct told){.id = plan->ids ? plan->ids[token]
                               : entry   ? entry->id
                                         : ENGINE_NO_ID,
                         .text = entry ? engine_entry_text(entry) : NULL};
}

static bool check_texts(const struct two *two, size_t token, const struct told *a,
                        const struct told *b)
{
    const struct plan *plan = two->b;

    if (!a->text || !b->text)
        return member_fail(
            &plan->path, model_output_field(plan), NO_ELEMENT, ERR_BAD_COUNT, two->err,
            "whether its tokens are those of %s cannot be told: give tokens", two->first);
    return strcmp(a->text, b->text) == 0
           || member_fail(&plan->path, model_output_field(plan), NO_ELEMENT, ERR_BAD_COUNT,
                          two->err,
                          "the tokens differ: token %zu is \"%.48s\", and \"%.48s\" of %s", token,
                          b->text, a->text, two->first);
}

static bool check_token(const struct two *two, size_t token)
{
    const struct told of_a = told_of(two->a, token), of_b = told_of(two->b, token);

    if (of_a.id == ENGINE_NO_ID || of_b.id == ENGINE_NO_ID)
        return check_texts(two, token, &of_a, &of_b);
    return of_a.id == of_b.id
           || member_fail(&two->b->path, model_output_field(two->b), NO_ELEMENT, ERR_BAD_COUNT,
                          two->err, "the tokens differ: token %zu is %lld, and %lld of %s", token,
                          (long long)of_b.id, (long long)of_a.id, two->first);
}

/* Tokens that the request does not give are those of the answers. */
bool same_tokens(const struct plan *a, const struct plan *b, const char *first, struct error *err)
{
    const struct two two = {a, b, first, err};

    if (!check_lengths(&two))
        return false;
    if (!a->output.answer && !b->output.answer)
        return true; /* the request says so */
    for (size_t token = 0; token < a->length; token++)
        if (!check_token(&two, token))
            return false;
    return true;
}

bool same_split(const struct plan *a, const struct plan *b, const char *first, struct error *err)
{
    return !a->split || !b->split || memcmp(a->segment, b->segment, a->length) == 0
           || member_fail(&b->path, model_output_field(b), NO_ELEMENT, ERR_BAD_COUNT, err,
                          "its prompt and that of %s end at different tokens: give prompt_length",
                          first);
}
