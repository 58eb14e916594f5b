/* test_policy.c - ratios of policies against MPFR, the terms of objectives, and what holds of every
 * batch. */
#include "tests/unit/exact.h"
#include "tests/unit/post.h"
#include "tests/unit/suite.h"

#include "core/kl_estimator.h"
#include "core/policies.h"
#include "core/token_ratio.h"

#include <stdio.h>

/* ---- one token, against MPFR ---- */

/* Log-probabilities whose distance is of every size, also none. */
static double draw(uint64_t *state)
{
    static const double scales[] = {1e-12, 1e-6, 1e-3, 0.4, 1, 5, 100, 700};

    return -scales[random_below(state, COUNT(scales))] * random_unit(state);
}

/* What is right: l, e^l, e^l - 1, k3, |p - q|. */
enum { LOG, RATIO, LESS, K3, CHANGE, KINDS };

static void right_of(mpfr_t right[KINDS], double p, double q)
{
    mpfr_t of_q;

    mpfr_init2(of_q, EXACT_BITS);
    mpfr_set_d(right[LOG], p, MPFR_RNDN);
    mpfr_sub_d(right[LOG], right[LOG], q, MPFR_RNDN);
    mpfr_exp(right[RATIO], right[LOG], MPFR_RNDN);
    mpfr_expm1(right[LESS], right[LOG], MPFR_RNDN);
    mpfr_sub(right[K3], right[LESS], right[LOG], MPFR_RNDN);
    mpfr_set_d(of_q, q, MPFR_RNDN);
    mpfr_exp(of_q, of_q, MPFR_RNDN);
    mpfr_mul(right[CHANGE], of_q, right[LESS], MPFR_RNDN);
    mpfr_abs(right[CHANGE], right[CHANGE], MPFR_RNDN);
    mpfr_clear(of_q);
}

START_TEST(numbers_of_a_token_are_right)
{
    static const double most[KINDS] = {1, 5, 3, 12, 5};
    uint64_t state = 7;
    mpfr_t right[KINDS];

    for (size_t k = 0; k < KINDS; k++)
        mpfr_init2(right[k], EXACT_BITS);
    for (size_t i = 0; i < 20000; i++) {
        const double p = draw(&state), q = draw(&state);
        const struct token_ratio ratio = token_ratio_of(p, q);
        const double got[KINDS] = {ratio.log.hi, ratio.ratio, ratio.less1,
                                   wide_double(token_ratio_k3(&ratio)),
                                   token_ratio_change(&ratio, p, q)};

        right_of(right, p, q);
        for (size_t k = 0; k < KINDS; k++)
            ck_assert_msg(fabs(got[k]) < 0x1p-1000 || error_units(got[k], right[k]) <= most[k]
                              || (isinf(got[k]) && mpfr_get_d(right[k], MPFR_RNDN) == got[k]),
                          "number %zu of %a and %a is %a", k, p, q, got[k]);
    }
    for (size_t k = 0; k < KINDS; k++)
        mpfr_clear(right[k]);
}
END_TEST

#define NONE ((double)NAN)

/* The ends: a probability of 0 on either side. */
static const struct {
    double p, q, k1, k2, k3, change;
} ends[] = {
    {-HUGE_VAL, -1, HUGE_VAL, HUGE_VAL, HUGE_VAL, 0x1.78b56362cef38p-2},
    {-1, -HUGE_VAL, -HUGE_VAL, HUGE_VAL, NONE, 0x1.78b56362cef38p-2},
    {-HUGE_VAL, -HUGE_VAL, NONE, NONE, NONE, 0},
    {-1, -1, 0, 0, 0, 0},
    {0, -1e300, -1e300, HUGE_VAL, HUGE_VAL, 1},
    {-1e300, 0, 1e300, HUGE_VAL, 1e300, 1},
};

static void check_same(size_t row, const char *what, double got, double right)
{
    ck_assert_msg(got == right || (isnan(got) && isnan(right)), "row %zu: %s is %g, not %g", row,
                  what, got, right);
}

START_TEST(ends_of_a_token)
{
    const struct token_ratio ratio = token_ratio_of(ends[_i].p, ends[_i].q);
    const double *right[] = {&ends[_i].k1, &ends[_i].k2, &ends[_i].k3};

    for (enum kl_estimator k = 0; k < KL_ESTIMATOR_COUNT; k++)
        check_same((size_t)_i, registry_name(REGISTRY_kl_estimators, k),
                   wide_double(kl_estimate(k, ends[_i].p, ends[_i].q)), *right[k]);
    check_same((size_t)_i, "the change", token_ratio_change(&ratio, ends[_i].p, ends[_i].q),
               ends[_i].change);
}
END_TEST

/* ---- terms of objectives ---- */

#define LOW MARK_LOW
#define HIGH MARK_HIGH
#define DUAL MARK_DUAL

/* `ratio` is e^log_ratio; the loss is that of the formula, and 0 where a factor is. */
static const struct {
    const char *name;
    double log_ratio, advantage, current, low, high, dual, loss;
    unsigned marks;
} terms[] = {
    {"ppo", 0, 2, -1, 0.25, 0.25, HUGE_VAL, -2, 0},
    {"ppo", 1, 2, -1, 0.25, 0.25, HUGE_VAL, -2.5, HIGH},
    {"ppo", 1, -2, -1, 0.25, 0.25, HUGE_VAL, 2 * 0x1.5bf0a8b145769p+1, 0},
    {"ppo", 1, -2, -1, 0.25, 0.25, 1.5, 3, DUAL},
    {"ppo", -1, -2, -1, 0.25, 0.25, 1.5, 1.5, LOW},
    {"ppo", -1, 2, -1, 0.25, 0.25, HUGE_VAL, -2 * 0x1.78b56362cef38p-2, 0},
    {"ppo", 0, -2, -1, 0, 0, 1.5, 2, 0}, /* at its bounds nothing is clipped */
    {"ppo", HUGE_VAL, 2, -1, 0.25, 0.25, HUGE_VAL, -2.5, HIGH},
    {"ppo", HUGE_VAL, -2, -1, 0.25, 0.25, HUGE_VAL, HUGE_VAL, 0},
    {"ppo", -HUGE_VAL, 2, -1, 0.25, 0.25, HUGE_VAL, 0, 0},
    {"ppo", -HUGE_VAL, -2, -1, 0.25, 0.25, HUGE_VAL, 1.5, LOW},
    {"ppo", NONE, 2, -1, 0.25, 0.25, HUGE_VAL, NONE, 0},
    {"ppo", NONE, 0, -1, 0.25, 0.25, HUGE_VAL, 0, 0},
    {"ppo", 710, -0x1p-1000, -1, 0.25, 0.25, HUGE_VAL, 0x1.3e21a464507f9p+24, 0},
    {"gspo", 1, 2, -1, 0.25, 0.25, HUGE_VAL, -2.5, HIGH},
    {"cispo", 1, 2, -0.5, 0.25, 0.25, HUGE_VAL, 1.25, HIGH},
    {"cispo", 1, -2, -0.5, 0.25, 0.25, HUGE_VAL, -1.25, HIGH},
    {"cispo", -1, 2, -0.5, 0.25, 0.25, HUGE_VAL, 0.75, LOW},
    {"cispo", -HUGE_VAL, 2, -HUGE_VAL, 1, 4, HUGE_VAL, 0, 0},
    {"cispo", -HUGE_VAL, 2, -HUGE_VAL, 0.5, 4, HUGE_VAL, HUGE_VAL, LOW},
    {"reinforce", NONE, 2, -0.5, 0, 0, HUGE_VAL, 1, 0},
    {"reinforce", NONE, 0, -HUGE_VAL, 0, 0, HUGE_VAL, 0, 0},
    {"reinforce", NONE, -2, -HUGE_VAL, 0, 0, HUGE_VAL, -HUGE_VAL, 0},
};

START_TEST(terms_of_objectives)
{
    const struct policy_token token = {wide_exp(dd_of(terms[_i].log_ratio)), terms[_i].advantage,
                                       terms[_i].current};
    const struct policy_bounds bounds =
        policy_bounds_of(terms[_i].low, terms[_i].high, terms[_i].dual);
    struct policy_term term;
    double loss;
    size_t index;

    ck_assert(family_find(&family_policy, terms[_i].name, &index));
    term = policy_at(index)->term(&token, &bounds);
    loss = wide_double(term.loss);
    ck_assert_uint_eq(term.marks, terms[_i].marks);
    ck_assert_msg(loss == terms[_i].loss || (isnan(loss) && isnan(terms[_i].loss))
                      || fabs(loss - terms[_i].loss) < 1e-15 * fabs(loss),
                  "row %d is %a", _i, loss);
}
END_TEST

/* ---- whole batches ---- */

#define SEQUENCES 12
#define LONGEST 9

static char body[1 << 16];
static struct exchange answers[2];

/* A request with these sequences in this order; `apart`: how far the policies are from each other.
 */
static void write_request(const size_t *order, double apart)
{
    char *at = body;

    at +=
        sprintf(at, "{\"objectives\":[\"ppo\",\"grpo\",\"gspo\",\"cispo\",\"reinforce\",{\"name\":"
                    "\"dr_grpo\",\"norm\":7,\"kl_coef\":0.1}],\"correction\":{\"normalize\":true,"
                    "\"high\":1.1},\"rejection\":{\"level\":\"sequence\",\"high\":3},"
                    "\"sequences\":[");
    for (size_t i = 0; i < SEQUENCES; i++) {
        static const char *const names[] = {"current", "old", "rollout", "reference"};
        uint64_t state = 1000 + order[i];
        const size_t length = 1 + random_below(&state, LONGEST);

        at += sprintf(at, "%s{\"advantages\":%.17g", i > 0 ? "," : "", random_normal(&state));
        for (size_t k = 0; k < COUNT(names); k++) {
            uint64_t own = 1000 + order[i] + (apart > 0 ? k : 0);

            at += sprintf(at, ",\"%s\":{\"logprobs\":[", names[k]);
            for (size_t t = 0; t < length; t++)
                at += sprintf(at, "%s%.17g", t > 0 ? "," : "",
                              -1 - (double)t - apart * random_unit(&own));
            at += sprintf(at, "]}");
        }
        at += sprintf(at, "}");
    }
    sprintf(at, "]}");
}

static const char *totals_of(struct exchange *x, const size_t *order, double apart)
{
    static struct api api;
    const char *totals;

    api = plain_api(PLENTY);
    write_request(order, apart);
    memset(x, 0, sizeof *x);
    post_to(x, &api, &endpoint_policy, body, strlen(body), 0, 4096);
    ck_assert_msg(x->reply.status == 200, "%.*s", (int)x->reply.length, x->reply.body);
    totals = memmem(x->reply.body, x->reply.length, "\"totals\"", 8);
    ck_assert_ptr_nonnull(totals);
    return totals;
}

START_TEST(totals_do_not_depend_on_the_order_of_sequences)
{
    size_t order[SEQUENCES], shuffled[SEQUENCES];
    uint64_t state = 99 + (uint64_t)_i;
    const char *totals, *again;
    size_t length;

    for (size_t i = 0; i < SEQUENCES; i++)
        order[i] = shuffled[i] = i;
    for (size_t i = SEQUENCES; i > 1; i--) {
        const size_t at = random_below(&state, (unsigned)i), kept = shuffled[at];

        shuffled[at] = shuffled[i - 1];
        shuffled[i - 1] = kept;
    }
    totals = totals_of(&answers[0], order, 0.5);
    again = totals_of(&answers[1], shuffled, 0.5);
    length = answers[0].reply.length - (size_t)(totals - answers[0].reply.body);
    ck_assert_uint_eq(length, answers[1].reply.length - (size_t)(again - answers[1].reply.body));
    ck_assert_mem_eq(totals, again, length);
    exchange_release(&answers[0]);
    exchange_release(&answers[1]);
}
END_TEST

/* What the ratio of a policy to itself says. */
START_TEST(equal_policies_have_ratio_one)
{
    static const char *const says[] = {
        "\"ratio\":{\"mean\":1,\"error\":0,\"root_mean_square\":1,\"max\":1,",
        "\"k1\":0,\"k2\":0,\"k3\":0,\"chi2\":0,\"effective_sample_size\":1,",
        "\"perplexity_ratio\":1,",
        "\"chi2\":0,\"effective_sample_size\":1}",
        "\"clip_fraction_low\":0,\"clip_fraction_high\":0,\"clip_fraction\":0",
        "\"weight\":{\"mean\":1,\"error\":0,",
        "\"above\":0,\"below\":0,\"effective_sample_size\":1",
        "\"rejection\":{\"tokens\":0,\"sequences\":0}",
    };
    size_t order[SEQUENCES];

    for (size_t i = 0; i < SEQUENCES; i++)
        order[i] = i;
    totals_of(&answers[0], order, 0);
    for (size_t i = 0; i < COUNT(says); i++)
        ck_assert_msg(reply_has(&answers[0], says[i]), "there is no %s", says[i]);
    exchange_release(&answers[0]);
}
END_TEST

/* Rows that are too many to keep are reduced as they arrive, of one output after the other.  Where
 * divergences are asked for, those of the side that comes first are kept. */
#define TWO "\"tokens\":[0,1,0],\"prompt_length\":1"
#define ROWS_A "{\"logits\":[[1,2],[0,1]]}"
#define ROWS_B "{\"temperature\":0.5,\"logits\":[[1,3],[0,2]]}"
#define ROWS_C "{\"alignment\":\"same\",\"logits\":[[9,9],[-1,3],[2,0.5]]}"
#define ROWS_D "{\"top_k\":1,\"logits\":[[1,3],[0,2]]}"
#define NUMBERS "{\"logprobs\":[null,-1,-1]}"
#define ALL_KL "\"details\":[\"kl\"],\"per_token\":true,"

static const struct {
    const char *request;
    unsigned status;
} streamed[] = {
    {"{\"objectives\":[\"ppo\"],\"details\":[\"entropy\"],\"sequences\":[{" TWO
     ",\"advantages\":1,\"current\":" ROWS_A ",\"old\":" ROWS_B "},{" TWO
     ",\"advantages\":-1,\"old\":" ROWS_A ",\"reference\":" NUMBERS ",\"current\":" ROWS_B "}]}",
     200},
    {"{" ALL_KL TWO ",\"current\":" ROWS_A ",\"old\":" ROWS_B ",\"rollout\":" ROWS_C
     ",\"reference\":" ROWS_B "}",
     200},
    {"{" ALL_KL "\"sequences\":[{" TWO ",\"reference\":" ROWS_C ",\"rollout\":" ROWS_A
     ",\"old\":" NUMBERS ",\"current\":" ROWS_B "},{" TWO ",\"rollout\":" ROWS_D
     ",\"current\":" ROWS_C ",\"old\":" ROWS_A "}]}",
     200},
    {"{" ALL_KL TWO ",\"old\":\"rollout\",\"current\":" ROWS_A ",\"rollout\":" ROWS_B
     ",\"reference\":" ROWS_D "}",
     200},
    {"{" ALL_KL "\"prompt\":[1],\"completion\":[],\"current\":{\"logits\":[[1,2]]},"
     "\"reference\":{\"logits\":[[2,1]]}}",
     200},
    {"{" ALL_KL TWO ",\"current\":" ROWS_A ",\"reference\":{\"logits\":[[1,3,1],[0,2,1]]}}", 422},
    {"{" ALL_KL TWO ",\"current\":{\"logits\":[[1,NaN],[0,1]]},\"reference\":" ROWS_A "}", 422},
    {"{" ALL_KL TWO ",\"current\":{\"logits\":[[1,2]]},\"reference\":" ROWS_A "}", 422},
    {"{" ALL_KL TWO ",\"current\":{\"logits\":3},\"reference\":" ROWS_A "}", 400},
    {"{\"sequences\":[[]]," ALL_KL TWO ",\"current\":" ROWS_A ",\"old\":" ROWS_B "}", 400},
};

START_TEST(rows_of_all_outputs_stream)
{
    const char *request = streamed[_i].request;
    struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(answers); i++) {
        api.kept_rows = i == 0 ? PLENTY : 0;
        memset(&answers[i], 0, sizeof answers[i]);
        post_to(&answers[i], &api, &endpoint_policy, request, strlen(request), 0, 7);
        ck_assert_msg(answers[i].reply.status == streamed[_i].status, "%s: %.*s", request,
                      (int)answers[i].reply.length, answers[i].reply.body);
    }
    ck_assert_uint_eq(answers[0].reply.length, answers[1].reply.length);
    ck_assert_mem_eq(answers[0].reply.body, answers[1].reply.body, answers[0].reply.length);
    exchange_release(&answers[0]);
    exchange_release(&answers[1]);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {ends_of_a_token, COUNT(ends)},
        {terms_of_objectives, COUNT(terms)},
        {totals_do_not_depend_on_the_order_of_sequences, 5},
        {rows_of_all_outputs_stream, COUNT(streamed)},
        {NULL, 0},
    };
    const TTest *const tests[] = {numbers_of_a_token_are_right, equal_policies_have_ratio_one,
                                  NULL};

    api_start();
    return suite_run("policy", loops, tests);
}
