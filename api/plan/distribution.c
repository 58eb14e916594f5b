/* distribution.c - the tokens that an engine lists at one place. */
#include "api/plan/distribution.h"

#include "core/real.h"
#include "core/sum.h"

#include "api/base/arena_error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- order ---- */

static int compare_texts(const char *a, size_t length_a, const char *b, size_t length_b)
{
    if (length_a != length_b)
        return length_a < length_b ? -1 : 1;
    return memcmp(a, b, length_a);
}

/* Tokens that are equal are in the order of the list. */
static int by_id(const void *a, const void *b)
{
    const struct listed_token *of_a = *(const struct listed_token *const *)a;
    const struct listed_token *of_b = *(const struct listed_token *const *)b;

    if (of_a->id != of_b->id)
        return of_a->id < of_b->id ? -1 : 1;
    return (of_a > of_b) - (of_a < of_b);
}

static int by_text(const void *a, const void *b)
{
    const struct listed_token *of_a = *(const struct listed_token *const *)a;
    const struct listed_token *of_b = *(const struct listed_token *const *)b;
    const int texts = compare_texts(of_a->text, of_a->length, of_b->text, of_b->length);

    return texts != 0 ? texts : by_id(a, b);
}

/* ---- reading ---- */

static bool fail(const struct engine_answer *answer, const struct distribution *distribution,
                 enum error_code code, struct error *err, const char *detail)
{
    return engine_answer_fail(answer, distribution->listed.list, distribution->listed.at, code, err,
                              "%s", detail);
}

static bool check_log_probs(const struct engine_answer *answer,
                            const struct distribution *distribution, struct error *err)
{
    const struct listed *listed = &distribution->listed;

    for (size_t i = 0; i < listed->count; i++)
        if (listed->token[i].log_prob > ENGINE_SLACK)
            return engine_answer_fail(answer, listed->list, listed->at, ERR_OUT_OF_RANGE, err,
                                      "%g is not a log-probability, and a token has it in the list "
                                      "here: it must be at most 0",
                                      listed->token[i].log_prob);
    return listed->count > 0
           || fail(answer, distribution, ERR_OUTPUTS, err, "no token has a log-probability here");
}

/* Keep one of the tokens with the same id. */
static bool drop_copies(const struct engine_answer *answer, struct distribution *distribution,
                        struct error *err)
{
    const struct listed *listed = &distribution->listed;
    const struct listed_token **all = distribution->by_id;
    size_t kept = 0;

    for (size_t i = 0; i < distribution->ids; i++) {
        if (kept == 0 || all[kept - 1]->id != all[i]->id) {
            all[kept++] = all[i];
            continue;
        }
        if (!token_same_value(all[kept - 1]->log_prob, all[i]->log_prob))
            return engine_answer_fail(answer, listed->list, listed->at, ERR_OUTPUTS, err,
                                      "token %lld is listed with the log-probabilities %.17g and "
                                      "%.17g",
                                      (long long)all[i]->id, all[kept - 1]->log_prob,
                                      all[i]->log_prob);
    }
    distribution->ids = kept;
    return true;
}

/* Whether a token is the one in by_id, and not a copy of it. */
static bool is_kept(const struct distribution *distribution, const struct listed_token *token)
{
    return token->id == ENGINE_NO_ID || distribution_id(distribution, token->id) == token;
}

static bool sort(const struct engine_answer *answer, struct distribution *distribution,
                 struct error *err)
{
    const struct listed *listed = &distribution->listed;

    distribution->by_id = arena_new(answer->arena, const struct listed_token *, listed->count);
    distribution->by_text = arena_new(answer->arena, const struct listed_token *, listed->count);
    distribution->taken = arena_new(answer->arena, struct taken, listed->count);
    if (!distribution->by_id || !distribution->by_text || !distribution->taken)
        return arena_fail(answer->arena, err);
    for (size_t i = 0; i < listed->count; i++)
        if (listed->token[i].id != ENGINE_NO_ID)
            distribution->by_id[distribution->ids++] = &listed->token[i];
    qsort(distribution->by_id, distribution->ids, sizeof *distribution->by_id, by_id);
    if (!drop_copies(answer, distribution, err))
        return false;
    for (size_t i = 0; i < listed->count; i++)
        if (listed->token[i].text && is_kept(distribution, &listed->token[i]))
            distribution->by_text[distribution->texts++] = &listed->token[i];
    qsort(distribution->by_text, distribution->texts, sizeof *distribution->by_text, by_text);
    return true;
}

/* Tokens exclude each other, so their probabilities add up to 1 at most. */
static bool check_sum(const struct engine_answer *answer, const struct distribution *distribution,
                      struct error *err)
{
    const bool has_ids = distribution->ids > 0;
    const struct listed_token **all = has_ids ? distribution->by_id : distribution->by_text;
    const size_t count = has_ids ? distribution->ids : distribution->texts;
    struct sum sum = {0};

    for (size_t i = 0; i < count; i++)
        sum_add(&sum, real_exp(all[i]->log_prob));
    return sum_result(&sum) <= 1 + ENGINE_SLACK
           || engine_answer_fail(answer, distribution->listed.list, distribution->listed.at,
                                 ERR_OUTPUTS, err,
                                 "the probabilities of the tokens listed here add up to %.3g, more "
                                 "than 1",
                                 sum_result(&sum));
}

/* The first listed token is the generated one.  If the answer tells whether it is the most likely
 * one, the most likely ones are listed.  More than half of all is the most likely, too. */
static void find_ends(struct distribution *distribution, const struct engine_answer *answer)
{
    const struct listed *listed = &distribution->listed;
    const struct engine_entry *entry = &answer->entry[answer->prompt + distribution->position];
    const bool alone = entry->alone && answer->listed < 2;
    const struct listed_token *best = &listed->token[0];
    bool tie = false;

    distribution->least = best->log_prob;
    for (size_t i = 1; i < listed->count; i++) {
        const struct listed_token *token = &listed->token[i];

        if (!is_kept(distribution, token))
            continue;
        distribution->least = fmin(distribution->least, token->log_prob);
        tie = token->log_prob == best->log_prob || (tie && token->log_prob < best->log_prob);
        if (token->log_prob > best->log_prob)
            best = token;
    }
    distribution->most = best->log_prob;
    if (best->log_prob > real_log(0.5) || (!tie && !alone && entry->greedy != ANSWER_UNKNOWN))
        distribution->best = best;
}

bool distribution_read(struct distribution *distribution, struct engine_answer *answer,
                       size_t position, struct error *err)
{
    if (distribution->answer == answer->choice && distribution->position == position)
        return true;
    *distribution = (struct distribution){.position = position};
    if (!engine_listed(answer, position, &distribution->listed, err)
        || !check_log_probs(answer, distribution, err) || !sort(answer, distribution, err)
        || !check_sum(answer, distribution, err))
        return false;
    find_ends(distribution, answer);
    distribution->answer = answer->choice;
    return true;
}

/* ---- looking up ---- */

const struct listed_token *distribution_id(const struct distribution *distribution, int64_t id)
{
    size_t low = 0, high = distribution->ids;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (distribution->by_id[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < distribution->ids && distribution->by_id[low]->id == id ? distribution->by_id[low]
                                                                         : NULL;
}

/* Compare a text with that of a token of by_text. */
static int compare_at(const struct distribution *distribution, size_t at, const char *text,
                      size_t length)
{
    const struct listed_token *token = distribution->by_text[at];

    return compare_texts(token->text, token->length, text, length);
}

size_t distribution_text(const struct distribution *distribution, const char *text, size_t length,
                         size_t *count)
{
    size_t low = 0, high = distribution->texts;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (compare_at(distribution, middle, text, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < distribution->texts
           && compare_at(distribution, low + *count, text, length) == 0)
        ++*count;
    return low;
}
