/* engine.h - a program that runs models, and the shape in which it answers.
 *
 * An adapter (api/engines/NAME.c) defines engine_NAME and turns one answer into a struct
 * engine_answer: for each token its id (or none), its log-probability (or none), and whether it was
 * part of the prompt or generated; or, where the engine gives logits, rows.  It adds them in the
 * order of the tokens (engine_answer.h), with readers that several engines share
 * (engine_common.h), and says where the first one stands.  What the tokens are used for, and
 * whether what is missing was needed, is decided elsewhere (api/plan/engine_output.h).
 *
 * To add one: write its file, and add its name to api/members/formats.def. */
#ifndef API_ENGINES_ENGINE_H
#define API_ENGINES_ENGINE_H

#include "api/base/error.h"
#include "api/json/dom.h"

struct engine_answer;

struct engine {
    const char *name;
    const char *help; /* where in a response the numbers stand */
    const char *ask;  /* the setting of the engine that gives a log-probability which is missing */
    const char *lists[2]; /* members of a response that may hold a list of answers; NULL: none */

    /* How many answers a response holds that is no object; NULL where it is one. */
    size_t (*count)(const json_t *response);

    /* Whether a response has this shape, by its keys alone.  Several engines may say yes; then the
     * request must name the format. */
    bool (*detect)(json_t *response);

    /* Read answer->choice, of answer->response; the same where a response is one answer. */
    bool (*read)(struct engine_answer *answer, struct error *err);
};

#endif
