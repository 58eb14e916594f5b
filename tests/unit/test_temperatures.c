/* test_temperatures.c - lists of temperatures: each entry has the bits of a request of its own, and
 * lines have those of one request. */
#include "tests/unit/lines.h"
#include "tests/unit/post.h"
#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include "api/base/strbuf.h"

#include <stdio.h>
#include <stdlib.h>

#define TOKENS 5
#define WIDTH 4

static const char *const temperatures[] = {"1",    "0.5",   "0.7",    "2",   "1.3",
                                           "1e-3", "1e300", "1e-305", "2.0", "13"};

/* Members beside the temperature. */
static const char *const options[] = {
    "",
    "\"softcap\":3,",
    "\"top_k\":2,",
    "\"top_p\":0.7,\"details\":[\"kept\",\"variance\"],",
    "\"softcap\":30,\"min_p\":0.2,\"details\":[\"entropy\",\"rank\"],",
    "\"label_smoothing\":0.1,\"z_loss\":1e-4,\"details\":[\"top:2\"],",
    "\"weights\":[1,0,0.5,2,1],\"measures\":{\"min_k\":[0.5]},",
};

/* What a sequence is; `%s` is a member with a comma behind it. */
enum form { PLAIN, SPLIT, PACK, WINDOWS, FORMS };

/* ---- requests ---- */

static void add_row(struct strbuf *text, uint64_t *state)
{
    for (size_t i = 0; i < WIDTH; i++) {
        strbuf_puts(text, i == 0 ? "[" : ",");
        if (random_below(state, 8) == 0 && i > 0)
            strbuf_puts(text, "-Infinity");
        else
            strbuf_number(text, random_below(state, 3) == 0 ? (double)random_below(state, 4)
                                                            : 12 * random_unit(state) - 6);
    }
    strbuf_puts(text, "]");
}

static void add_rows(struct strbuf *text, size_t count, uint64_t *state)
{
    strbuf_puts(text, "\"logits\":[");
    for (size_t i = 0; i < count; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        add_row(text, state);
    }
    strbuf_puts(text, "]");
}

/* One sequence. */
static void add_sequence(struct strbuf *text, enum form form, const char *member, uint64_t *state)
{
    strbuf_puts(text, "{\"tokens\":[");
    for (size_t i = 0; i < TOKENS; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        strbuf_count(text, random_below(state, WIDTH));
    }
    strbuf_printf(text, "],%s", member);
    if (form == SPLIT)
        strbuf_printf(text, "\"prompt_length\":%zu,", random_below(state, TOKENS + 1));
    if (form == PACK)
        strbuf_puts(text, "\"cu_seqlens\":[0,2,5],");
    if (form == WINDOWS) {
        strbuf_puts(text, "\"windows\":[{\"start\":0,\"end\":3,");
        add_rows(text, 2, state);
        strbuf_puts(text, "},{\"start\":1,\"end\":5,");
        add_rows(text, 3, state);
        strbuf_puts(text, "}]}");
        return;
    }
    add_rows(text, TOKENS - 1, state);
    strbuf_puts(text, "}");
}

/* Three sequences that have `temperature`, or share it. */
static void write_request(struct strbuf *text, enum form form, const char *option,
                          const char *temperature, bool own, uint64_t state)
{
    char member[512];

    snprintf(member, sizeof member, "\"temperature\":%s,", temperature);
    text->length = 0;
    strbuf_printf(text, "{\"per_token\":false,%s%s\"sequences\":[", option, own ? "" : member);
    for (size_t i = 0; i < 3; i++) {
        strbuf_puts(text, i == 0 ? "" : ",");
        add_sequence(text, form, own ? member : "", &state);
    }
    strbuf_puts(text, "]}");
}

static void ask(struct exchange *x, const struct api *api, const struct strbuf *text, size_t step)
{
    post(x, api, text->data, text->length, 0, step);
    ck_assert_msg(x->reply.status == 200, "%.*s\n%.*s", (int)text->length, text->data,
                  (int)x->reply.length, x->reply.body);
}

/* ---- answers ---- */

/* Move behind the next `text`, but not past `end`.  NULL: there is none. */
static const char *behind(const char *at, const char *end, const char *text)
{
    const char *found = memmem(at, (size_t)(end - at), text, strlen(text));

    return found ? found + strlen(text) : NULL;
}

/* Whether the values of a member are the same in two texts. */
static bool is_same(const char *a, const char *end_a, const char *b, const char *end_b,
                    const char *name)
{
    const char *value_a = behind(a, end_a, name), *value_b = behind(b, end_b, name);
    const size_t length = value_a ? strcspn(value_a, ",}") : 0;

    return value_a && value_b && length == strcspn(value_b, ",}")
           && memcmp(value_a, value_b, length) == 0;
}

/* Compare each objective of an answer with the entry `index` of the same one with a list. */
static size_t check_answer(const struct exchange *listed, const struct exchange *alone,
                           size_t index, bool plain)
{
    const char *end = listed->reply.body + listed->reply.length,
               *end_alone = alone->reply.body + alone->reply.length;
    const char *list = listed->reply.body, *one = alone->reply.body;
    size_t count = 0;

    while ((one = behind(one, end_alone, "{\"log_prob\":")) != NULL) {
        const char *entry;

        list = behind(list, end, "\"by_temperature\":[");
        ck_assert(list);
        entry = list;
        for (size_t i = 0; i < index; i++)
            entry = behind(entry, end, "},");
        one -= strlen("\"log_prob\":");
        ck_assert(is_same(entry, end, one, end_alone, "\"log_prob\":"));
        ck_assert(is_same(entry, end, one, end_alone, "\"perplexity\":"));
        ck_assert(!plain || is_same(entry, end, one, end_alone, "\"loss\":"));
        one += strlen("\"log_prob\":");
        count++;
    }
    ck_assert(!list || !behind(list, end, "\"by_temperature\":["));
    return count;
}

START_TEST(an_entry_is_a_request_of_its_own)
{
    uint64_t state = 7;

    for (size_t i = 0; i < times(200); i++) {
        struct api api = plain_api(PLENTY);
        const char *option = options[random_below(&state, COUNT(options))];
        const enum form form = (enum form)random_below(&state, FORMS);
        const bool own = random_below(&state, 2),
                   plain = !strstr(option, "loss") && !strstr(option, "weights");
        const size_t count = 1 + random_below(&state, 5);
        const uint64_t rows = state;
        size_t of[8];
        char list[128] = "[";
        struct strbuf text = {0};
        struct exchange scratch, listed;

        api.kept_rows = random_below(&state, 2) ? PLENTY : 0;
        exchange_init(&scratch, &api);
        text.arena = &scratch.arena;
        for (size_t k = 0; k < count; k++) {
            of[k] = random_below(&state, COUNT(temperatures) - (strstr(option, "softcap") ? 3 : 0));
            snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", k == 0 ? "" : ",",
                     temperatures[of[k]]);
        }
        strcat(list, "]");
        write_request(&text, form, option, list, own, rows);
        ask(&listed, &api, &text, 11);
        for (size_t k = 0; k < count; k++) {
            struct exchange alone;

            write_request(&text, form, option, temperatures[of[k]], own, rows);
            ask(&alone, &api, &text, PLENTY);
            ck_assert_uint_ge(check_answer(&listed, &alone, k, plain), 4);
            exchange_release(&alone);
        }
        exchange_release(&listed);
        exchange_release(&scratch);
    }
}
END_TEST

/* ---- lines ---- */

/* Lists of lines, in order; `'` for `"`. */
static const struct {
    const char *member[3];
    bool listed; /* totals have the list */
} lines_of[] = {
    {{"'temperature':[2,0.5],", "'temperature':[2,0.5],", "'temperature':[2.0,5e-1],"}, true},
    {{"'temperature':[2],", "'temperature':[2],", "'temperature':[2],"}, true},
    {{"'temperature':[2,0.5],", "'temperature':[0.5,2],", "'temperature':[2,0.5],"}, false},
    {{"'temperature':[2,0.5],", "'temperature':[2,0.5,2],", "'temperature':[2,0.5],"}, false},
    {{"'temperature':[2],", "'temperature':2,", "'temperature':[2],"}, false},
    {{"", "'temperature':[2],", "'temperature':[2],"}, false},
    {{"", "", ""}, false},
};

/* The text behind the last `"totals":`, up to the end of its objectives. */
static const char *totals_of(const struct exchange *x, size_t *length)
{
    const char *end = x->reply.body + x->reply.length, *totals = x->reply.body, *next;

    while ((next = behind(totals, end, "\"totals\":")) != NULL)
        totals = next;
    next = memmem(totals, (size_t)(end - totals), ",\"requests\":", 12);
    *length = (size_t)((next ? next : end - strlen("}}\n")) - totals);
    return totals;
}

START_TEST(lines_have_the_totals_of_one_request)
{
    const struct api api = plain_api(PLENTY);

    for (size_t i = 0; i < COUNT(lines_of); i++) {
        struct strbuf apart = {0}, together = {0};
        uint64_t states[] = {i + 1, i + 1};
        struct exchange a, b, scratch;
        const char *of_a, *of_b;
        size_t length[2];

        exchange_init(&scratch, &api);
        apart.arena = together.arena = &scratch.arena;
        strbuf_puts(&together, "{\"sequences\":[");
        for (size_t k = 0; k < 3; k++) {
            struct strbuf member = {.arena = &scratch.arena};

            strbuf_snippet(&member, lines_of[i].member[k]);
            strbuf_add(&member, "", 1);
            add_sequence(&apart, SPLIT, member.data, &states[0]);
            strbuf_puts(&apart, k == 1 ? "\nwrong\n" : "\n");
            strbuf_puts(&together, k == 0 ? "" : ",");
            add_sequence(&together, SPLIT, member.data, &states[1]);
        }
        strbuf_puts(&together, "]}");
        lines_post(&a, &api, apart.data, apart.length, 0, 7);
        post(&b, &api, together.data, together.length, 0, PLENTY);
        ck_assert_uint_eq(a.reply.status + b.reply.status, 400);
        of_a = totals_of(&a, &length[0]);
        of_b = totals_of(&b, &length[1]);
        ck_assert_msg(length[0] == length[1] && memcmp(of_a, of_b, length[0]) == 0, "%.*s\n%.*s",
                      (int)length[0], of_a, (int)length[1], of_b);
        ck_assert(lines_of[i].listed
                  == (behind(of_a, of_a + length[0], "\"by_temperature\":[") != NULL));
        exchange_release(&a);
        exchange_release(&b);
        exchange_release(&scratch);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {an_entry_is_a_request_of_its_own,
                                  lines_have_the_totals_of_one_request, NULL};

    api_start();
    return suite_main("temperatures", tests);
}
