/* corpus.h - a request as a corpus of documents: what `totals` says beyond sums.
 *
 * Each sequence is a document.  What is told follows from what was given: texts or counts bring
 * measures for each character, byte and word; `statistics` brings the others; both come with
 * standard errors, and `bootstrap` with intervals. */
#ifndef API_SCORE_CORPUS_H
#define API_SCORE_CORPUS_H

#include "api/base/json_writer.h"
#include "api/exchange/api.h"
#include "api/score/scores.h"

/* Replicates times documents: what a request may draw. */
#define BOOTSTRAP_MAX_DRAWS 10000000

struct corpus {
    bool has_bootstrap;
    struct bootstrap bootstrap;
    struct corpus_objective {
        size_t documents; /* that have the objective */
        unsigned units;   /* mask of 1 << enum unit: told by some document ... */
        unsigned known;   /* ... and by all */
        uint64_t size[UNIT_COUNT];
        bool has_independent;
        double independent; /* standard error of token_mean, were tokens independent */
        struct corpus_measure {
            bool has_value, has_error, has_interval;
            double value, error;
            struct bootstrap_result bootstrap;
        } measure[MEASURE_COUNT];
    } objective[OBJECTIVE_COUNT];
};

/* Measure scored sequences.  *corpus is NULL where nothing of it was asked for. */
bool corpus_make(struct corpus **corpus, const struct scores *scores, const json_t *request,
                 struct exchange *x);

/* Add the members of an objective: of a sequence, and of the totals. */
void corpus_put_sequence(struct strbuf *text, const struct scored *scored, enum objective_id id);
void corpus_put_totals(struct strbuf *text, const struct corpus *corpus, enum objective_id id);

#endif
