/* test_stream.c - answers do not depend on how a body is cut, on what is kept, or on who reads it.
 */
#include "tests/unit/cuts.h"
#include "tests/unit/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct golden_cases cases, engines;

START_TEST(a_golden_request_may_be_cut_anywhere)
{
    check_golden(&cases.list[_i], &endpoint_score, check_budgets);
}
END_TEST

START_TEST(an_answer_of_an_engine_may_be_cut_anywhere)
{
    if (is_long() || _i % 4 == 0)
        check_golden(&engines.list[_i], &endpoint_score, check_only_cuts);
}
END_TEST

/* ---- members behind logits ---- */

/* `kept`: bytes of rows; what then happens to the request. */
static const struct {
    const char *body;
    size_t kept;
    const char *code, *pointer; /* NULL: it is answered as if logits stood last */
} late[] = {
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'temperature':2}", PLENTY, NULL, NULL},
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'temperature':2}", 24, NULL, NULL},
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'temperature':2}", 23, "member_after_logits",
     "/temperature"},
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'temperature':[2,1]}", 24, NULL, NULL},
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'temperature':[2,1]}", 23, "member_after_logits",
     "/temperature"},
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'softcap':2,'details':['rank']}", 0,
     "member_after_logits", "/softcap"},
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'details':['rank'],'model':'m'}", 0,
     "member_after_logits", "/details"},
    {"{'tokens':[0,1],'logits':[[1,2,3],[3,2,1]],'alignment':'same'}", 0, "member_after_logits",
     "/alignment"},
    {"{'tokens':[0,1,2],'logits':[[1,2,3]],'offset':1,'prompt_length':2}", 0, "member_after_logits",
     "/offset"},
    {"{'tokens':[0,1],'logits':[[1,2,3]],'sequences':[{'tokens':[0,2]}]}", 0, "member_after_logits",
     "/sequences"},
    {"{'sequences':[{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'z_loss':1}]}", 0,
     "member_after_logits", "/sequences/0/z_loss"},
    {"{'sequences':[{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]]}],'z_loss':1}", 0,
     "member_after_logits", "/z_loss"},
    {"{'tokens':[0,1],'logits':{'dtype':'f32','shape':[1,2],'data':'AACAPwAAAEA='},'softcap':9}", 0,
     "member_after_logits", "/softcap"},
    /* The name alone counts, even where the value would change nothing. */
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'attention_mask':[1,1,0]}", 0,
     "member_after_logits", "/attention_mask"},
    {"{'sequences':[{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'attention_mask':[1,1,1]}]}", 0,
     "member_after_logits", "/sequences/0/attention_mask"},
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'cu_seqlens':[0,3]}", 0, "member_after_logits",
     "/cu_seqlens"},
    {"{'tokens':[0,1,2],'prompt_length':[1],'logits':[[1,2,3],[3,2,1]],'cu_seqlens':[0,3]}", 0,
     NULL, NULL},
    /* Windows are planned in the order of their list. */
    {"{'tokens':[0,1,2],'windows':[{'start':0,'end':2,'logits':[[1,2,3]],'temperature':2},"
     "{'start':1,'end':3,'logits':[[1,2,3]]}]}",
     0, "member_after_logits", "/windows/0/temperature"},
    {"{'tokens':[0,1,2],'windows':[{'start':0,'end':2,'logits':[[1,2,3]],'temperature':2},"
     "{'start':1,'end':3,'logits':[[1,2,3]]}]}",
     12, NULL, NULL},
    {"{'tokens':[0,1,2],'windows':[{'start':0,'end':2,'logits':[[1,2,3]]},{'start':1,'end':3,"
     "'logits':[[1,2,3]]}],'prompt_length':1}",
     0, "member_after_logits", "/prompt_length"},
    {"{'tokens':[0,1,2],'windows':[{'start':0,'end':2,'logits':[[1,2,3]]},{'start':1,'end':3,"
     "'logits':[[1,2,3]]}],'prompt_length':1}",
     12, "member_after_logits", "/prompt_length"},
    {"{'windows':[{'start':0,'end':2,'logits':[[1,2,3]]},{'start':1,'end':3,'logits':[[1,2,3]]}],"
     "'tokens':[0,1,2],'temperature':2}",
     0, NULL, NULL},
    {"{'tokens':[0,1,2],'windows':[{'logits':[[1,2,3]],'start':0,'end':2},{'start':1,'end':3,"
     "'logits':[[1,2,3]]}],'temperature':2}",
     0, NULL, NULL},
    {"{'tokens':[0,1,2],'windows':[{'start':0,'end':2,'logits':[[1,2,3]]},{'logits':[[1,2,3]],"
     "'start':1,'end':3}],'weights':[1,2,3]}",
     0, NULL, NULL},
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'temperature':1}", 0, "member_after_logits",
     "/temperature"},
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'prompt_length':1}", 0, "member_after_logits",
     "/prompt_length"},
    {"{'sequences':[{'tokens':[0,1,2],'temperature':2,'logits':[[1,2,3],[3,2,1]]}],'temperature':"
     "3}",
     0, "member_after_logits", "/temperature"},
    {"{'tokens':[0,1,2],'prompt_length':2,'logits':[[1,2,3],[3,2,1]],'objectives':['joint'],"
     "'per_token':false}",
     0, "member_after_logits", "/objectives"},
    /* What is only for the answer may come at any time. */
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'weights':[1,2,3],'id':1,'model':'m'}", 0, NULL,
     NULL},
    {"{'tokens':[0,1,2],'prompt_length':2,'logits':[[1,2,3],[3,2,1]],'per_token':false,"
     "'text':'abc','statistics':true}",
     0, NULL, NULL},
    /* What is not known yet is waited for. */
    {"{'logits':[[1,2,3],[3,2,1]],'temperature':2,'tokens':[0,1,2]}", 0, NULL, NULL},
    {"{'sequences':[{'logits':[[1,2,3],[3,2,1]],'tokens':[0,1,2]}],'temperature':2}", 0, NULL,
     NULL},
    {"{'tokens':[0,1,2],'objectives':['conditional'],'logits':[[1,2,3],[3,2,1]],'prompt_length':2}",
     0, NULL, NULL},
    {"{'tokens':[0,1],'logits':{'data':'AACAPwAAAEA=','dtype':'f32','shape':[1,2]}}", 0, NULL,
     NULL},
    /* What one sequence says of its numbers does not count for the next. */
    {"{'sequences':[{'dtype':'f64','tokens':[0,1],'logits':[[0.1,0.2]]},{'tokens':[0,1],'logits':[["
     "0.1,0.2]]}]}",
     0, NULL, NULL},
    /* Another dtype needs the text. */
    {"{'tokens':[0,1],'logits':[[0.1,0.2]],'dtype':'f64'}", 51, NULL, NULL},
    {"{'tokens':[0,1],'logits':[[0.1,0.2]],'dtype':'f64'}", 50, "member_after_logits", "/dtype"},
    {"{'tokens':[0,1],'logits':[[0.1,0.2]],'dtype':'f64'}", 8, "member_after_logits", "/dtype"},
    /* A default that a sequence overrides later. */
    {"{'prompt_length':9,'sequences':[{'tokens':[0,1],'logits':[[1,2]],'prompt_length':1}]}", 0,
     "member_after_logits", "/sequences/0/prompt_length"},
    {"{'objectives':['conditional'],'sequences':[{'tokens':[0,1,2],'prompt_length':2,'logits':[[1,"
     "2,"
     "3],[3,2,1]],'objectives':['joint']}]}",
     0, "member_after_logits", "/sequences/0/objectives"},
    {"{'tokens':[0,1,2],'sequences':[{'logits':[[1,2,3],[3,2,1]],'tokens':[0,2,1]}]}", 0,
     "member_after_logits", "/sequences/0/tokens"},
    {"{'tokens':[0,1,2],'sequences':[{'logits':[[1,2,3],[3,2,1]],'tokens':[0,1]}]}", 0,
     "member_after_logits", "/sequences/0/tokens"},
    {"{'details':['top:1'],'sequences':[{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'details':["
     "'top:2']}]}",
     0, "member_after_logits", "/sequences/0/details"},
    {"{'tokens':[0,1,2],'logits':[[1,2,3],[3,2,1]],'label_smoothing':0.1}", 0,
     "member_after_logits", "/label_smoothing"},
    {"{'tokens':[0,1,2],'label_smoothing':0.1,'logits':[[1,2,3],[3,2,1]],'smoothing':"
     "'uniform_others'}",
     0, "member_after_logits", "/smoothing"},
    /* A bad row that nothing needs any more. */
    {"{'tokens':[0,1,2],'logits':[[1,NaN,3],[3,2,1]],'prompt_length':2,'objectives':['conditional']"
     "}",
     0, "member_after_logits", "/prompt_length"},
};

/* The same members with `logits` last, to be answered in one way only. */
static void reorder(const char *body, char *out)
{
    const char *logits = strstr(body, "\"logits\":"), *end = logits + strlen("\"logits\":");
    int depth = 0;

    for (; depth > 0 || (*end != ',' && *end != '}'); end++)
        depth += (*end == '[' || *end == '{') - (*end == ']' || *end == '}');
    if (*end == ',') { /* up to the end of the object it stands in */
        const char *rest = end + 1, *close = rest;

        for (depth = 0; depth > 0 || *close != '}'; close++)
            depth += (*close == '[' || *close == '{') - (*close == ']' || *close == '}');
        sprintf(out, "%.*s%.*s,%.*s%s", (int)(logits - body), body, (int)(close - rest), rest,
                (int)(end - logits), logits, close);
    } else {
        strcpy(out, body);
    }
}

static void check_late(size_t i)
{
    struct api api = plain_api(PLENTY);
    char body[512], last[512], code[64], pointer[64];
    struct exchange x, whole;

    snprintf(body, sizeof body, "%s", late[i].body);
    for (char *c = body; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    reorder(body, last);
    post(&whole, &api, last, strlen(last), 0, PLENTY);
    ck_assert_msg(whole.reply.status == 200, "%s\n%.*s", last, (int)whole.reply.length,
                  whole.reply.body);
    api.kept_rows = late[i].kept;
    post(&x, &api, body, strlen(body), 0, PLENTY);
    if (late[i].code) {
        snprintf(code, sizeof code, "\"code\":\"%s\"", late[i].code);
        snprintf(pointer, sizeof pointer, "{\"pointer\":\"%s\",", late[i].pointer);
        ck_assert_msg(x.reply.status == 422 && reply_has(&x, code) && reply_has(&x, pointer)
                          && reply_has(&x, "put logits last"),
                      "%s\n%.*s", body, (int)x.reply.length, x.reply.body);
    } else {
        check_same(&x, &whole, body);
    }
    exchange_release(&x);
    exchange_release(&whole);
}

START_TEST(late_members_are_applied_or_refused)
{
    for (size_t i = 0; i < COUNT(late); i++)
        check_late(i);
}
END_TEST

/* ---- rows that are read again as another dtype ---- */

#define AGAIN 20000 /* numbers of a row: more than 400 KB of text */

/* Where the rows stand: @; what is asked of them: #. */
static const struct {
    const struct endpoint *endpoint;
    const char *early, *late, *pointer, *code;
} again[] = {
    {&endpoint_score, "{'tokens':[0,1],#,'logits':[@]}", "{'logits':[@],#,'tokens':[0,1]}",
     "/dtype", "member_after_logits"},
    {&endpoint_score, "{#,'sequences':[{'tokens':[0,1],'logits':[@]}]}",
     "{'sequences':[{'tokens':[0,1],'logits':[@]}],#}", "/dtype", "member_after_logits"},
    {&endpoint_score, "{'sequences':[{'tokens':[0,1],#,'logits':[@]}]}",
     "{'sequences':[{'logits':[@],'tokens':[0,1],#}]}", "/sequences/0/dtype",
     "member_after_logits"},
    {&endpoint_score,
     "{'sequences':[{'tokens':[0,1],#,'logits':[@]},{'tokens':[0,2],#,'logits':[@]}]}",
     "{'logits':[@],'sequences':[{'tokens':[0,1],#},{'tokens':[0,2],#}]}", "/sequences/0/dtype",
     "member_after_logits"},
    {&endpoint_rank, "{'prompt':[0],#,'choices':[{'completion':[1],'logits':[@]}]}",
     "{'prompt':[0],'choices':[{'logits':[@],'completion':[1]}],#}", "/dtype",
     "member_after_logits"},
    {&endpoint_compare, "{'tokens':[0,1],'models':[{#,'logits':[@]},{#,'logits':[@]}]}",
     "{'models':[{'logits':[@],#},{'logits':[@],#}],'tokens':[0,1]}", "/models/0/dtype",
     "member_after_logits"},
    {&endpoint_compare, "{'tokens':[0,1],#,'models':[{'logits':[@]},{'logits':[@]}]}",
     "{'tokens':[0,1],'logits':[@],'models':[{#},{#}]}", "/models/0/dtype", "member_after_logits"},
};

/* A row of numbers that are not floats. */
static const char *row_of_doubles(void)
{
    static char row[AGAIN * 24];
    uint64_t state = 5;
    size_t length = 0;

    if (row[0] != '\0')
        return row;
    for (size_t i = 0; i < AGAIN; i++)
        length += (size_t)sprintf(row + length, "%s%.17g", i > 0 ? "," : "[",
                                  (double)random_below(&state, 1 << 30) / 3e8);
    sprintf(row + length, "]");
    return row;
}

static char *write_again(const char *pattern)
{
    const char *row = row_of_doubles();
    char *body = malloc(2 * strlen(row) + 512), *end = body;

    ck_assert_ptr_nonnull(body);
    for (const char *c = pattern; *c; c++)
        if (*c == '@' || *c == '#')
            end += sprintf(end, "%s", *c == '@' ? row : "\"dtype\":\"f64\"");
        else
            *end++ = *c == '\'' ? '"' : *c;
    *end = '\0';
    return body;
}

/* Of a body whose length is announced, or is not. */
static void post_again(struct exchange *x, const struct api *api, const struct endpoint *endpoint,
                       const char *body, bool announced)
{
    exchange_init(x, api);
    x->request.id = "test";
    x->request.content_length = announced ? strlen(body) : REQUEST_LENGTH_UNKNOWN;
    post_body(x, endpoint, body, strlen(body), 0, 60000);
}

/* A body of `length` bytes is the longest whose rows are read again. */
static void check_again(size_t i, const char *body, const struct exchange *right, size_t spare,
                        bool announced)
{
    struct api api = plain_api(4 * PLENTY);
    char says[128];
    struct exchange x;

    api.kept_rows = strlen(body) - 1 + spare;
    post_again(&x, &api, again[i].endpoint, body, announced);
    snprintf(says, sizeof says, "\"pointer\":\"%s\",\"detail\":\"comes after logits",
             again[i].pointer);
    if (spare > 0)
        check_same(&x, right, again[i].late);
    else
        ck_assert_msg(x.reply.status == 422 && reply_has(&x, again[i].code) && reply_has(&x, says)
                          && reply_has(&x, "--max-kept-rows"),
                      "%s\n%.*s", again[i].late, (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}

START_TEST(the_order_of_members_changes_no_answer)
{
    for (size_t i = 0; i < COUNT(again); i++) {
        const struct api api = plain_api(4 * PLENTY);
        char *first = write_again(again[i].early), *last = write_again(again[i].late);
        struct exchange right;

        post_to(&right, &api, again[i].endpoint, first, strlen(first), 0, PLENTY);
        ck_assert_msg(right.reply.status == 200, "%s\n%.*s", again[i].early,
                      (int)right.reply.length, right.reply.body);
        for (size_t spare = 0; spare < 2; spare++) {
            check_again(i, last, &right, spare, true);
            check_again(i, last, &right, spare, false);
        }
        exchange_release(&right);
        free(first);
        free(last);
    }
}
END_TEST

/* A wrong member of a sequence, beside rows that sequences share: the fault is the same, and points
 * from the request on, whether rows were kept or could not be. */
static const char *const wrong[] = {
    "{\"sequences\":[{\"tokens\":[0,1]},{\"tokens\":[0,1],\"nonsense\":1}],\"logits\":[[1,2]]}",
    "{\"sequences\":[{\"tokens\":[0,1]},{\"tokens\":[0,-1]}],\"logits\":[[NaN,2]]}",
    "{\"sequences\":[{\"tokens\":[0,9]},{\"tokens\":[0,1],\"mask\":[1]}],\"logits\":[[1,2]]}",
    "{\"sequences\":[{\"tokens\":[0,1],\"temperature\":0,\"logits\":[[1,2]]},{\"tokens\":[]}]}",
    "{\"tokens\":[0,1],\"logits\":[[1,2]],\"format\":\"auto\"}",
    "{\"sequences\":[{\"tokens\":[0,1],\"logits\":[[1,2]],\"generated\":\"drop\"}]}",
    ("{\"tokens\":[0,1],\"windows\":[{\"start\":0,\"end\":2,\"logits\":[[1,2]],"
     "\"format\":\"auto\"}]}"),
};

START_TEST(a_wrong_member_is_told_whatever_became_of_the_rows)
{
    for (size_t i = 0; i < COUNT(wrong); i++)
        check_budgets(wrong[i], &endpoint_score);
}
END_TEST

/* ---- large bodies in little memory ---- */

#define ROWS 400
#define WIDTH 2000

/* A head, then ROWS x WIDTH numbers as text, then a tail; all pieces are small. */
static void post_large(struct exchange *x, const struct api *api, const char *head, bool encoded,
                       const char *tail)
{
    char row[WIDTH * 6];
    size_t length = 0;
    bool good;

    for (size_t i = 0; i < WIDTH; i++)
        length += (size_t)sprintf(row + length, "%zu,", i % 7);
    row[length - 1] = ']';
    if (encoded) {
        length = 0;
        for (size_t i = 0; i < WIDTH / 3; i++) /* 1.0, three times */
            length += (size_t)sprintf(row + length, "AACAPwAAgD8AAIA/");
    }
    exchange_init(x, api);
    x->request.id = "test";
    good = endpoint_score.begin(x) && endpoint_score.feed(x, head, strlen(head));
    for (size_t i = 0; good && i < ROWS; i++) {
        const char *before = encoded ? "" : i > 0 ? ",[" : "[";

        good =
            endpoint_score.feed(x, before, strlen(before)) && endpoint_score.feed(x, row, length);
    }
    good = good && endpoint_score.feed(x, tail, strlen(tail));
    if (good)
        endpoint_score.finish(x);
    else
        exchange_fail(x);
}

static void write_tokens(char *out, const char *name)
{
    size_t length = (size_t)sprintf(out, "{\"%s\":[", name);

    for (size_t i = 0; i < ROWS; i++)
        length += (size_t)sprintf(out + length, "%zu%s", i, i + 1 < ROWS ? "," : "],\"logits\":");
}

/* 3 MB of rows through one megabyte; the same rows before their tokens do not fit, and the
 * answer says why, and what to do. */
START_TEST(large_bodies_need_little_memory)
{
    struct api api = plain_api(1 << 20);
    static char head[8192];
    struct exchange x;

    api.kept_rows = 64 << 10;
    write_tokens(head, "tokens");
    strcat(head, "[");
    post_large(&x, &api, head, false, "]}");
    ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
    exchange_release(&x);
    post_large(&x, &api, "{\"logits\":[", false, "],\"tokens\":[0,1]}");
    ck_assert_uint_eq(x.reply.status, 413);
    ck_assert(reply_has(&x, "--max-request-memory") && reply_has(&x, "put logits last"));
    exchange_release(&x);
}
END_TEST

START_TEST(large_tensors_need_little_memory)
{
    struct api api = plain_api(1 << 20);
    static char head[8192];
    struct exchange x;

    api.kept_rows = 64 << 10;
    write_tokens(head, "tokens");
    sprintf(head + strlen(head), "{\"dtype\":\"f32\",\"shape\":[%d,%d],\"data\":\"", ROWS,
            WIDTH / 3 * 3);
    post_large(&x, &api, head, true, "\"}}");
    ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {late_members_are_applied_or_refused,
                                  the_order_of_members_changes_no_answer,
                                  a_wrong_member_is_told_whatever_became_of_the_rows,
                                  large_bodies_need_little_memory,
                                  large_tensors_need_little_memory,
                                  NULL};

    api_start();
    golden_find(&cases, "tests/golden/valid", 0);
    golden_find(&cases, "tests/golden/invalid", 0);
    golden_find(&engines, "tests/golden/engines", 0);
    return suite_run(
        "stream",
        (const struct loop[]){{a_golden_request_may_be_cut_anywhere, cases.count},
                              {an_answer_of_an_engine_may_be_cut_anywhere, engines.count},
                              {0}},
        tests);
}
