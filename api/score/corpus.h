/* corpus.h - a request as a corpus of documents: the members of `totals` beyond sums.
 *
 * Each sequence is a document.  Texts or counts add measures per character, byte and word
 * (core/measure.h).  `statistics` adds the measures per token and document.  All of them come with
 * standard errors; `bootstrap` adds intervals (core/statistics.h). */
#ifndef API_SCORE_CORPUS_H
#define API_SCORE_CORPUS_H

#include "api/base/json_writer.h"
#include "api/exchange/api.h"
#include "api/score/macro.h"
#include "api/score/scores.h"

struct corpus {
    bool has_bootstrap, has_macro;
    struct bootstrap bootstrap;
    struct corpus_objective {
        size_t documents;          /* documents with the objective */
        unsigned units;            /* mask of 1 << enum unit: known for some document ... */
        unsigned known;            /* ... and known for all */
        uint64_t size[UNIT_COUNT]; /* sums over the documents, by enum unit */
        bool has_independent;
        double independent; /* standard error of token_mean if tokens were independent */
        struct corpus_measure {
            bool has_value, has_error, has_interval;
            double value, error;
            struct bootstrap_result bootstrap;
        } measure[MEASURE_COUNT];
        struct macro macro;
    } objective[OBJECTIVE_COUNT];
};

/* Compute the measures of scored sequences; they are allocated in the arena of `x`, and work is
 * charged.  *corpus is NULL if the request asks for none.  False with x->error set: too many draws,
 * or memory or work is used up. */
bool corpus_make(struct corpus **corpus, const struct scores *scores, const json_t *request,
                 struct exchange *x);

/* Write the measures of an objective: for one sequence, and for the totals. */
void corpus_put_sequence(struct strbuf *text, const struct scored *scored, enum objective_id id);
void corpus_put_totals(struct strbuf *text, const struct corpus *corpus, enum objective_id id);

#endif
