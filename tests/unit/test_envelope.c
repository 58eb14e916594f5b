/* test_envelope.c - bodies taken apart: what is told of those that cannot be. */
#include "tests/unit/suite.h"

#include "api/envelope.h"

#include <string.h>

#define ROOM ((size_t)1 << 20)

static bool take_apart(const char *text, struct envelope *envelope, struct arena *arena,
                       struct error *err)
{
    char *body = arena_copy(arena, text, strlen(text));

    *err = (struct error){0};
    return envelope_read(envelope, body, strlen(text), arena, err);
}

static const struct {
    const char *body;
    enum error_code code;
    const char *pointer;
} faults[] = {
    {"", ERR_BAD_JSON, ""},
    {"nonsense", ERR_BAD_JSON, ""},
    {"[]", ERR_BAD_SHAPE, ""},
    {"3", ERR_BAD_JSON, ""},
    {"{\"tokens\":[1,2", ERR_BAD_JSON, ""},
    {"{\"tokens\":[1,2],\"logits\":[[1,2],[3", ERR_BAD_JSON, "/logits/1/0"},
    {"{\"tokens\":[1,,2]}", ERR_BAD_JSON, "/tokens/1"},
    {"{\"tokens\":[1],\"tokens\":[1]}", ERR_DUPLICATE_NAME, "/tokens"},
    {"{\"logits\":[[1]],\"logits\":[[1]]}", ERR_DUPLICATE_NAME, "/logits"},
    {"{\"logits\":[[1]],\"\\u006cogits\":[[1]]}", ERR_DUPLICATE_NAME, "/logits"},
    {"{\"sequences\":[{},{\"logits\":[[1,2]],\"id\":1,\"id\":2}]}", ERR_DUPLICATE_NAME,
     "/sequences/1/id"},
    {"{\"a\":{\"b\":1,\"b\":1}}", ERR_DUPLICATE_NAME, "/a/b"},
    {"{\"tokens\":[1,99999999999999999999]}", ERR_OUT_OF_RANGE, "/tokens/1"},
    {"{\"weights\":[1e400]}", ERR_OUT_OF_RANGE, "/weights/0"},
    {"{\"logits\":[[1]],\"weights\":[1,1e400]}", ERR_OUT_OF_RANGE, "/weights/1"},
    {"{\"tokens\":[NaN]}", ERR_BAD_JSON, "/tokens/0"},
    {"{\"logits\":[[1,x]]}", ERR_BAD_JSON, "/logits/0/1"},
    {"{\"logits\":[[1,\"x\"]]}", ERR_BAD_SHAPE, "/logits/0/1"},
    {"{\"logits\":[[[1]]]}", ERR_BAD_SHAPE, "/logits/0/0"},
    {"{\"logits\":[1]}", ERR_BAD_SHAPE, "/logits/0"},
    {"{\"logprobs\":[[1]]}", ERR_BAD_SHAPE, "/logprobs/0"},
    {"{\"sequences\":[{},{\"logits\":[[1],[2,]]}]}", ERR_BAD_JSON, "/sequences/1/logits/1/1"},
    /* What comes first in the body is told. */
    {"{\"tokens\":[1,,2],\"logits\":[[1,x]]}", ERR_BAD_JSON, "/tokens/1"},
    {"{\"logits\":[[1,x]],\"tokens\":[1,,2]}", ERR_BAD_JSON, "/logits/0/1"},
    {"{\"logits\":[[1]]}{", ERR_BAD_JSON, ""},
    {"\xef\xbb\xbf{}", ERR_BAD_JSON, ""},
    {"{\"model\":\"\xff\"}", ERR_BAD_JSON, "/model"},
    {"{\"model\":\"\\u0000\"}", ERR_BAD_JSON, "/model"},
};

START_TEST(faults_are_told_with_their_place)
{
    for (size_t i = 0; i < COUNT(faults); i++) {
        struct arena arena;
        struct envelope envelope;
        struct error err;

        arena_init(&arena, ROOM, NULL);
        ck_assert_msg(!take_apart(faults[i].body, &envelope, &arena, &err), "%s", faults[i].body);
        ck_assert_msg(err.code == faults[i].code, "%s: %s", faults[i].body, error_slug(err.code));
        ck_assert_msg(strcmp(err.pointer, faults[i].pointer) == 0, "%s: %s", faults[i].body,
                      err.pointer);
        arena_release(&arena);
    }
}
END_TEST

START_TEST(nul_is_refused)
{
    char body[] = "{\"tokens\":[1\0]}";
    struct arena arena;
    struct envelope envelope;
    struct error err = {0};

    arena_init(&arena, ROOM, NULL);
    ck_assert(!envelope_read(&envelope, body, sizeof body - 1, &arena, &err));
    ck_assert_int_eq(err.code, ERR_BAD_JSON);
    arena_release(&arena);
}
END_TEST

START_TEST(numbers_stay_out_of_the_tree)
{
    const char *text =
        "{\"tokens\":[1],\"logits\":[[1,2],[3,4]],\"sequences\":[{\"logprobs\":[-1]},"
        "{\"logits\":{\"dtype\":\"f32\",\"shape\":[1,1],\"data\":\"AA\\/AAA==\"}}]}";
    struct arena arena;
    struct envelope envelope;
    struct error err;
    const struct span *span;

    arena_init(&arena, ROOM, NULL);
    ck_assert(take_apart(text, &envelope, &arena, &err));
    ck_assert(json_is_integer(json_object_get(envelope.tree, "logits")));
    span = envelope_span(&envelope, SPAN_LOGITS, TOP_LEVEL);
    ck_assert_ptr_nonnull(span);
    ck_assert(span->shape.rows == 2 && span->shape.width == 2);
    ck_assert_ptr_nonnull(envelope_span(&envelope, SPAN_LOGPROBS, 0));
    span = envelope_span(&envelope, SPAN_DATA, 1);
    ck_assert_ptr_nonnull(span);
    ck_assert_int_eq(strncmp(span->text, "AA/AAA==", span->data_length), 0);
    ck_assert_ptr_null(envelope_span(&envelope, SPAN_LOGITS, 0));
    arena_release(&arena);
}
END_TEST

/* Amplification (reliability): what jansson's tree of a hostile body may take is the arena's limit.
 */
START_TEST(memory_is_the_arenas)
{
    struct arena arena;
    struct envelope envelope;
    struct error err = {0};
    size_t length = 200000;
    char *body = malloc(length + 1);

    memset(body, '[', length);
    for (size_t i = 0; i < length; i += 3)
        memcpy(body + i, "{},", length - i < 3 ? length - i : 3);
    body[0] = '[';
    body[1] = ' ';
    body[2] = ' ';
    body[length - 1] = ']';
    body[length - 2] = '0';
    body[length] = '\0';
    arena_init(&arena, ROOM, NULL);
    ck_assert(!envelope_read(&envelope, body, length, &arena, &err));
    ck_assert_int_eq(err.code, ERR_TOO_LARGE);
    ck_assert_uint_le(arena.used, ROOM);
    arena_release(&arena);
    free(body);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {faults_are_told_with_their_place, nul_is_refused,
                                  numbers_stay_out_of_the_tree, memory_is_the_arenas, NULL};

    dom_start();
    return suite_main("envelope", tests);
}
