/* listed.h - the distribution that an engine lists at one generated token.
 *
 * Chat engines give no log-probability of a choice, but the most likely tokens at a position.  A
 * question whose choices are single tokens ("A", "B") is answered from these. */
#ifndef API_ENGINES_LISTED_H
#define API_ENGINES_LISTED_H

#include "api/engines/engine_answer.h"

struct listed_token {
    int64_t id;       /* ENGINE_NO_ID: not told */
    const char *text; /* NULL: not told */
    size_t length;    /* of text, in bytes */
    double log_prob;  /* nats */
};

struct listed {
    struct listed_token *token; /* the generated one, then all others; some may be listed twice */
    size_t count;
    size_t list, at; /* the element of the answer, for errors (engine_answer_pointer()) */
};

/* The text of an entry's token.  NULL: it is not told. */
const char *engine_entry_text(const struct engine_entry *entry);

/* Collect the tokens that the answer lists at generated token `position`, counted from 0.  The
 * tokens are allocated in the answer's arena and charged as work.  False with *err set: there is no
 * such token, or memory or work is used up. */
bool engine_listed(struct engine_answer *answer, size_t position, struct listed *listed,
                   struct error *err);

#endif
