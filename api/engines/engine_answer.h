/* engine_answer.h - the contents of an engine's answer, token by token.
 *
 * A reader (engine_lists.h, or an engine's own) fills it with the functions below.  Each entry
 * remembers where it was read: an element of a list in the answer.  Errors and warnings point
 * there. */
#ifndef API_ENGINES_ENGINE_ANSWER_H
#define API_ENGINES_ENGINE_ANSWER_H

#include "core/arena.h"
#include "core/dtype.h"
#include "core/objective_value.h"

#include "api/base/work.h"
#include "api/engines/engine.h"
#include "api/engines/engine_warning.h"
#include "api/engines/token.h"

/* A log-probability may be this much above 0, since half precision rounds. */
#define ENGINE_SLACK 1e-2

#define NO_LIST ((size_t)-1) /* the answer as a whole, in place of a list */

/* One token of the answer. */
struct engine_entry {
    int64_t id;      /* ENGINE_NO_ID: not in the answer */
    double log_prob; /* nats */
    enum { ENTRY_NULL, ENTRY_NAN, ENTRY_KNOWN } state;
    enum answer greedy; /* is the token the argmax */
    bool alone; /* `greedy` is yes only if some entry of the answer lists more than its own token */
    size_t list;        /* index in `lists`, and ... */
    size_t at;          /* ... of the element there */
    const json_t *said; /* the element; NULL: none */
    const json_t *top;  /* the most likely tokens beside it; NULL: none, or those in `said` */
};

/* A list in the answer, for errors and warnings. */
struct engine_list {
    bool of_choice;     /* its path is below the choice; otherwise below the response */
    const char *path;   /* "logprobs/token_logprobs"; "": the choice itself */
    const char *member; /* the number's member in an element: "logprob"; NULL: the element itself */
};

#define ANSWER_LISTS 6
#define START_UNKNOWN ((size_t)-1) /* the entries are the last tokens of the sequence */

struct joined; /* joined.h */

struct engine_answer {
    /* Input: what to parse. */
    const struct engine *engine;
    bool detected; /* the format was detected from the keys */
    json_t *response, *choice;
    const char *response_path, *choice_path; /* "/outputs", "/outputs/choices/0" */
    bool only;                               /* the response has no other answer */
    const struct joined *joined;    /* the response was joined from chunks; NULL: it was not */
    const json_t *id;               /* `custom_id` of the answer; NULL: none */
    size_t index;                   /* index of this answer among those of `outputs` */
    bool shared;                    /* other sequences use the same answer */
    size_t level;                   /* level of the object that has `outputs`: 0 is the request */
    struct engine_answers *answers; /* remembered answers of the same request */
    const int64_t *asked;           /* ids of the sequence in the request; NULL: none */
    size_t asked_count;
    size_t offset;    /* the member `offset`: rows that are missing at the front */
    enum dtype dtype; /* for rows */
    size_t place;     /* offset of `outputs` in the body, for errors */
    struct arena *arena;
    struct work *work;

    /* Output: what was parsed. */
    bool by_asked; /* the output depends on `asked` */
    size_t size;   /* of `choice` (dom_size()); 0: not known */
    size_t unpaid; /* tokens visited and not yet charged as work */
    struct engine_entry *entry;
    size_t count, capacity;
    size_t start;          /* the token of entry 0, or START_UNKNOWN */
    size_t prompt;         /* number of entries that belong to the prompt */
    size_t prompt_told;    /* tokens of the prompt, with entries or without; or START_UNKNOWN */
    bool chat;             /* prompt_told counts a template, too */
    bool unsure;           /* it is not told whether the entries begin with the prompt */
    size_t reasoning;      /* entries of reasoning, while the answer is read */
    size_t unlisted;       /* tokens that were generated, where none is listed; or START_UNKNOWN */
    size_t listed;         /* the most tokens listed for one entry */
    const char *alignment; /* entry t is about token t ("same") or t + 1 ("next") in the answer */

    /* Rows of logits in place of log-probabilities; the entries then have only ids, or are
     * absent. */
    void *matrix; /* rows * width numbers of dtype, row by row; NULL: none */
    size_t rows, width;
    size_t first_row;   /* the token of row 0 */
    size_t row_list[2]; /* indices of two lists: the first rows_before rows are in the first one */
    size_t rows_before;

    struct engine_list lists[ANSWER_LISTS];
    size_t list_count;
    struct noticed {
        size_t count;
        size_t list, at; /* of the first one */
    } noticed[WARNING_COUNT];
};

/* Write the JSON pointer of element `at` of a list to `out`, which holds `size` bytes. */
void engine_answer_pointer(const struct engine_answer *answer, size_t list, size_t at, char *out,
                           size_t size);

/* The array at a path below the choice, or else below the response.  NULL: there is none, or it is
 * empty.  *of_choice (may be NULL) is set to whether it is the choice's own. */
json_t *engine_answer_array(const struct engine_answer *answer, const char *path, bool *of_choice);

/* Register a list of the answer and return its index.  `path` is relative to the choice or to the
 * response; both strings must outlive the answer.  NO_LIST: there are ANSWER_LISTS already; places
 * then point at the choice. */
size_t engine_answer_list(struct engine_answer *answer, bool of_choice, const char *path,
                          const char *member);

/* Append an entry.  `id` and `log_prob` are the values in the answer, or NULL.  Charges work.  NULL
 * with *err set: a value has the wrong type, or memory or work is used up. */
struct engine_entry *engine_answer_add(struct engine_answer *answer, size_t list, size_t at,
                                       const json_t *id, const json_t *log_prob, struct error *err);

/* Count a warning, and remember the place of the first one. */
void engine_answer_notice(struct engine_answer *answer, enum warning warning, size_t list,
                          size_t at);

/* The same, for `count` warnings at one place. */
void engine_answer_notice_many(struct engine_answer *answer, enum warning warning, size_t count,
                               size_t list, size_t at);

/* A log-probability of a list, as it is to be taken.  Warns of numbers that stand for something
 * else: -9999, the lowest float (it becomes -inf), and those above 0 by rounding. */
double engine_answer_judge(struct engine_answer *answer, size_t list, size_t at, double log_prob);

/* Record a fault at element `at` of a list, or at the choice (NO_LIST).  Returns false. */
PRINTF(6, 7)
bool engine_answer_fail(const struct engine_answer *answer, size_t list, size_t at,
                        enum error_code code, struct error *err, const char *format, ...);

/* Record that the answer has no `member`; the error says which setting of the engine returns it.
 * Returns false. */
bool engine_answer_lacks(const struct engine_answer *answer, const char *member, struct error *err);

#endif
