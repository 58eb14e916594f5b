/* test_rank.c - POST /v1/rank without a server: how a body is cut and what is kept changes nothing,
 * rows stream, and a choice has the log-probability that POST /v1/score gives it. */
#include "tests/unit/cuts.h"
#include "tests/unit/random.h"

static struct golden_cases cases;

START_TEST(a_golden_request_may_be_cut_anywhere)
{
    check_golden(&cases.list[_i], &endpoint_rank, check_budgets);
}
END_TEST

START_TEST(only_json_is_taken)
{
    static const struct {
        const char *type;
        bool taken;
    } types[] = {{NULL, true},
                 {"application/json", true},
                 {"Application/JSON; charset=utf-8", true},
                 {"application/x-ndjson", false},
                 {"multipart/form-data; boundary=x", false},
                 {"text/plain", false}};

    for (size_t i = 0; i < COUNT(types); i++) {
        const struct api api = plain_api(PLENTY);
        struct exchange x;

        exchange_init(&x, &api);
        x.request.content_type = types[i].type;
        ck_assert_int_eq(endpoint_rank.begin(&x), types[i].taken);
        ck_assert(types[i].taken
                  || (x.error.code == ERR_MEDIA_TYPE
                      && strstr(x.error.detail, "this is: application/json")));
        exchange_release(&x);
    }
}
END_TEST

static void unquote(const char *text, char *out)
{
    for (; *text; text++)
        *out++ = *text == '\'' ? '"' : *text;
    *out = '\0';
}

/* ---- rows that are not kept ---- */

/* With no rows kept: answered as with all of them, or refused at a member. */
static const struct {
    const char *body, *pointer; /* NULL: answered */
} late[] = {
    {"{'prompt':[0],'questions':[{'choices':[{'completion':[1],'logits':[[1,2]]},{'completion':[0],"
     "'logits':[[3,1]]}]}]}",
     NULL},
    {"{'questions':[{'prompt':[0],'choices':[{'completion':[1]},{'completion':[0]}],'logits':[[1,2]"
     "]"
     "},{'prompt':[1],'choices':[{'completion':[0]},{'completion':[1]}],'logits':[[2,7]]}]}",
     NULL},
    {"{'questions':[{'prompt':[0],'temperature':2,'choices':[{'completion':[1],'logits':[[1,2]]}]},"
     "{'prompt':[0,1],'temperature':0.5,'choices':[{'completion':[0],'logits':[[2,7],[5,1]]}]}]}",
     NULL},
    {"{'prompt':[0],'questions':[{'choices':[{'completion':[1]},{'completion':[0]}]}],'logits':[[1,"
     "2]]}",
     NULL},
    {"{'prompt':[0],'choices':[{'completion':[1]},{'completion':[0]}],'logits':[[1,2]]}", NULL},
    {"{'prompt':[0],'choices':[{'completion':[1]},{'completion':[0]}],'logits':{'dtype':'f32',"
     "'shape':[1,2],'data':'AACAPwAAAEA='}}",
     NULL},
    /* What only the rank needs may come behind the rows. */
    {"{'prompt':[0],'choices':[{'completion':[1],'logits':[[1,2]],'text':'a','unconditional':-1,"
     "'id':1}],'gold':0,'model':'m'}",
     NULL},
    /* What is not known yet is waited for. */
    {"{'questions':[{'choices':[{'completion':[1],'logits':[[1,2]]}],'prompt':[0]}]}", NULL},
    {"{'questions':[{'logits':[[1,2]],'prompt':[0],'choices':[{'completion':[1]}]}]}", NULL},
    {"{'logits':[[1,2]],'prompt':[0],'questions':[{'choices':[{'completion':[1]}]}]}", NULL},
    {"{'questions':[{'choices':[{'logits':[[1,2]],'tokens':[0,1],'prompt_length':1}]}]}", NULL},
    {"{'prompt':[0],'completion':[1],'logits':[[1,2]],'choices':[{}]}", NULL},
    {"{'choices':[{'token':[1,0]},{'token':2}],'logits':[[1,2,3]]}", NULL},
    {"{'questions':[{'logits':[[1,2,3]],'choices':[{'token':[1,0]},{'token':2,'value':1}]}]}",
     NULL},
    /* What changes what was done with them is refused. */
    {"{'prompt':[0],'questions':[{'choices':[{'completion':[1],'logits':[[1,2]],'temperature':2}]}]"
     "}",
     "/questions/0/choices/0/temperature"},
    {"{'prompt':[0],'questions':[{'choices':[{'completion':[1],'logits':[[1,2]]}],'softcap':2}]}",
     "/questions/0/softcap"},
    {"{'prompt':[0,0],'questions':[{'choices':[{'completion':[1]}],'logits':[[1,2]],'offset':1}]}",
     "/questions/0/offset"},
    {"{'prompt':[0],'questions':[{'choices':[{'completion':[1],'logits':[[1,2]]}]}],'temperature':3"
     "}",
     "/temperature"},
};

START_TEST(late_members_are_applied_or_refused)
{
    for (size_t i = 0; i < COUNT(late); i++) {
        struct api api = plain_api(PLENTY);
        struct exchange all, none;
        char body[512], pointer[96];

        unquote(late[i].body, body);
        post_to(&all, &api, &endpoint_rank, body, strlen(body), 0, PLENTY);
        ck_assert_msg(all.reply.status == 200, "%s\n%.*s", body, (int)all.reply.length,
                      all.reply.body);
        api.kept_rows = 0;
        post_to(&none, &api, &endpoint_rank, body, strlen(body), 0, PLENTY);
        if (late[i].pointer) {
            snprintf(pointer, sizeof pointer, "{\"pointer\":\"%s\",", late[i].pointer);
            ck_assert_msg(reply_has(&none, "member_after_logits") && reply_has(&none, pointer),
                          "%s\n%.*s", body, (int)none.reply.length, none.reply.body);
        } else {
            check_same(&none, &all, body);
        }
        exchange_release(&none);
        exchange_release(&all);
    }
}
END_TEST

/* Rows of a question are not read as the last of its choices would have its own. */
START_TEST(dtype_of_a_choice_is_its_own)
{
    struct api api = plain_api(PLENTY);
    struct exchange x;
    char body[512];

    unquote("{'prompt':[0],'questions':[{'choices':[{'completion':[1]},"
            "{'completion':[1],'dtype':'f64'}],'logits':[[0.1,-0.3]]}]}",
            body);
    api.kept_rows = 0;
    post_to(&x, &api, &endpoint_rank, body, strlen(body), 0, PLENTY);
    ck_assert_msg(reply_has(&x, "{\"pointer\":\"/questions/0/choices/1/dtype\","), "%.*s",
                  (int)x.reply.length, x.reply.body);
    exchange_release(&x);
}
END_TEST

/* A wrong member of a choice, beside rows that choices share: the fault is the same, and points
 * from the request on, whether rows were kept or could not be. */
static const char *const wrong[] = {
    "{'questions':[{'prompt':[0],'choices':[{'completion':[1]},{'nonsense':[2]}],"
    "'logits':[[1,2]]}]}",
    "{'questions':[{'prompt':[0],'choices':[{'completion':[1]},{'completion':[-1]}],"
    "'logits':[[NaN,2]]}]}",
    "{'prompt':[0],'choices':[{'completion':[1]},{'completion':'a'}],'logits':[[1,2]]}",
    "{'prompt':[0],'choices':[{'completion':[9]},{'completion':[1],'mask':[1]}],'logits':[[1,2]]}",
};

START_TEST(a_wrong_member_is_told_whatever_became_of_the_rows)
{
    char body[512];

    unquote(wrong[_i], body);
    check_budgets(body, &endpoint_rank);
}
END_TEST

/* Questions with rows that together are many times the memory of a request; nothing is kept.  Where
 * the rows stand does not matter. */
enum { QUESTIONS = 40, WIDTH = 16000, MEMORY = 2000000 };

static bool feed(struct exchange *x, const char *text)
{
    return endpoint_rank.feed(x, text, strlen(text));
}

static bool feed_row(struct exchange *x)
{
    static char row[8 * WIDTH];
    size_t length = 0;

    for (size_t i = 0; i < WIDTH; i++)
        length += (size_t)sprintf(row + length, "%s%zu", i > 0 ? "," : "[[", WIDTH - i);
    strcpy(row + length, "]]");
    return feed(x, row);
}

static bool feed_question(struct exchange *x, bool shared)
{
    bool good = feed(x, "{\"prompt\":[1],\"choices\":[{\"completion\":[0]");

    if (!shared)
        good = good && feed(x, ",\"logits\":") && feed_row(x);
    good = good && feed(x, "},{\"completion\":[1]");
    if (!shared)
        good = good && feed(x, ",\"logits\":") && feed_row(x);
    good = good && feed(x, "}]");
    if (shared)
        good = good && feed(x, ",\"logits\":") && feed_row(x);
    return good && feed(x, "}");
}

START_TEST(rows_stream_in_bounded_memory)
{
    for (int shared = 0; shared < 2; shared++) {
        struct api api = plain_api(MEMORY);
        struct exchange x;
        bool good;

        api.kept_rows = 65536;
        exchange_init(&x, &api);
        good = endpoint_rank.begin(&x) && feed(&x, "{\"gold\":0,\"questions\":[");
        for (size_t i = 0; good && i < QUESTIONS; i++)
            good = feed(&x, i > 0 ? "," : "") && feed_question(&x, shared == 1);
        ck_assert_msg(good && feed(&x, "]}"), "%s", x.error.detail);
        endpoint_rank.finish(&x);
        ck_assert_msg(x.reply.status == 200, "%.*s", (int)x.reply.length, x.reply.body);
        ck_assert(reply_has(&x, "\"acc\":{\"mean\":1,\"standard_error\":0,\"questions\":40}"));
        ck_assert_uint_eq(x.stats.rows, (size_t)QUESTIONS * (shared == 1 ? 1 : 2));
        exchange_release(&x);
    }
}
END_TEST

/* ---- memory ---- */

static const char request[] =
    "{\"model\":\"m\",\"questions\":[{\"id\":\"a\",\"prompt\":[0],\"gold\":1,\"choices\":["
    "{\"completion\":[1,2],\"text\":\"ab\",\"logits\":[[1,2,3],[3,2,1]]},"
    "{\"completion\":[2],\"unconditional\":-3,\"logprobs\":[null,-1]}]},"
    "{\"prompt\":[0],\"choices\":[{\"completion\":[1]},{\"completion\":[2]}],"
    "\"logits\":[[1,2,3]]}]}";

/* With every amount of memory up to enough: a clear 413 or 503, or the answer; all is given back.
 */
START_TEST(memory_that_does_not_suffice_is_told)
{
    for (int own = 0; own < 2; own++) {
        const unsigned refused = own == 1 ? 413 : 503;
        unsigned status = refused;
        size_t steps = 0;

        for (size_t memory = 0; status == refused; memory += 64, steps++) {
            struct budget budget = {.limit = own == 1 ? PLENTY : memory};
            struct api api = plain_api(own == 1 ? memory : PLENTY);
            struct exchange x;

            api.budget = &budget;
            post_to(&x, &api, &endpoint_rank, request, strlen(request), 0, 100);
            status = x.reply.status;
            ck_assert_msg(status == refused || status == 200, "%.*s", (int)x.reply.length,
                          x.reply.body);
            exchange_release(&x);
            ck_assert_uint_eq(atomic_load(&budget.used), 0);
        }
        ck_assert_uint_eq(status, 200);
        ck_assert_uint_gt(steps, 300); /* of 64 bytes */
    }
}
END_TEST

/* ---- the same bits as POST /v1/score ---- */

static size_t random_row(char *out, size_t width, uint64_t *state)
{
    size_t length = 0;

    for (size_t i = 0; i < width; i++)
        length +=
            (size_t)sprintf(out + length, "%s%.9g", i > 0 ? "," : "[", 6 * random_normal(state));
    out[length++] = ']';
    out[length] = '\0';
    return length;
}

/* The number behind the first `name` past `after`, as text. */
static char *number_after(const struct exchange *x, const char *after, const char *name)
{
    char *text = strndup(x->reply.body, x->reply.length), *at, *number;

    ck_assert_ptr_nonnull(text);
    at = strstr(text, after);
    at = at ? strstr(at, name) : NULL;
    ck_assert_msg(at != NULL, "%s", text);
    at += strlen(name);
    number = strndup(at, strcspn(at, ",}"));
    free(text);
    return number;
}

START_TEST(a_choice_scores_as_a_sequence)
{
    const struct api api = plain_api(PLENTY);
    uint64_t state = 3;

    for (size_t n = 0; n < times(200); n++) {
        const size_t width = 2 + random_below(&state, 40), tokens = 1 + random_below(&state, 4);
        char sequence[16384], rank[16384 + 64], *scored, *ranked;
        size_t length = (size_t)sprintf(sequence,
                                        "{\"prompt\":[1],\"temperature\":%.3g,"
                                        "\"completion\":[",
                                        0.2 + 2 * random_unit(&state));
        struct exchange a, b;

        for (size_t i = 0; i < tokens; i++)
            length += (size_t)sprintf(sequence + length, "%s%zu", i > 0 ? "," : "",
                                      random_below(&state, width));
        length += (size_t)sprintf(sequence + length, "],\"logits\":[");
        for (size_t i = 0; i < tokens; i++) {
            length += (size_t)sprintf(sequence + length, "%s", i > 0 ? "," : "");
            length += random_row(sequence + length, width, &state);
        }
        strcpy(sequence + length, "]}");
        snprintf(rank, sizeof rank, "{\"choices\":[%s]}", sequence);
        post(&a, &api, sequence, strlen(sequence), 0, PLENTY);
        post_to(&b, &api, &endpoint_rank, rank, strlen(rank), 0, PLENTY);
        scored = number_after(&a, "\"conditional\"", "\"log_prob\":");
        ranked = number_after(&b, "\"choices\"", "\"log_prob\":");
        ck_assert_str_eq(scored, ranked);
        free(scored);
        free(ranked);
        exchange_release(&a);
        exchange_release(&b);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {only_json_is_taken,
                                  late_members_are_applied_or_refused,
                                  dtype_of_a_choice_is_its_own,
                                  rows_stream_in_bounded_memory,
                                  memory_that_does_not_suffice_is_told,
                                  a_choice_scores_as_a_sequence,
                                  NULL};

    api_start();
    golden_find(&cases, "tests/golden/rank/valid", 0);
    golden_find(&cases, "tests/golden/rank/invalid", 0);
    return suite_run(
        "rank",
        (const struct loop[]){{a_golden_request_may_be_cut_anywhere, cases.count},
                              {a_wrong_member_is_told_whatever_became_of_the_rows, COUNT(wrong)},
                              {0}},
        tests);
}
