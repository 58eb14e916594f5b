/* fields_corpus.c - members that are about corpora. */
#include "api/members/check_context.h"
#include "api/score/corpus.h"

bool check_counts(const struct check_context *context)
{
    return must_be(context, json_is_object(context->value), "an object of counts")
           && text_sizes_check(context->value, &context->at, context->err);
}

bool check_bootstrap(const struct check_context *context)
{
    return must_be(context, json_is_object(context->value),
                   "an object with samples, seed and level")
           && corpus_check_bootstrap(context->value, &context->at, context->err);
}
