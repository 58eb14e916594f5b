/* label_scores.c - answers of scoring routes. */
#include "api/engines/label_scores.h"

#include "core/real.h"
#include "core/sum.h"

#include "api/engines/engine_answer.h"

static bool add_score(struct engine_answer *answer, size_t list, size_t at, const json_t *score,
                      struct error *err)
{
    const double value = json_number_value(score);
    struct engine_entry *entry;

    if (!json_is_number(score))
        return engine_answer_fail(answer, list, at, ERR_BAD_SHAPE, err,
                                  "a score must be a number, a probability");
    if (!(value >= 0 && value <= 1 + ENGINE_SLACK))
        return engine_answer_fail(answer, list, at, ERR_OUT_OF_RANGE, err,
                                  "%g is no probability: it must be from 0 to 1", value);
    entry = engine_answer_add(answer, list, at, NULL, NULL, err);
    if (!entry)
        return false;
    entry->state = ENTRY_KNOWN;
    entry->log_prob = engine_answer_judge(answer, list, at, real_log(value));
    if (value == 0)
        engine_answer_notice(answer, WARNING_ZERO_SCORE, list, at);
    return true;
}

/* The entries are the tokens after the prompt, which is not listed. */
static void place(struct engine_answer *answer)
{
    answer->start = START_UNKNOWN;
    answer->prompt = 0;
    engine_answer_notice(answer, WARNING_SCORES, NO_LIST, 0);
}

/* A label that is less likely than another one is surely not the most likely token. */
static void judge_greedy(struct engine_answer *answer)
{
    double most = answer->entry[0].log_prob;

    for (size_t i = 1; i < answer->count; i++)
        if (answer->entry[i].log_prob > most)
            most = answer->entry[i].log_prob;
    for (size_t i = 0; i < answer->count; i++)
        if (answer->entry[i].log_prob < most)
            answer->entry[i].greedy = ANSWER_NO;
}

bool label_scores_read(struct engine_answer *answer, struct error *err)
{
    const size_t list = engine_answer_list(answer, true, "", NULL);
    struct sum sum = {0};

    place(answer);
    if (!json_is_array(answer->choice) || json_array_size(answer->choice) == 0)
        return engine_answer_fail(answer, NO_LIST, 0, ERR_BAD_SHAPE, err,
                                  "must be a list of probabilities, one of each label");
    for (size_t i = 0; i < json_array_size(answer->choice); i++) {
        if (!add_score(answer, list, i, json_array_get(answer->choice, i), err))
            return false;
        sum_add(&sum, json_number_value(json_array_get(answer->choice, i)));
    }
    judge_greedy(answer);
    return sum_result(&sum) <= 1 + ENGINE_SLACK
           || engine_answer_fail(answer, NO_LIST, 0, ERR_OUTPUTS, err,
                                 "the probabilities of the labels add up to %.3g, more than 1",
                                 sum_result(&sum));
}

bool label_score_read(struct engine_answer *answer, struct error *err)
{
    place(answer);
    return add_score(answer, NO_LIST, 0, json_object_get(answer->choice, "score"), err);
}
