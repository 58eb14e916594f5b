/* engine.h - programs that run models, and the shapes in which they answer.
 *
 * An adapter (api/engines/NAME.c) turns one answer into a reading: for each token its id (or none),
 * its log-probability (or none), and whether it was part of the prompt or generated; or, where the
 * engine gives logits, rows.  It fills the reading with the functions below, in the order of the
 * tokens, and says where the first one stands.  What the tokens are used for, and whether what is
 * missing was needed, is decided elsewhere (engine_output.h).
 *
 *   detect   by its keys alone, whether a response has this shape; several may say yes, and then
 *            the request must name the format
 *   read     reads reading->choice (of reading->response; the same where a response is one answer)
 *
 * Numbers may also be null, or the words NaN, Infinity and -Infinity (json_repair.h). */
#ifndef API_ENGINES_ENGINE_H
#define API_ENGINES_ENGINE_H

#include "api/plan/plan.h"

#define ENGINE_NO_ID INT64_C(-1)

enum warning {
#define WARNING(id, slug, detail) WARNING_##id,
#include "api/engines/warnings.def"
    WARNING_COUNT
};

const char *warning_slug(enum warning warning);
const char *warning_detail(enum warning warning);

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
    const char *path;   /* "/outputs/choices/0/logprobs/token_logprobs" */
    const char *member; /* of an element: "logprob"; NULL: the element itself */
};

struct engine;

#define READING_LISTS 6
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
    struct engine_answers *readings;         /* of the same request */
    const int64_t *asked;                    /* the ids of the request; NULL: none given */
    size_t asked_count;
    size_t offset;    /* of the request: rows lack so many at the front */
    enum dtype dtype; /* of rows */
    size_t place;     /* of the member `outputs`, for errors */
    struct arena *arena;
    struct work *work;
    struct error *err;

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

    struct engine_list lists[READING_LISTS];
    size_t list_count;
    struct noticed {
        size_t count;
        char *pointer; /* to the first */
    } noticed[WARNING_COUNT];
};

typedef bool engine_detect_f(json_t *response);
typedef bool engine_read_f(struct engine_answer *reading);

struct engine {
    const char *name;
    const char *lists[2];
    size_t (*count)(const json_t *response);
    const char *ask, *help;
    engine_detect_f *detect;
    engine_read_f *read;
};

/* detect_NAME and read_NAME of each. */
#define ENGINE(name, first, second, count, ask, help)                                              \
    engine_detect_f detect_##name;                                                                 \
    engine_read_f read_##name;
#include "api/engines/engines.def"
size_t count_llama_perplexity(const json_t *response);

/* The engines in the order of the table; NULL past the end. */
const struct engine *engine_at(size_t index);
const struct engine *engine_find(const char *name);

/* Read the answer about a sequence out of `outputs`, in the format that the members name or the
 * keys tell.  The reading comes with its request (asked, offset, dtype) filled in. */
bool engine_read(struct engine_answer *reading, const struct members *members);

/* How many answers there are; 1 where that cannot be told. */
size_t engine_answers(const struct members *members);

/* ---- for adapters ---- */

/* The JSON pointer of element `at` of a list. */
void engine_answer_pointer(const struct engine_answer *reading, size_t list, size_t at, char *out,
                           size_t size);

/* Note a list: a path below the choice, or below the response. */
size_t engine_answer_list(struct engine_answer *reading, bool of_choice, const char *path,
                          const char *member);

/* Add an entry; `id` and `log_prob` as they stand in the answer, or NULL.  NULL where one of them
 * is no such thing, or memory is missing. */
struct engine_entry *engine_answer_add(struct engine_answer *reading, size_t list, size_t at,
                                       const json_t *id, const json_t *log_prob);

void engine_answer_notice(struct engine_answer *reading, enum warning warning, size_t list,
                          size_t at);

#define NO_LIST ((size_t)-1)
/* Record a failure at element `at` of a list, or at the choice (NO_LIST).  Returns false. */
PRINTF(5, 6)
bool engine_answer_fail(const struct engine_answer *reading, size_t list, size_t at,
                        enum error_code code, const char *format, ...);

/* The same for an answer that lacks what is read from it, saying what to ask the engine for. */
bool engine_answer_lacks(const struct engine_answer *reading, const char *member);

/* An array below an object, whose members the path names ("logprobs/content"); NULL where there is
 * none. */
json_t *json_below(const json_t *object, const char *path);
json_t *json_list(const json_t *object, const char *path);

/* A number, or a word for one, as it stands in an answer; false where it is none. */
bool json_number(const json_t *value, double *number);

/* Tokens that are listed beside an entry, to learn whether it was the most likely one. */
struct rivals {
    size_t count; /* listed, the token itself too */
    size_t others;
    double best; /* of the others */
};

void rivals_add(struct rivals *rivals, const json_t *log_prob, bool itself);
void rivals_judge(struct engine_answer *reading, struct engine_entry *entry,
                  const struct rivals *rivals);

/* Readers that adapters share. */

/* Generated tokens, as objects with `id`, `text` and `log_prob` members and, in `top`, lists of the
 * same. */
struct object_names {
    const char *id, *text, *log_prob, *top;
};
bool read_objects(struct engine_answer *reading, const char *path,
                  const struct object_names *names);

/* The lists that some keep of the most likely tokens, one for each entry from `from` on; their
 * objects stand in member `inner` (NULL: in an array at once). */
void read_tops(struct engine_answer *reading, size_t from, const json_t *tops, const char *inner,
               const struct object_names *names);

/* A count of OpenAI's `usage` ("prompt_tokens"); START_UNKNOWN where it speaks of other answers
 * too, or does not tell. */
size_t told_usage(const struct engine_answer *reading, const char *name);

/* Whether the first entry has no log-probability (null or NaN), as that of a prompt has none. */
bool begins_without(const struct engine_answer *reading);

/* How many of the entries are of the prompt, as `usage` tells; all of them where it does not. */
size_t told_prompt(const struct engine_answer *reading);

/* OpenAI's parallel arrays from entry `from` on; ids (or NULL) where texts are not "token_id:N". */
bool read_arrays(struct engine_answer *reading, size_t from, const json_t *ids);

/* An object of ids to {logprob, rank}: the entry about token `id`, which may be ENGINE_NO_ID. */
bool read_ranked(struct engine_answer *reading, size_t list, size_t at, const json_t *object,
                 int64_t id);

#endif
