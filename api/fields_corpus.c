/* fields_corpus.c - members that are about corpora. */
#include "api/corpus.h"
#include "api/judge.h"

bool check_counts(const struct judged *judged)
{
    return must_be(judged, json_is_object(judged->value), "an object of counts")
           && sizes_check(judged->value, &judged->at, judged->err);
}

bool check_bootstrap(const struct judged *judged)
{
    return must_be(judged, json_is_object(judged->value), "an object with samples, seed and level")
           && corpus_check_bootstrap(judged->value, &judged->at, judged->err);
}
