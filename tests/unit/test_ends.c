/* test_ends.c - every route that scores, asked with numbers from the ends of the range of doubles:
 * what it answers is a number, an infinity or an error, and never came out as NaN. */
#include "tests/unit/infer_check.h"
#include "tests/unit/random.h"

#include "api/base/strbuf.h"

#include <stdio.h>

#define BODY ((size_t)1 << 16)
#define SHOWN 1500 /* bytes of a text in a message */

struct draft {
    uint64_t state;
    struct strbuf text;
    char bytes[BODY];
};

static const char *const logits[] = {
    "0",           "-0",           "1",       "-3",     "700",     "-745",
    "1e10",        "3.4e38",       "-3.4e38", "1e308",  "-1e308",  "1e305",
    "1.79769e308", "-1.79769e308", "1e-308",  "5e-324", "-5e-324", "-Infinity",
};
static const char *const log_probs[] = {"0",      "-0",           "-5e-324",    "-1e-308",
                                        "-0.5",   "-1",           "-700",       "-1e154",
                                        "-1e308", "-1.79769e308", "'-Infinity'"};
static const char *const sizes[] = {"1",   "1e308", "1e300",  "1e10",
                                    "0.5", "1e-10", "1e-300", "1e-307"};
static const char *const weights[] = {"0", "1", "1e308", "1e-300", "0.5", "1.7976931348623157e308"};
static const char *const factors[] = {"0", "1", "1e300", "1e-300", "0.5"}; /* of z_loss */
static const char *const values[] = {"0", "1", "1e100", "-1e100", "1e-300", "-5e-324"};
static const char *const shares[] = {"0", "0.1", "1e-300", "0.5", "0.9999999999999999", "1e-16"};
static const char *const counts[] = {
    "{'characters':0,'bytes':0,'words':0}",
    "{'characters':7,'bytes':9,'words':0}",
    "{'characters':1099511627776,'bytes':1099511627776,'words':1099511627776}",
    "{'characters':1,'bytes':4,'words':1}",
};

#define ANY(draft, list) (list)[random_below(&(draft)->state, COUNT(list))]

static bool toss(struct draft *draft, size_t sides)
{
    return random_below(&draft->state, sides) == 0;
}

static void put(struct draft *draft, const char *json)
{
    strbuf_snippet(&draft->text, json);
}

static void put_list(struct draft *draft, const char *const *list, size_t kinds, size_t count)
{
    put(draft, "[");
    for (size_t i = 0; i < count; i++) {
        put(draft, i > 0 ? "," : "");
        put(draft, list[random_below(&draft->state, kinds)]);
    }
    put(draft, "]");
}

static void put_member(struct draft *draft, const char *name, const char *value)
{
    put(draft, ",'");
    put(draft, name);
    put(draft, "':");
    put(draft, value);
}

/* What a model said of `tokens` tokens: rows of 3, or log-probabilities. */
static void put_said(struct draft *draft, size_t tokens, bool rows)
{
    if (!rows) {
        put(draft, ",'logprobs':");
        put_list(draft, log_probs, COUNT(log_probs), tokens);
        return;
    }
    if (toss(draft, 2))
        put_member(draft, "temperature", ANY(draft, sizes));
    if (toss(draft, 4))
        put_member(draft, "softcap", ANY(draft, sizes));
    if (!toss(draft, 16))
        put_member(draft, "dtype", "'f64'");
    put(draft, ",'alignment':'same','logits':[");
    for (size_t i = 0; i < tokens; i++) {
        put(draft, i > 0 ? "," : "");
        put_list(draft, logits, COUNT(logits), 3);
    }
    put(draft, "]");
}

/* The tokens of a sequence: up to 4, y among them. */
static size_t put_tokens(struct draft *draft)
{
    static const char *const ids[] = {"0", "1", "2"};
    const size_t tokens = 1 + random_below(&draft->state, 4);

    put(draft, "'tokens':");
    put_list(draft, ids, COUNT(ids), tokens);
    put_member(draft, "prompt_length", toss(draft, 2) ? "0" : "1");
    return tokens;
}

static void put_objects(struct draft *draft, void (*put_object)(struct draft *draft))
{
    const size_t count = 1 + random_below(&draft->state, 4);

    for (size_t i = 0; i < count; i++) {
        put(draft, i > 0 ? ",{" : "{");
        put_object(draft);
        put(draft, "}");
    }
}

static void put_sequence(struct draft *draft)
{
    const bool rows = toss(draft, 2);
    const size_t tokens = put_tokens(draft);

    if (toss(draft, 3)) {
        put(draft, ",'weights':");
        put_list(draft, weights, COUNT(weights), tokens);
    }
    if (toss(draft, 3))
        put_member(draft, "completion_counts", ANY(draft, counts));
    if (rows && toss(draft, 2)) {
        static const char *const smoothings[] = {"'uniform_all'", "'uniform_others'",
                                                 "'uniform_others_minus_entropy'"};

        put_member(draft, "label_smoothing", ANY(draft, shares));
        put_member(draft, "smoothing", ANY(draft, smoothings));
        put_member(draft, "z_loss", ANY(draft, factors));
    }
    if (rows)
        put_member(draft, "details", "['rank','entropy','top:2']");
    put_said(draft, tokens, rows);
}

static void write_score(struct draft *draft)
{
    put(draft, "{");
    if (toss(draft, 2))
        put(draft, "'statistics':true,");
    if (toss(draft, 3))
        put(draft, "'bootstrap':{'samples':20,'seed':1,'level':0.9},");
    put(draft, "'sequences':[");
    put_objects(draft, put_sequence);
    put(draft, "]}");
}

static void put_pair(struct draft *draft)
{
    const size_t tokens = put_tokens(draft);

    put(draft, ",'models':[");
    for (size_t m = 0; m < 2; m++) {
        put(draft, m > 0 ? ",{'model':'b'" : "{'model':'a'");
        put_said(draft, tokens, !toss(draft, 3));
        put(draft, "}");
    }
    put(draft, "]");
}

static void write_compare(struct draft *draft)
{
    put(draft, "{'sequences':[");
    put_objects(draft, put_pair);
    put(draft, "]}");
}

/* A sequence of four policies, with numbers or rows. */
static void put_policies(struct draft *draft)
{
    static const char *const sources[] = {"current", "old", "rollout", "reference"};
    static const char *const advantages[] = {"0",      "1",      "-1",     "1e308",
                                             "-1e308", "5e-324", "-1e-300"};
    const size_t tokens = put_tokens(draft);

    put_member(draft, "advantages", ANY(draft, advantages));
    for (size_t i = 0; i < COUNT(sources); i++) {
        put(draft, ",'");
        put(draft, sources[i]);
        put(draft, "':{'offset':0");
        put_said(draft, tokens, toss(draft, 3));
        put(draft, "}");
    }
}

static void write_policy(struct draft *draft)
{
    static const char *const levels[] = {"'token'", "'sequence'", "'geometric'"};
    static const char *const modes[] = {"'truncate'", "'clip'", "'mask'"};

    put(draft, "{'per_token':true,'kl_coef':0.1,'norm':1e-300,'objectives':['ppo','grpo','dapo',"
               "'dr_grpo','gspo','cispo','reinforce'],'correction':{'normalize':true");
    put_member(draft, "level", ANY(draft, levels));
    put_member(draft, "mode", ANY(draft, modes));
    put(draft, "},'rejection':{'high':1e300");
    put_member(draft, "level", ANY(draft, levels));
    put(draft, "},'sequences':[");
    put_objects(draft, put_policies);
    put(draft, "]}");
}

static void put_choice(struct draft *draft)
{
    const size_t tokens = 1 + random_below(&draft->state, 3);

    put(draft, "'prompt_length':0");
    if (toss(draft, 2))
        put_member(draft, "counts", ANY(draft, counts));
    if (toss(draft, 2))
        put_member(draft, "unconditional", ANY(draft, log_probs));
    if (toss(draft, 2))
        put_member(draft, "value", ANY(draft, values));
    put(draft, ",'logprobs':");
    put_list(draft, log_probs, COUNT(log_probs), tokens);
}

static void put_question(struct draft *draft)
{
    if (toss(draft, 2))
        put(draft, "'gold':0,");
    put(draft, "'choices':[");
    put_objects(draft, put_choice);
    put(draft, "]");
}

static void write_rank(struct draft *draft)
{
    put(draft, "{'questions':[");
    put_objects(draft, put_question);
    put(draft, "]}");
}

static void write_completions(struct draft *draft)
{
    put(draft,
        "{'prompt':[0,1,2],'max_tokens':0,'echo':true,'logprobs':2,'dtype':'f64','logits':[");
    for (size_t i = 0; i < 2; i++) {
        put(draft, i > 0 ? "," : "");
        put_list(draft, logits, COUNT(logits), 3);
    }
    put(draft, "]}");
}

static void put_tensor(struct draft *draft, const char *name, const char *shape, const char *type,
                       const char *const *list, size_t kinds, size_t count)
{
    put(draft, ",{'name':'");
    put(draft, name);
    put(draft, "','shape':");
    put(draft, shape);
    put_member(draft, "datatype", type);
    put(draft, ",'data':");
    put_list(draft, list, kinds, count);
    put(draft, "}");
}

/* The model `score`, answered as bytes. */
static void write_infer(struct draft *draft)
{
    put(draft, "{'parameters':{'binary_data_output':true,'alignment':'same'");
    if (toss(draft, 2))
        put_member(draft, "precision", "'fp64'");
    if (toss(draft, 2))
        put_member(draft, "temperature", ANY(draft, sizes));
    if (toss(draft, 2))
        put_member(draft, "label_smoothing", ANY(draft, shares));
    put(draft, "},'inputs':[{'name':'tokens','shape':[2,2],'datatype':'INT64','data':[0,1,2,0]},"
               "{'name':'prompt_length','shape':[2],'datatype':'INT64','data':[1,0]}");
    put_tensor(draft, "weights", "[2,2]", "'FP64'", weights, COUNT(weights), 4);
    put_tensor(draft, "logits", "[2,2,3]", "'FP64'", logits, COUNT(logits), 12);
    put(draft, "]}");
}

static const struct {
    const char *name;
    const struct endpoint *endpoint;
    void (*write)(struct draft *draft);
    size_t good; /* at least so many of 100 requests are answered */
} routes[] = {
    {"score", &endpoint_score, write_score, 40},
    {"compare", &endpoint_compare, write_compare, 40},
    {"rank", &endpoint_rank, write_rank, 40},
    {"policy", &endpoint_policy, write_policy, 40},
    {"completions", &endpoint_completions, write_completions, 40},
    {"infer", &endpoint_infer, write_infer, 40},
};

static bool holds_nan(const struct exchange *x)
{
    static const char *const words[] = {":nan", ":-nan", "[nan", "[-nan", ",nan", ",-nan"};
    bool found = false;

    for (size_t i = 0; i < COUNT(words) && x->reply.inference_length == 0; i++)
        found |= reply_has(x, words[i]);
    return found || x->stats.nans > 0;
}

static int shown(size_t length)
{
    return length < SHOWN ? (int)length : SHOWN;
}

static void check_request(size_t route, const struct api *api, struct draft *draft, size_t *good)
{
    struct exchange x;

    draft->text = (struct strbuf){.data = draft->bytes, .capacity = sizeof draft->bytes};
    routes[route].write(draft);
    if (routes[route].endpoint == &endpoint_infer)
        post_infer(&x, api, "/v2/models/score/infer", NULL, draft->bytes, draft->text.length, 0,
                   PLENTY);
    else
        post_to(&x, api, routes[route].endpoint, draft->bytes, draft->text.length, 0, PLENTY);
    if (x.reply.status >= 500 || holds_nan(&x))
        ck_abort_msg("%s: %u, %zu NaN\n%.*s\n%.*s", routes[route].name, x.reply.status,
                     x.stats.nans, shown(draft->text.length), draft->bytes, shown(x.reply.length),
                     x.reply.body);
    *good += x.reply.status == 200;
    exchange_release(&x);
}

START_TEST(nothing_comes_out_as_nan)
{
    static struct draft draft;
    const struct api api = plain_api(PLENTY);
    const size_t count = times(500);

    for (size_t route = 0; route < COUNT(routes); route++) {
        size_t good = 0;

        draft.state = 31 + route;
        for (size_t n = 0; n < count; n++)
            check_request(route, &api, &draft, &good);
        ck_assert_msg(good * 100 >= routes[route].good * count, "%s: %zu of %zu",
                      routes[route].name, good, count);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {nothing_comes_out_as_nan, NULL};

    api_start();
    return suite_main("ends", tests);
}
