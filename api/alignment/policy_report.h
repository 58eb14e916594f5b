/* policy_report.h - what POST /v1/policy computes. */
#ifndef API_ALIGNMENT_POLICY_REPORT_H
#define API_ALIGNMENT_POLICY_REPORT_H

#include "api/alignment/policy_options.h"

/* Of one sequence.  Arrays of tokens have entries for all tokens. */
struct sequence_report {
    struct policy_sequence_loss *loss; /* of each objective */
    double **losses;                   /* of each objective and token; NULL: not asked for */
    double weight;                     /* mean over y; with a correction */
    size_t rejected;                   /* tokens; with a rejection */
    bool *rejects;                     /* NULL: no rejection */
};

struct policy_report {
    const struct policy_batch *batch;
    const struct policy_options *options;
    struct sequence_report *of;

    /* Totals. */
    struct ratio_totals *ratio[RATIO_COUNT]; /* NULL: no sequence has both sides */
    struct spread *kl[RATIO_COUNT];          /* NULL: no sequence has the rows, or not asked for */
    struct policy_loss *loss;                /* of each objective */
    struct weigher weigher;                  /* with a correction */
    const struct correction_sequence *weighed; /* of each sequence */
    struct correction_totals correction;
    size_t rejected_tokens, rejected_sequences;
    struct spread entropy;
};

/* Compute the report of a batch, which is changed: its ratios are filled in.  False with x->error
 * set: memory or work is used up, or two vocabularies differ. */
bool policy_report_make(struct policy_report *report, struct policy_batch *batch,
                        const struct policy_options *options, struct exchange *x);

#endif
