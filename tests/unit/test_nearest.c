/* test_nearest.c - the name that was probably meant. */
#include "tests/unit/suite.h"

#include "api/base/nearest.h"

static const char *const names[] = {"tokens",   "prompt_length", "logits",
                                    "logprobs", "temperature",   NULL};

static const struct {
    const char *given, *meant;
} rows[] = {
    {"token", "tokens"},
    {"tokns", "tokens"},
    {"promptLength", "prompt_length"},
    {"log_probs", "logprobs"},
    {"logit", "logits"},
    {"temprature", "temperature"},
    {"temp", NULL},
    {"batch", NULL},
    {"max_length", NULL},
    {"x", NULL},
    {"", NULL},
    {"prompt_lengthprompt_lengthprompt_lengthprompt_lengthprompt_length", NULL},
};

START_TEST(nearest_is_found)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        ck_assert_pstr_eq(nearest_find(names, rows[i].given), rows[i].meant);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nearest_is_found, NULL};

    return suite_main("nearest", tests);
}
