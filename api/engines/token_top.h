/* token_top.h - the most likely tokens that an engine lists beside a token.
 *
 * They show whether the token is the argmax, and may contradict its own log-probability.  A list
 * has any of the forms of token.h, or is a map from texts or ids to log-probabilities. */
#ifndef API_ENGINES_TOKEN_TOP_H
#define API_ENGINES_TOKEN_TOP_H

#include "api/engines/engine_answer.h"
#include "api/engines/token.h"

/* At most this many tokens of a list are visited; the most likely ones come first.  A list may be
 * as long as the vocabulary, and many sequences may share the answer. */
#define LISTED_MOST 128

/* What the listed tokens show of an entry. */
struct rivals {
    size_t count;   /* tokens listed, with the entry's own */
    size_t others;  /* tokens with a log-probability, without the entry's own */
    double best;    /* the largest log-probability of these */
    size_t own;     /* how often the entry's own token is listed ... */
    bool agrees;    /* ... and whether some of these have its log-probability */
    double told;    /* the log-probability of one that has another */
    double least;   /* the smallest log-probability of those that are not the own one */
    double last;    /* the log-probability of the latest one */
    bool unsorted;  /* one stands behind a less likely one */
    bool own_first; /* the entry's own token is the first one */
};

/* Count a listed token.  `is_own`: it is the entry's own. */
void rivals_add(struct rivals *rivals, const struct engine_entry *entry, const json_t *log_prob,
                bool is_own);
/* Set entry->greedy from the listed tokens: yes or no if the entry is above or below the best other
 * one; unchanged if they are equal. */
void rivals_judge(struct engine_answer *answer, struct engine_entry *entry,
                  const struct rivals *rivals);

/* Walks a list of tokens.  *token and *id are the next one's; `text` is its text, or NULL. */
struct token_walk {
    const json_t *list;
    void *key;       /* for a map */
    size_t at, most; /* tokens visited, and the most to visit */
    bool ids;        /* the keys of a map are ids */
};

/* Start at the first token of at most `most`.  The keys of a map are texts, or with `ids` ids. */
struct token_walk token_walk_begin(const json_t *list, bool ids, size_t most);
/* False: there are no more. */
bool token_walk_next(struct token_walk *walk, struct token *token, int64_t *id, const char **text);

/* Whether a token of a list is one: it has an id or a text, and a log-probability (or NaN).  False
 * with *err set, at element `at` of list `list` of the answer. */
bool token_listed_check(const struct engine_answer *answer, size_t list, size_t at,
                        const struct token *token, int64_t id, const char *text, struct error *err);

/* Judge the entry of a token by the list beside it (`top`; NULL: none).  False with *err set: the
 * list has another log-probability for the token. */
bool token_top_read(struct engine_answer *answer, struct engine_entry *entry,
                    const struct token *token, const json_t *top, bool ids, struct error *err);

#endif
