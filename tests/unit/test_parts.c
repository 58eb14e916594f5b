/* test_parts.c - multipart bodies with a part for each of many sequences: they may come in any
 * order, and take little memory. */
#include "tests/unit/parts.h"
#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include "api/body/body.h"

#define WIDTH 4

/* Every third sequence has log-probabilities in the request, the others a part. */
static bool has_part(size_t sequence, bool mixed)
{
    return !mixed || sequence % 3 != 1;
}

static void fill_row(size_t sequence, float row[WIDTH])
{
    for (size_t i = 0; i < WIDTH; i++)
        row[i] = (float)((sequence * 7 + i * i) % 23) / 4;
}

/* The request, with the logits in it (as JSON) or without. */
static void add_request(struct parts *parts, size_t count, bool mixed, bool with_logits)
{
    parts_print(parts, "{\"per_token\":false,\"sequences\":[");
    for (size_t i = 0; i < count; i++) {
        float row[WIDTH];

        fill_row(i, row);
        parts_print(parts, "%s{\"tokens\":[%zu,%zu]", i > 0 ? "," : "", i % WIDTH, i / 2 % WIDTH);
        if (!has_part(i, mixed))
            parts_print(parts, ",\"logprobs\":[null,-%zu.5]", i);
        else if (with_logits)
            parts_print(parts, ",\"logits\":[[%g,%g,%g,%g]]", (double)row[0], (double)row[1],
                        (double)row[2], (double)row[3]);
        parts_print(parts, "}");
    }
    parts_print(parts, "]}");
}

/* A form whose parts come in this order. */
static struct parts make_form(const size_t *order, size_t count, bool mixed)
{
    struct parts form = {0};

    parts_open(&form, "request", 0);
    add_request(&form, count, mixed, false);
    parts_close(&form);
    for (size_t i = 0; i < count; i++) {
        float row[WIDTH];

        fill_row(order[i], row);
        if (has_part(order[i], mixed))
            parts_npy(&form, NULL, order[i], row, 1, WIDTH);
    }
    parts_end(&form);
    return form;
}

static void post_form(struct exchange *x, const struct api *api, const struct parts *form)
{
    post_as(x, api, PARTS_TYPE, form->bytes, form->length, 0, PLENTY);
}

/* ---- order ---- */

#define MANY 60

enum arrangement { IN_ORDER, REVERSED, SHUFFLED, ARRANGEMENTS };

static void arrange(size_t *order, size_t count, enum arrangement arrangement, uint64_t *state)
{
    for (size_t i = 0; i < count; i++)
        order[i] = arrangement == REVERSED ? count - 1 - i : i;
    for (size_t i = count - 1; arrangement == SHUFFLED && i > 0; i--) {
        const size_t j = random_below(state, i + 1), other = order[j];

        order[j] = order[i];
        order[i] = other;
    }
}

static void check_order(bool mixed, enum arrangement arrangement, uint64_t *state)
{
    const struct api api = plain_api(PLENTY);
    size_t order[MANY];
    struct parts json = {0}, form;
    struct exchange x, whole;

    arrange(order, MANY, arrangement, state);
    form = make_form(order, MANY, mixed);
    add_request(&json, MANY, mixed, true);
    post(&whole, &api, json.bytes, json.length, 0, PLENTY);
    post_form(&x, &api, &form);
    ck_assert_msg(
        whole.reply.status == 200 && x.reply.status == 200 && x.reply.length == whole.reply.length
            && memcmp(x.reply.body, whole.reply.body, x.reply.length) == 0,
        "%.*s\n%.*s", (int)x.reply.length, x.reply.body, (int)whole.reply.length, whole.reply.body);
    exchange_release(&whole);
    exchange_release(&x);
    free(form.bytes);
    free(json.bytes);
}

START_TEST(parts_may_come_in_any_order)
{
    uint64_t state = 1;

    for (int mixed = 0; mixed < 2; mixed++)
        for (size_t i = 0; i < (size_t)ARRANGEMENTS + times(5); i++)
            check_order(mixed, i < ARRANGEMENTS ? (enum arrangement)i : SHUFFLED, &state);
}
END_TEST

/* ---- memory ---- */

#define PLAIN 1000

/* A part's rows are reduced as they come, which takes a plan of its own. */
START_TEST(a_part_takes_at_most_twice_the_memory_of_rows_in_the_request)
{
    const struct api api = plain_api(PLENTY);
    size_t order[PLAIN];
    uint64_t state = 0;
    struct parts json = {0}, form;
    struct exchange x, whole;

    arrange(order, PLAIN, IN_ORDER, &state);
    form = make_form(order, PLAIN, false);
    add_request(&json, PLAIN, false, true);
    post(&whole, &api, json.bytes, json.length, 0, PLENTY);
    post_form(&x, &api, &form);
    ck_assert_int_eq(x.reply.status, 200);
    ck_assert_uint_le(x.arena.used, 2 * whole.arena.used);
    exchange_release(&whole);
    exchange_release(&x);
    free(form.bytes);
    free(json.bytes);
}
END_TEST

/* ---- work ---- */

#define OWNERS 500

/* Whoever looks for the span of an owner passes only others of that owner: one of each kind. */
static void check_owned(const struct body *body, size_t index)
{
    size_t length = 0;

    for (const struct span *span = body->owned[index]; span; span = span->next) {
        ck_assert_uint_eq(span->owner + 1, index);
        ck_assert_ptr_eq(body_span(body, span->kind, span->owner), span);
        length++;
    }
    ck_assert_uint_le(length, SPAN_KINDS);
}

START_TEST(looking_for_a_span_passes_only_those_of_its_owner)
{
    struct body body = {.tree = NULL};
    size_t order[OWNERS];
    struct arena arena;
    struct error err;
    uint64_t state = 2;

    arena_init(&arena, PLENTY, NULL);
    arrange(order, OWNERS, SHUFFLED, &state);
    for (size_t i = 0; i < OWNERS; i++) {
        const size_t owner = order[i] == 0 ? TOP_LEVEL : order[i];

        for (size_t kind = 0; kind < SPAN_KINDS; kind++)
            if (kind == 0 || random_below(&state, 2) == 0)
                ck_assert_ptr_nonnull(
                    body_add_span(&body, (enum span_kind)kind, owner, 0, &arena, &err));
        ck_assert_ptr_nonnull(body_add_span(&body, SPAN_DATA, owner, 0, &arena, &err));
        body_drop_span(&body);
    }
    for (size_t i = 0; i < body.owners; i++)
        check_owned(&body, i);
    ck_assert_ptr_null(body_span(&body, SPAN_LOGITS, 0));
    ck_assert_ptr_null(body_span(&body, SPAN_LOGITS, body.owners));
    ck_assert_ptr_nonnull(body_span(&body, SPAN_LOGITS, TOP_LEVEL));
    ck_assert_ptr_nonnull(body_span(&body, SPAN_LOGITS, OWNERS - 1));
    arena_release(&arena);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {parts_may_come_in_any_order,
                                  a_part_takes_at_most_twice_the_memory_of_rows_in_the_request,
                                  looking_for_a_span_passes_only_those_of_its_owner, NULL};

    api_start();
    return suite_main("parts", tests);
}
