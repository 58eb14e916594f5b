/* pair_tokens.c - whether two models say something about the same tokens. */
#include "api/routes/compare/pair_tokens.h"

#include "api/engines/listed.h"
#include "api/plan/engine_output.h"

#include <string.h>

static bool fail(const struct pair *pair, enum error_code code, struct error *err,
                 const char *detail)
{
    const struct plan *b = &pair->model[1]->plan;

    return member_fail(&b->path, pair_output_field(b), NO_ELEMENT, code, err, "%s", detail);
}

/* Without ids, the number of log-probabilities is the number of tokens. */
static bool check_lengths(const struct plan *a, const struct plan *b, struct error *err)
{
    return a->length == b->length
           || member_fail(&b->path, pair_output_field(b), NO_ELEMENT, ERR_BAD_COUNT, err,
                          "the tokens differ: %zu, and %zu of the first model", b->length,
                          a->length);
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

static bool check_texts(const struct pair *pair, size_t token, const struct told *a,
                        const struct told *b, struct error *err)
{
    const struct plan *plan = &pair->model[1]->plan;

    if (!a->text || !b->text)
        return fail(pair, ERR_BAD_COUNT, err,
                    "whether its tokens are those of the first model cannot be told: give tokens");
    return strcmp(a->text, b->text) == 0
           || member_fail(&plan->path, pair_output_field(plan), NO_ELEMENT, ERR_BAD_COUNT, err,
                          "the tokens differ: token %zu is \"%.48s\", and \"%.48s\" of the first "
                          "model",
                          token, b->text, a->text);
}

static bool check_token(const struct pair *pair, size_t token, struct error *err)
{
    const struct plan *b = &pair->model[1]->plan;
    const struct told of_a = told_of(&pair->model[0]->plan, token), of_b = told_of(b, token);

    if (of_a.id == ENGINE_NO_ID || of_b.id == ENGINE_NO_ID)
        return check_texts(pair, token, &of_a, &of_b, err);
    return of_a.id == of_b.id
           || member_fail(&b->path, pair_output_field(b), NO_ELEMENT, ERR_BAD_COUNT, err,
                          "the tokens differ: token %zu is %lld, and %lld of the first model",
                          token, (long long)of_b.id, (long long)of_a.id);
}

/* Tokens that the request does not give are those of the answers. */
static bool check_each(const struct pair *pair, struct error *err)
{
    const struct plan *a = &pair->model[0]->plan, *b = &pair->model[1]->plan;

    if (!a->output.answer && !b->output.answer)
        return true; /* the request says so */
    for (size_t token = 0; token < a->length; token++)
        if (!check_token(pair, token, err))
            return false;
    return true;
}

static bool check_split(const struct pair *pair, struct error *err)
{
    const struct plan *a = &pair->model[0]->plan, *b = &pair->model[1]->plan;

    if (pair->objectives == 0)
        return fail(pair, ERR_NO_OBJECTIVE, err,
                    "the models have no objective in common, as only one of them tells the prompt: "
                    "give prompt_length");
    return !a->split || !b->split || memcmp(a->segment, b->segment, a->length) == 0
           || fail(pair, ERR_BAD_COUNT, err,
                   "its prompt and that of the first model end at different tokens: give "
                   "prompt_length");
}

bool pair_check_tokens(const struct pair *pair, struct error *err)
{
    return check_lengths(&pair->model[0]->plan, &pair->model[1]->plan, err) && check_each(pair, err)
           && check_split(pair, err);
}
