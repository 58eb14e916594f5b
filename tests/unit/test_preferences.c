/* test_preferences.c - POST /v1/preference without a server: how a body is cut changes nothing, nor
 * does the order of pairs, and what does not fit is refused. */
#include "tests/unit/cuts.h"
#include "tests/unit/random.h"

static struct golden_cases cases;

START_TEST(a_golden_request_may_be_cut_anywhere)
{
    check_golden(&cases.list[_i], &endpoint_preference, check_budgets);
}
END_TEST

enum { PAIRS = 12, PAIR = 256 };

static const char head[] =
    "{\"objectives\":[\"sigmoid\",\"ipo_sum\",\"exo_pair\",\"discopop\",\"apo_down\",\"aot\","
    "\"aot_unpaired\",\"simpo\",\"orpo\",\"cpo\",\"sft\"],\"pairs\":[";

static void make_pair(char *out, uint64_t *state)
{
    size_t length = (size_t)sprintf(out, "{");

    for (size_t side = 0; side < 2; side++)
        length += (size_t)sprintf(out + length,
                                  "%s\"%s\":{\"policy\":{\"log_prob\":%.17g,\"tokens\":%zu},"
                                  "\"reference\":{\"log_prob\":%.17g}}",
                                  side > 0 ? "," : "", side > 0 ? "rejected" : "chosen",
                                  -90 * random_unit(state), 1 + random_below(state, 20),
                                  -90 * random_unit(state));
    sprintf(out + length, "}");
}

static void shuffle(char pairs[PAIRS][PAIR], uint64_t *state)
{
    char kept[PAIR];

    for (size_t i = PAIRS - 1; i > 0; i--) {
        const size_t other = random_below(state, i + 1);

        memcpy(kept, pairs[i], PAIR);
        memcpy(pairs[i], pairs[other], PAIR);
        memcpy(pairs[other], kept, PAIR);
    }
}

/* The text of `totals` in the answer to these pairs. */
static char *totals_of(char pairs[PAIRS][PAIR])
{
    static char body[sizeof head + PAIRS * (PAIR + 1) + 4];
    const struct api api = plain_api(PLENTY);
    size_t length = (size_t)sprintf(body, "%s", head);
    struct exchange x;
    char *text, *totals;

    for (size_t i = 0; i < PAIRS; i++)
        length += (size_t)sprintf(body + length, "%s%s", i > 0 ? "," : "", pairs[i]);
    length += (size_t)sprintf(body + length, "]}");
    post_to(&x, &api, &endpoint_preference, body, length, 0, PLENTY);
    ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
    text = strndup(x.reply.body, x.reply.length);
    totals = strdup(strstr(text, "\"totals\""));
    free(text);
    exchange_release(&x);
    return totals;
}

START_TEST(the_order_of_pairs_changes_no_bit_of_totals)
{
    static char pairs[PAIRS][PAIR];
    uint64_t state = 11;

    for (size_t n = 0; n < times(40); n++) {
        char *one, *other;

        for (size_t i = 0; i < PAIRS; i++)
            make_pair(pairs[i], &state);
        one = totals_of(pairs);
        shuffle(pairs, &state);
        other = totals_of(pairs);
        ck_assert_str_eq(one, other);
        free(one);
        free(other);
    }
}
END_TEST

START_TEST(memory_that_does_not_suffice_is_told)
{
    static const char request[] =
        "{\"objectives\":[\"cpo\",\"aot\"],\"reference_free\":true,\"pairs\":[{\"id\":1,"
        "\"chosen\":{\"prompt\":[0],\"completion\":[1],\"policy\":{\"logits\":[[1,2,3]]}},"
        "\"rejected\":[{\"policy\":{\"logprobs\":[-1]}},{\"policy\":{\"log_prob\":-2,\"tokens\":1}}"
        "]}]}";
    unsigned status = 413;
    size_t steps = 0;

    for (size_t memory = 0; status == 413; memory += 64, steps++) {
        struct budget budget = {.limit = PLENTY};
        struct api api = plain_api(memory);
        struct exchange x;

        api.budget = &budget;
        post_to(&x, &api, &endpoint_preference, request, strlen(request), 0, 100);
        status = x.reply.status;
        ck_assert_msg(status == 413 || status == 200, "%.*s", (int)x.reply.length, x.reply.body);
        exchange_release(&x);
        ck_assert_uint_eq(atomic_load(&budget.used), 0);
    }
    ck_assert_uint_eq(status, 200);
    ck_assert_uint_gt(steps, 300); /* of 64 bytes */
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_order_of_pairs_changes_no_bit_of_totals,
                                  memory_that_does_not_suffice_is_told, NULL};

    api_start();
    golden_find(&cases, "tests/golden/preference/valid", 0);
    golden_find(&cases, "tests/golden/preference/invalid", 0);
    return suite_run(
        "preferences",
        (const struct loop[]){{a_golden_request_may_be_cut_anywhere, cases.count}, {0}}, tests);
}
