/* distribution.h - the tokens that an engine lists at one place, to be looked up by id or text.
 *
 * The choices of a question look up their labels one after the other, so the tokens of the latest
 * answer are remembered. */
#ifndef API_PLAN_DISTRIBUTION_H
#define API_PLAN_DISTRIBUTION_H

#include "api/engines/listed.h"

struct distribution {
    const json_t *answer; /* whose tokens these are; NULL: none yet */
    size_t position;      /* of the generated token */

    struct listed listed;
    const struct listed_token **by_id, **by_text; /* those with an id, each once; with a text */
    struct taken {
        const json_t *question; /* whose choice has that text; NULL: none yet */
        size_t choice;
    } * taken; /* of each entry of by_text, if several follow with its text */
    size_t ids, texts;
    double least, most; /* the smallest log-probability listed, and the largest */
    /* The most likely token of all, listed or not.  NULL: not known. */
    const struct listed_token *best;
};

/* Read the tokens that an answer lists at generated token `position`, unless they are remembered.
 * False with *err set: there are none, they contradict each other or are no log-probabilities, or
 * memory or work is used up. */
bool distribution_read(struct distribution *distribution, struct engine_answer *answer,
                       size_t position, struct error *err);

/* The token with an id.  NULL: it is not listed. */
const struct listed_token *distribution_id(const struct distribution *distribution, int64_t id);

/* The index in by_text of the first token with a text; *count is the number of tokens with it that
 * follow each other from there. */
size_t distribution_text(const struct distribution *distribution, const char *text, size_t length,
                         size_t *count);

#endif
