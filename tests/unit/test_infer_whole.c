/* test_infer_whole.c - models of /v2 whose inputs are whole tensors: their summary has the bytes of
 * the route's answer to the same numbers as JSON, their outputs are its numbers, and what is
 * refused. */
#include "tests/unit/infer_check.h"

#include "api/json/json_parser.h"

#include <stdint.h>

#define TENSOR(name, type, shape, data)                                                            \
    "{'name':'" name "','datatype':'" type "','shape':" shape ",'data':" data "}"
#define ASK(inputs, request) "{'inputs':[" inputs "],'parameters':{'request':'" request "'}}"

/* ---- policy ---- */

#define POLICY(name, data) TENSOR(name, "FP64", "[2,3]", data)
#define CURRENT POLICY("current", "[[-0.5,-0.7,-1e-9],[-3,-0.25,0]]")
#define OLD POLICY("old", "[-0.6,-0.7,-0.125,-2.9,-0.3,-7]")
#define ROLLOUT POLICY("rollout", "[-0.61,-0.69,-0.1,-2.5,-Infinity,-6.5]")
#define FROZEN POLICY("reference", "[-0.9,-0.6,-0.2,-3.5,-0.1,-5]")
#define FOUR CURRENT "," OLD "," ROLLOUT "," FROZEN
#define ADVANTAGES(data) TENSOR("advantages", "FP64", "[2]", data)
#define MASK(type, data) TENSOR("mask", type, "[2,3]", data)
#define OUTPUT(name, numbers) "'" name "':{'logprobs':[" numbers "]}"
#define FIRST                                                                                      \
    OUTPUT("current", "-0.5,-0.7,-1e-9")                                                           \
    "," OUTPUT("old", "-0.6,-0.7,-0.125") "," OUTPUT("rollout", "-0.61,-0.69,-0.1") "," OUTPUT(    \
        "reference", "-0.9,-0.6,-0.2")
#define SECOND                                                                                     \
    OUTPUT("current", "-3,-0.25,0")                                                                \
    "," OUTPUT("old", "-2.9,-0.3,-7") "," OUTPUT("rollout", "-2.5,'-Infinity',-6.5") "," OUTPUT(   \
        "reference", "-3.5,-0.1,-5")
#define SEQUENCES(first, second) "'sequences':[{" FIRST first "},{" SECOND second "}]"

#define OBJECTIVES                                                                                 \
    "'per_token':true,'objectives':['grpo','gspo',{'name':'dapo','label':'d','kl_coef':0.5,"       \
    "'dual_clip':3}],'correction':{'high':1.5,'normalize':true},'rejection':{'level':'geometric'}"

/* ---- preference ---- */

#define CHOSEN TENSOR("policy_chosen", "FP64", "[2]", "[-1.25,-1e4]")
#define REJECTED TENSOR("policy_rejected", "FP64", "[2]", "[-2.5,-10000.000000001]")
#define SUMS CHOSEN "," REJECTED
#define REFERENCES                                                                                 \
    TENSOR("reference_chosen", "FP64", "[2]", "[-1.5,-9999]")                                      \
    "," TENSOR("reference_rejected", "FP64", "[2]", "[-0.1,-9999]")
#define COUNTS                                                                                     \
    TENSOR("tokens_chosen", "INT64", "[2]", "[2,9]")                                               \
    "," TENSOR("tokens_rejected", "INT32", "[2]", "[1,4]")
#define SIDE(name, policy, reference)                                                              \
    "'" name "':{'policy':{" policy "},'reference':{" reference "}}"
#define PAIRS                                                                                          \
    "'pairs':[{" SIDE("chosen", "'log_prob':-1.25,'tokens':2", "'log_prob':-1.5,'tokens':2") "," SIDE( \
        "rejected", "'log_prob':-2.5,'tokens':1",                                                      \
        "'log_prob':-0.1,'tokens':1") "},{" SIDE("chosen", "'log_prob':-1e4,'tokens':9",               \
                                                 "'log_prob':-9999,'tokens':9") "," SIDE("rejecte"     \
                                                                                         "d",          \
                                                                                         "'log_"       \
                                                                                         "prob':-"     \
                                                                                         "10000."      \
                                                                                         "0000000"     \
                                                                                         "01,'"        \
                                                                                         "tokens'"     \
                                                                                         ":4",         \
                                                                                         "'log_"       \
                                                                                         "prob':-"     \
                                                                                         "9999,'"      \
                                                                                         "tokens'"     \
                                                                                         ":4") "}"     \
                                                                                               "]"

/* ---- the same numbers both ways ---- */

static const struct same {
    const char *model;
    const struct endpoint *endpoint;
    const char *tensors; /* the inputs */
    const char *members; /* of the route's request, in place of them */
    const char *options; /* members of both */
} same[] = {
    {"policy", &endpoint_policy, FOUR, SEQUENCES("", ""), ""},
    {"policy", &endpoint_policy, ADVANTAGES("[0.7,-1.5]") "," FOUR,
     SEQUENCES(",'advantages':0.7", ",'advantages':-1.5"), OBJECTIVES},
    {"policy", &endpoint_policy, MASK("BOOL", "[[true,false,1],[0,false,true]]") "," FOUR,
     SEQUENCES(",'mask':[1,0,1]", ",'mask':[0,0,1]"), "'model':'m','per_token':true"},
    {"policy", &endpoint_policy, FOUR "," MASK("UINT8", "[1,0,1,0,0,1]"),
     SEQUENCES(",'mask':[1,0,1]", ",'mask':[0,0,1]"), ""},
    {"policy", &endpoint_policy,
     FOUR "," MASK("INT32", "[1,1,0,0,0,0]") "," POLICY("advantages", "[1,-1,NaN,0,0,0]"),
     SEQUENCES(",'mask':[1,1,0],'advantages':[1,-1,null]",
               ",'mask':[0,0,0],'advantages':[null,null,null]"),
     OBJECTIVES},
    {"policy", &endpoint_policy, CURRENT "," ADVANTAGES("[2,-1]"),
     "'sequences':[{" OUTPUT("current", "-0.5,-0.7,-1e-9") ",'advantages':2},{" OUTPUT(
         "current", "-3,-0.25,0") ",'advantages':-1}]",
     "'objectives':['reinforce']"},
    {"preference", &endpoint_preference, SUMS "," REFERENCES "," COUNTS, PAIRS, ""},
    {"preference", &endpoint_preference, COUNTS "," REFERENCES "," SUMS, PAIRS,
     "'model':'m','beta':0.3,'objectives':['sigmoid',{'name':'ipo','label':'i','beta':1},'aot']"},
    {"preference", &endpoint_preference, SUMS "," REFERENCES "," COUNTS, PAIRS,
     "'objectives':['orpo','simpo','sft','cpo']"},
    {"preference", &endpoint_preference, SUMS,
     "'pairs':[{'chosen':{'policy':{'log_prob':-1.25}},'rejected':{'policy':{'log_prob':-2.5}}},"
     "{'chosen':{'policy':{'log_prob':-1e4}},'rejected':{'policy':{'log_prob':-10000.000000001}}}]",
     "'reference_free':true"},
};

/* The text with ' for ", and each " behind a backslash if it is to be in a string. */
static size_t quote(const char *text, bool within, char *out)
{
    size_t length = 0;

    for (; *text; text++) {
        if (*text == '\'' && within)
            out[length++] = '\\';
        out[length++] = *text == '\'' ? '"' : *text;
    }
    out[length] = '\0';
    return length;
}

static void post_tensors(struct exchange *x, const struct api *api, const struct same *one,
                         const char *more, char *body)
{
    char path[64];
    size_t length = quote("{'inputs':[", false, body);

    length += quote(one->tensors, false, body + length);
    length += quote("],'parameters':{'request':'{", false, body + length);
    length += quote(one->options, true, body + length);
    length += quote("}'", false, body + length);
    length += quote(more, false, body + length);
    length += quote("}", false, body + length);
    snprintf(path, sizeof path, "/v2/models/%s/infer", one->model);
    post_infer(x, api, path, NULL, body, length, 0, PLENTY);
    ck_assert_msg(x->reply.status == 200, "%s\n%.*s", body, (int)x->reply.length, x->reply.body);
    check_cuts(body, path, NULL, body, length, false);
}

static void post_members(struct exchange *x, const struct api *api, const struct same *one)
{
    char body[4096], text[4096];
    size_t length;

    snprintf(text, sizeof text, "{%s%s%s}", one->options, one->options[0] ? "," : "", one->members);
    length = quote(text, false, body);
    post_to(x, api, one->endpoint, body, length, 0, PLENTY);
    ck_assert_msg(x->reply.status == 200, "%s\n%.*s", body, (int)x->reply.length, x->reply.body);
}

/* The text of an output BYTES, alone behind the head. */
static void check_blob(const struct exchange *x, const char *text, size_t length)
{
    const unsigned char *blob = (const unsigned char *)x->reply.body + x->reply.inference_length;
    const size_t said =
        blob[0] | (size_t)blob[1] << 8 | (size_t)blob[2] << 16 | (size_t)blob[3] << 24;

    ck_assert_uint_eq(x->reply.length, x->reply.inference_length + 4 + said);
    ck_assert_msg(said == length && memcmp(blob + 4, text, length) == 0, "%.*s\n%.*s", (int)said,
                  (const char *)blob + 4, (int)length, text);
}

START_TEST(the_summary_is_the_answer_of_the_route)
{
    const struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(same); i++) {
        struct exchange members, tensors;
        char body[4096];

        post_members(&members, &api, &same[i]);
        post_tensors(&tensors, &api, &same[i], ",'binary_data_output':true}", body);
        check_blob(&tensors, members.reply.body, members.reply.length - 1);
        exchange_release(&tensors);
        exchange_release(&members);
    }
}
END_TEST

/* ---- outputs ---- */

/* Where the route's answer has the elements of an output: B and T are their indices. */
static const struct {
    size_t row; /* of `same` */
    const char *output, *pointer;
} outputs[] = {
    {1, "loss.d", "/totals/objectives/d/loss"},
    {1, "loss.grpo", "/totals/objectives/grpo/loss"},
    {1, "token_loss.d", "/sequences/B/tokens/loss/d/T"},
    {1, "token_loss.gspo", "/sequences/B/tokens/loss/gspo/T"},
    {4, "token_loss.gspo", "/sequences/B/tokens/loss/gspo/T"},
    {4, "log_ratio.current_rollout", "/sequences/B/tokens/log_ratio/current_rollout/T"},
    {2, "log_ratio.reference_current", "/sequences/B/tokens/log_ratio/reference_current/T"},
    {0, "sequence_ratio.current_old", "/sequences/B/ratios/current_old/sequence_ratio"},
    {0, "geometric_ratio.old_rollout", "/sequences/B/ratios/old_rollout/geometric_ratio"},
    {4, "geometric_ratio.current_old", "/sequences/B/ratios/current_old/geometric_ratio"},
    {7, "loss.sigmoid", "/pairs/B/objectives/sigmoid/loss"},
    {7, "loss.aot", "/pairs/B/objectives/aot/loss"},
    {7, "loss.i", "/pairs/B/objectives/i/loss"},
    {7, "margin.i", "/pairs/B/objectives/i/margin"},
    {7, "chosen_reward.sigmoid", "/pairs/B/objectives/sigmoid/chosen_reward"},
    {8, "rejected_reward.orpo", "/pairs/B/objectives/orpo/rejected_reward"},
    {8, "margin.sft", "/pairs/B/objectives/sft/margin"},
};

/* The value at a pointer, with an index in place of B and T. */
static const json_t *value_at(const json_t *tree, const char *pointer, size_t b, size_t t)
{
    char name[64];
    int length;

    for (; sscanf(pointer, "/%63[^/]%n", name, &length) == 1; pointer += length)
        tree = json_is_object(tree) ? json_object_get(tree, name)
                                    : json_array_get(tree, name[0] == 'B' ? b : t);
    return tree;
}

/* Whether they are the same.  What is outside y is null, and 0 in a tensor; infinities are null in
 * one. */
static bool same_value(const json_t *got, const json_t *right)
{
    if (json_is_number(right))
        return json_is_number(got) && json_number_value(got) == json_number_value(right);
    return json_is_null(got) || (json_is_null(right) && json_number_value(got) == 0);
}

static void check_output(const char *name, const char *pointer, const json_t *output,
                         const json_t *answer)
{
    const json_t *shape = json_object_get(output, "shape"), *data = json_object_get(output, "data");
    const size_t columns =
        json_array_size(shape) > 1 ? (size_t)json_integer_value(json_array_get(shape, 1)) : 1;

    ck_assert_uint_eq(json_array_size(data),
                      (size_t)json_integer_value(json_array_get(shape, 0)) * columns);
    ck_assert_str_eq(json_string_value(json_object_get(output, "name")), name);
    for (size_t i = 0; i < json_array_size(data); i++)
        ck_assert_msg(same_value(json_array_get(data, i),
                                 value_at(answer, pointer, i / columns, i % columns)),
                      "%s %zu", name, i);
}

/* The tree of an answer, which lives as long as the exchange. */
static json_t *parse(struct exchange *x)
{
    struct chunk chunk = {.start = x->reply.body,
                          .at = x->reply.body,
                          .end = x->reply.body + x->reply.length,
                          .last = true};
    struct json_parser parser;
    struct error err = {0};
    enum parse_event event = PARSE_MORE;

    json_parser_init(&parser, &x->arena, &err);
    while (event != PARSE_END) {
        event = json_parser_next(&parser, &chunk);
        ck_assert_msg(event != PARSE_FAULT && event != PARSE_SPENT, "%s", err.detail);
    }
    return parser.tree;
}

START_TEST(outputs_are_numbers_of_the_answer)
{
    const struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(outputs); i++) {
        struct exchange members, tensors;
        char more[256], body[4096];

        snprintf(more, sizeof more, "},'outputs':[{'name':'%s'}]", outputs[i].output);
        post_members(&members, &api, &same[outputs[i].row]);
        post_tensors(&tensors, &api, &same[outputs[i].row], more, body);
        check_output(outputs[i].output, outputs[i].pointer,
                     json_array_get(json_object_get(parse(&tensors), "outputs"), 0),
                     parse(&members));
        exchange_release(&tensors);
        exchange_release(&members);
    }
}
END_TEST

/* ---- what is refused ---- */

static const struct {
    const char *model, *body, *error;
} bad[] = {
    {"policy", ASK(FOUR, "{\\'sequences\\':[]}"), "/parameters/request: /sequences: is what the"},
    {"policy", ASK(FOUR, "{\\'mask\\':[1]}"), "/parameters/request: /mask: is what the inputs"},
    {"policy", ASK(FOUR, "{\\'temperature\\':2}"), "/parameters/request: /temperature: is what"},
    {"policy", ASK(FOUR, "{\\'norm\\':2}"), "/parameters/request: /norm: no objective"},
    {"policy", ASK(FOUR, "{\\'objectives\\':[\\'grpo\\']}"), "/advantages: are missing"},
    {"policy", ASK(OLD "," ADVANTAGES("[1,1]"), "{\\'objectives\\':[\\'grpo\\']}"),
     "/parameters/request: /objectives/0: "},
    {"policy", ASK(FOUR, "{\\'details\\':[\\'entropy\\']}"), "/details/0: needs logits"},
    {"policy", ASK(CURRENT, "{\\'correction\\':{}}"), "/correction/ratio: a side of"},
    {"policy", ASK(MASK("BOOL", "[1,1,1,1,1,1]"), "{}"),
     "/inputs: what a policy said is missing: current, old, rollout or reference"},
    {"policy", ASK(CURRENT "," MASK("INT32", "[1,1,2,0,0,0]"), "{}"),
     "mask[0,2]: 2 is neither 0 nor 1"},
    {"policy", ASK(CURRENT "," MASK("UINT8", "[1,1,0,0,0,255]"), "{}"),
     "mask[1,2]: 255 is neither 0 nor 1"},
    {"policy", ASK(CURRENT "," MASK("UINT8", "[1,1,0,0,0,256]"), "{}"),
     "element 5 must be an integer from 0 to 255"},
    {"policy", ASK(CURRENT "," MASK("UINT8", "[true,1,0,0,0,1]"), "{}"),
     "element 0 must be an integer from 0 to 255"},
    {"policy", ASK(CURRENT "," MASK("BOOL", "[1,1,0,0,0,2]"), "{}"),
     "element 5 must be true, false, 1 or 0"},
    {"policy", ASK(CURRENT "," MASK("BOOL", "[1,1,0,0,0,truth]"), "{}"),
     "element 5 must be true, false, 1 or 0"},
    {"policy", ASK(CURRENT "," MASK("INT64", "[1,1,0,0,0,1]"), "{}"),
     "INT64 is not taken for mask: these are: INT32, BOOL, UINT8"},
    {"policy", ASK(CURRENT "," TENSOR("mask", "BOOL", "[3,2]", "[1,1,0,0,0,1]"), "{}"),
     "axis 0 (B) of mask is 3, and of current it is 2"},
    {"policy", ASK(CURRENT "," TENSOR("old", "FP64", "[2,2]", "[-1,-1,-1,-1]"), "{}"),
     "axis 1 (T) of old is 2, and of current it is 3"},
    {"policy", ASK(CURRENT "," TENSOR("advantages", "FP64", "[6]", "[1,1,1,1,1,1]"), "{}"),
     "axis 0 (B) of advantages is 6, and of current it is 2"},
    {"policy", ASK(CURRENT "," TENSOR("advantages", "FP64", "[1,2,3]", "[1,1,1,1,1,1]"), "{}"),
     "advantages has 2 dimensions or one fewer, not 3"},
    {"policy", ASK(CURRENT "," TENSOR("mask", "BOOL", "[6]", "[1,1,1,1,1,1]"), "{}"),
     "mask has 2 dimensions, not 1"},
    {"policy", ASK(CURRENT "," ADVANTAGES("[1,NaN]"), "{}"), "advantages[1]: must be finite"},
    {"policy", ASK(CURRENT "," POLICY("advantages", "[1,1,1,1,1,Infinity]"), "{}"),
     "advantages[1,2]: must be finite"},
    {"policy", ASK(CURRENT "," POLICY("old", "[-1,-1,-1,-1,0.5,-1]"), "{}"),
     "old[1,1]: 0.5 is not a log-probability"},
    {"policy", "{'inputs':[" CURRENT "],'outputs':[{'name':'log_ratio.current_old'}]}",
     "is no output: the inputs have no ratio of this name"},
    {"policy", "{'inputs':[" CURRENT "],'outputs':[{'name':'log_ratio.old_current'}]}",
     "is no output: the inputs have no ratio of this name"},
    {"policy", "{'inputs':[" CURRENT "],'outputs':[{'name':'token_loss.ppo'}]}",
     "is no output: the request has no objective with this key"},
    {"preference", ASK(SUMS, ""), "/parameters/request: not JSON"},
    {"preference", ASK(SUMS, "[]"), "/parameters/request: the body must be an object"},
    {"preference", ASK(SUMS, "{"), "/parameters/request: not JSON at byte 1"},
    {"preference", "{'inputs':[" SUMS "],'parameters':{'request':{}}}",
     "/parameters/request: must be a string"},
    {"preference", ASK(SUMS, "{\\'pairs\\':[]}"),
     "/parameters/request: /pairs: is what the inputs"},
    {"preference", ASK(SUMS, "{\\'weight\\':2}"),
     "/parameters/request: /weight: is what the inputs"},
    {"preference", ASK(SUMS, "{\\'bets\\':2}"), "/parameters/request: /bets: is not known"},
    {"preference", ASK(SUMS, "{\\'objectives\\':[\\'dpo2\\']}"),
     "/parameters/request: /objectives/0"},
    {"preference", ASK(SUMS, "{}"), "/objectives/0: sigmoid needs the reference"},
    {"preference", ASK(SUMS "," REFERENCES, "{\\'objectives\\':[\\'ipo\\']}"),
     "/objectives/0: ipo needs how many tokens"},
    {"preference", ASK(SUMS, "{\\'objectives\\':[\\'kto\\']}"), "kto is of examples"},
    {"preference", ASK(CHOSEN, "{}"), "model preference needs input policy_rejected"},
    {"preference", ASK(CHOSEN "," TENSOR("policy_rejected", "FP64", "[1]", "[-1]"), "{}"),
     "axis 0 (B) of policy_rejected is 1, and of policy_chosen it is 2"},
    {"preference", ASK(CHOSEN "," TENSOR("policy_rejected", "FP32", "[2]", "[-1,0.5]"), "{}"),
     "policy_rejected[1]: 0.5 is not the log-probability of a completion"},
    {"preference", ASK(CHOSEN "," TENSOR("policy_rejected", "FP64", "[2]", "[NaN,-1]"), "{}"),
     "policy_rejected[0]: nan is not the log-probability"},
    {"preference", ASK(CHOSEN "," TENSOR("policy_rejected", "FP16", "[2]", "[-1,-1]"), "{}"),
     "FP16 is not taken for policy_rejected: these are: FP64, FP32"},
    {"preference", ASK(SUMS "," TENSOR("tokens_chosen", "INT64", "[2]", "[1,0]"), "{}"),
     "tokens_chosen[1]: 0 is below 1"},
    {"preference", ASK(SUMS "," TENSOR("tokens_chosen", "BOOL", "[2]", "[1,1]"), "{}"),
     "BOOL is not taken for tokens_chosen"},
    {"preference", ASK(SUMS "," TENSOR("policy_chosen", "FP64", "[2]", "[-1,-1]"), "{}"),
     "input policy_chosen is given twice"},
    {"preference", "{'inputs':[" SUMS "," REFERENCES "],'outputs':[{'name':'loss.ipo'}]}",
     "/outputs/0: \"loss.ipo\" is no output: the request has no objective with this key"},
    {"preference", "{'inputs':[" SUMS "],'outputs':[{'name':'loss'}]}",
     "\"loss\" is no output of model preference; these are: summary, loss.KEY"},
    {"preference",
     "{'inputs':[" SUMS "],'outputs':[{'name':'loss.a'},{'name':'loss.b'},{'name':'loss.a'}]}",
     "/outputs/2: output loss.a is named twice"},
};

START_TEST(bad_requests_are_refused)
{
    const struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(bad); i++) {
        struct exchange x;
        char body[4096], path[64];
        const size_t length = requote(bad[i].body, body);

        snprintf(path, sizeof path, "/v2/models/%s/infer", bad[i].model);
        post_infer(&x, &api, path, NULL, body, length, 0, PLENTY);
        check_refused(&x, body, 400, bad[i].error);
        exchange_release(&x);
        check_cuts(body, path, NULL, body, length, false);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_summary_is_the_answer_of_the_route,
                                  outputs_are_numbers_of_the_answer, bad_requests_are_refused,
                                  NULL};

    api_start();
    return suite_main("infer_whole", tests);
}
