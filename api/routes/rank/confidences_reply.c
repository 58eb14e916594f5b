/* confidences_reply.c - writes the calibration of a ranking as JSON. */
#include "api/routes/rank/confidences_reply.h"

#include "api/base/json_writer.h"
#include "api/routes/rank/rank_mean.h"

static double share(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static void put_bin(struct strbuf *text, const struct calibration_bin *bin, bool has_edges)
{
    const bool known = bin->questions > 0;

    strbuf_puts(text, "{");
    put_number_or_null(text, "low", known || has_edges, bin->low);
    put_number_or_null(text, "high", known || has_edges, bin->high);
    put_count(text, "questions", bin->questions);
    put_number_or_null(text, "confidence", known, bin->confidence);
    put_number_or_null(text, "accuracy", known, share(bin->right, bin->questions));
    strbuf_puts(text, "}");
}

static void put_bins(struct strbuf *text, const struct confidences *confidences)
{
    put_name(text, "bins");
    strbuf_puts(text, "[");
    for (size_t b = 0; b < confidences->options.bins; b++) {
        strbuf_puts(text, b == 0 ? "" : ",");
        put_bin(text, &confidences->bins[b], confidences->options.scheme == BINNING_equal_width);
    }
    strbuf_puts(text, "]");
}

/* The share of questions that are so confident or more, and the share of these that are wrong. */
static void put_curve(struct strbuf *text, const struct confidences *confidences)
{
    const size_t n = confidences->count;
    size_t errors = 0, wrong;

    put_name(text, "curve");
    strbuf_puts(text, "[");
    for (size_t end = n, tie; end > 0; end -= tie) {
        tie = verdicts_tie(confidences->verdicts, end, &wrong);
        errors += wrong;
        strbuf_puts(text, end == n ? "[" : ",[");
        strbuf_number(text, share(n - end + tie, n));
        strbuf_puts(text, ",");
        strbuf_number(text, share(errors, n - end + tie));
        strbuf_puts(text, "]");
    }
    strbuf_puts(text, "]");
}

void confidences_write(struct strbuf *text, const struct confidences *confidences)
{
    const struct calibration *calibration = &confidences->calibration;
    const bool known = calibration->questions > 0;

    put_name(text, "calibration");
    strbuf_puts(text, "{");
    put_count(text, "questions", calibration->questions);
    put_number_or_null(text, "confidence", known, calibration->confidence);
    put_number_or_null(text, "accuracy", known, share(calibration->right, calibration->questions));
    put_bins(text, confidences);
    put_number_or_null(text, "ece", known, calibration->ece);
    put_number_or_null(text, "mce", known, calibration->mce);
    put_number_or_null(text, "brier", known, calibration->brier);
    put_number_or_null(text, "reliability", known, calibration->reliability);
    put_number_or_null(text, "resolution", known, calibration->resolution);
    put_number_or_null(text, "uncertainty", known, calibration->uncertainty);
    put_number_or_null(text, "within_bins", known, calibration->within_bins);
    put_number_or_null(text, "auroc", calibration->has_auroc, calibration->auroc);
    put_number_or_null(text, "aurc", known, calibration->aurc);
    put_rank_mean(text, "mrr", confidences->reciprocals, confidences->ranks);
    if (confidences->options.curve)
        put_curve(text, confidences);
    strbuf_puts(text, "}");
}
