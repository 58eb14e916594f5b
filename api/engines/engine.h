/* engine.h - an inference engine, and the format of its answers.
 *
 * An adapter (api/engines/NAME.c) defines engine_NAME.  It parses one answer into a struct
 * engine_answer: for each token its id and log-probability (either may be absent), and whether it
 * is part of the prompt or generated; or rows, if the engine returns logits.  It adds entries in
 * token order (engine_answer.h) and sets the token of the first one.  Parsers that several engines
 * share are in engine_common.h.  How the entries apply to a sequence, and whether a missing one is
 * needed, is decided in api/plan/engine_output.h.
 *
 * To add an engine: write its file, and add its name to api/members/formats.def. */
#ifndef API_ENGINES_ENGINE_H
#define API_ENGINES_ENGINE_H

#include "api/base/error.h"
#include "api/json/dom.h"

struct engine_answer;

struct engine {
    const char *name; /* as in the member `format` */
    const char *help; /* for documents: which members of a response have the numbers */
    const char *ask;  /* for errors: the engine's setting that returns a missing log-probability */
    const char *lists[2]; /* members of a response that may hold a list of answers; NULL: none */

    /* The number of answers in a response that is not an object.  NULL: it is one. */
    size_t (*count)(const json_t *response);

    /* Whether a response has this format, judged by its keys alone.  If several engines match, the
     * request must name the format. */
    bool (*detect)(json_t *response);

    /* Parse answer->choice, which is an element of answer->response or the response itself.  False
     * with *err set. */
    bool (*read)(struct engine_answer *answer, struct error *err);
};

#endif
