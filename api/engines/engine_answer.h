/* engine_answer.h - what an engine's answer says, token by token.
 *
 * An adapter (engine.h) fills it with the functions below.  What it says points at where it was
 * said: a list of the answer, and an element of it. */
#ifndef API_ENGINES_ENGINE_ANSWER_H
#define API_ENGINES_ENGINE_ANSWER_H

#include "core/arena.h"
#include "core/dtype.h"
#include "core/objective_value.h"

#include "api/base/work.h"
#include "api/engines/engine.h"
#include "api/engines/engine_warning.h"

/* A log-probability of half precision may be rounded up so far. */
#define ENGINE_MOST_ABOVE 1e-2

#define ENGINE_NO_ID INT64_C(-1)
#define NO_LIST ((size_t)-1)

/* What is said of one token. */
struct engine_entry {
    int64_t id; /* ENGINE_NO_ID: not told */
    double log_prob;
    enum { ENTRY_NULL, ENTRY_NAN, ENTRY_KNOWN } state;
    enum answer greedy;
    bool alone;  /* greedy is yes only if more than the token itself was listed anywhere */
    size_t list; /* where it stands: element `at` of this list */
    size_t at;
};

/* A list in the answer, for errors and warnings. */
struct engine_list {
    bool of_choice;     /* below the choice, else below the response */
    const char *path;   /* "logprobs/token_logprobs" */
    const char *member; /* of an element: "logprob"; NULL: the element itself */
};

#define ANSWER_LISTS 6
#define START_UNKNOWN ((size_t)-1) /* the tokens are the last ones of the sequence */

struct engine_answer {
    /* What is read. */
    const struct engine *engine;
    bool detected; /* the format was not named */
    json_t *response, *choice;
    const char *response_path, *choice_path; /* "/outputs", "/outputs/choices/0" */
    bool only;                               /* the response holds no other answer */
    size_t index;                            /* of the answer */
    bool shared;                             /* the answer is about other sequences, too */
    size_t level;                            /* of the list that the answers stand beside */
    struct engine_answers *answers;          /* of the same request */
    const int64_t *asked;                    /* the ids of the request; NULL: none given */
    size_t asked_count;
    size_t offset;    /* of the request: rows lack so many at the front */
    enum dtype dtype; /* of rows */
    size_t place;     /* of the member `outputs`, for errors */
    struct arena *arena;
    struct work *work;

    /* What it says. */
    bool by_asked; /* it depends on the ids of the request */
    size_t unpaid; /* tokens that were looked at, and are not yet charged */
    struct engine_entry *entry;
    size_t count, capacity;
    size_t start;          /* the token that entry 0 is about */
    size_t prompt;         /* entries before this one are of the prompt */
    size_t prompt_told;    /* tokens of the prompt, in entries or not; START_UNKNOWN: not told */
    size_t listed;         /* most tokens that were listed for one entry */
    const char *alignment; /* of its lists: entry t is about token t ("same") or t+1 ("next") */

    /* Rows, in place of log-probabilities (the entries then tell ids, if any). */
    void *matrix; /* rows * width numbers of dtype; NULL: none */
    size_t rows, width;
    size_t first_row;   /* the token that row 0 is about */
    size_t row_list[2]; /* where the rows stand: the first so many in the first list */
    size_t rows_before;

    struct engine_list lists[ANSWER_LISTS];
    size_t list_count;
    struct noticed {
        size_t count;
        size_t list, at; /* of the first */
    } noticed[WARNING_COUNT];
};

/* The JSON pointer of element `at` of a list. */
void engine_answer_pointer(const struct engine_answer *answer, size_t list, size_t at, char *out,
                           size_t size);

/* Note a list: a path below the choice, or below the response; both texts outlive the answer.
 * NO_LIST, which is the choice itself, where there is no room for another one. */
size_t engine_answer_list(struct engine_answer *answer, bool of_choice, const char *path,
                          const char *member);

/* Add an entry; `id` and `log_prob` as they stand in the answer, or NULL.  NULL where one of them
 * is no such thing, or memory is missing. */
struct engine_entry *engine_answer_add(struct engine_answer *answer, size_t list, size_t at,
                                       const json_t *id, const json_t *log_prob, struct error *err);

void engine_answer_notice(struct engine_answer *answer, enum warning warning, size_t list,
                          size_t at);

/* Record a failure at element `at` of a list, or at the choice (NO_LIST).  Returns false. */
PRINTF(6, 7)
bool engine_answer_fail(const struct engine_answer *answer, size_t list, size_t at,
                        enum error_code code, struct error *err, const char *format, ...);

/* The same for an answer that lacks what is read from it, saying what to ask the engine for. */
bool engine_answer_lacks(const struct engine_answer *answer, const char *member, struct error *err);

#endif
