/* engine.h - an inference engine, and the format of its answers.
 *
 * A format is a row of api/members/formats.def.  It says where in an answer the lists of tokens,
 * their ids, the engine's own counts and its reason to stop are; engine_lists.h reads an answer by
 * its row. A path ("logprobs/content", "prompt/0/logprobs", "output/N/content", with N or a star
 * for a position) is looked up below the answer, then below the response that holds the answer. Its
 * names match in snake_case and in camelCase.
 *
 * To add an engine: add a row.  Only an engine with arithmetic of its own, like rows of logits,
 * needs functions `detect` and `read` in a file of its own. */
#ifndef API_ENGINES_ENGINE_H
#define API_ENGINES_ENGINE_H

#include "api/base/error.h"
#include "api/json/dom.h"

struct engine_answer;

#define TOKEN_PLACES 3 /* where an engine may have one list */

/* A list of tokens (token_list.h).  NULL: absent. */
struct token_place {
    const char *path;
    const char *ids;    /* a list of the tokens' ids */
    const char *tops;   /* a list of lists of the most likely tokens */
    const char *labels; /* a list of lists of tokens that the request asked for */
    const char *number; /* for errors: the name of a token's number, where a token has none */
    bool maps;          /* tokens may be maps (token_map.h), or null */
};

enum engine_trait {
    ENGINE_ECHOES = 1,   /* the generated list may begin with the prompt */
    ENGINE_TEMPLATE = 2, /* the count of prompt tokens includes a chat template */
    ENGINE_LATE = 4,     /* the prompt list holds the last tokens of the prompt */
    ENGINE_SUMS_ALL = 8, /* sums and means are of the prompt, too */
    ENGINE_LABELS = 16,  /* it lists probabilities of labels, in the order that was asked */
    ENGINE_SCORES = 32,  /* it has one probability, of a label that it does not tell */
};

struct engine {
    const char *name;  /* as in the member `format` */
    const char *title; /* for documents: the engine's own name */
    const char *help;  /* for documents: which members of a response have the numbers */
    const char *ask;   /* for errors: the engine's setting that returns a missing log-probability */
    const char *family; /* formats of one family share signs: the first one that matches is meant */

    const char *lists[3];  /* members of a response that may hold a list of answers */
    const char *signs[12]; /* any of these members, even if null, shows the format ("a&b": both);
                             none:  it must be named */
    const char *unless[8]; /* ... unless one of these is there */
    struct token_place prompt[TOKEN_PLACES]; /* one of them, at most, may have tokens */
    struct token_place generated[TOKEN_PLACES];
    const char *prompt_count[4];    /* tokens of the prompt, listed or not */
    const char *generated_count[4]; /* tokens generated */
    const char *total_count[2];     /* tokens of the prompt and generated ones together */
    const char *unlisted_count[4];  /* generated tokens that are counted and not listed */
    const char *reason[4];          /* why generation stopped */
    const char *sum[2], *mean[2];   /* of the log-probabilities of generated tokens */
    unsigned traits;                /* mask of enum engine_trait */

    /* For an engine with arithmetic of its own; NULL otherwise. */
    size_t (*count)(
        const json_t *response);      /* the number of answers in a response that is no object */
    bool (*detect)(json_t *response); /* whether a response has this format, by its keys */
    bool (*read)(struct engine_answer *answer, struct error *err); /* parses answer->choice */
};

#endif
