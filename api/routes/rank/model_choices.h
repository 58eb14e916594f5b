/* model_choices.h - the scored sequences of a request to POST /v1/rank: which choice, of which
 * question and model, each of them is. */
#ifndef API_ROUTES_RANK_MODEL_CHOICES_H
#define API_ROUTES_RANK_MODEL_CHOICES_H

#include "api/exchange/api.h"
#include "api/score/scores.h"

/* The most models of a request. */
enum { MOST_MODELS = 2 };

/* The scored choices of one model, in the order of the questions; all choices if a request has no
 * models. */
struct model_choices {
    struct scored **choices;
    size_t count;
};

/* The models that the scored sequences are of: 1 without `models`. */
size_t model_choices_models(const struct scores *scores);

/* The choices of a model.  False with x->error set: memory is used up. */
bool model_choices_make(struct model_choices *of, const struct scores *scores, size_t model,
                        struct exchange *x);

/* The choice that a sequence is: its object, in which members may be its own. */
const struct holder *choice_holder(const struct scored *scored);

/* The path to the question around a choice, which may be the request. */
struct sequence_path choice_question(const struct scored *scored);

#endif
