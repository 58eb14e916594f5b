/* test_reader.c - every reader of numbers against strtof and strtod, bit for bit. */
#include "tests/unit/suite.h"
#include "tests/unit/texts.h"

#include "core/cpu.h"

#include "api/json/readers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RUN 400           /* numbers of one text */
#define ROOM (RUN * 1000) /* bytes of one text */

/* A text of numbers with a comma behind each, between pads that look like numbers, too. */
struct sample {
    char *memory; /* exactly the pads and the text */
    char *text, *end;
    size_t start[RUN + 1]; /* offsets of the numbers; the last: the length of the text */
};

static void sample_make(struct sample *sample, const char *text, size_t length, char pad)
{
    sample->memory = malloc(length + 2 * READER_PAD);
    memset(sample->memory, pad, length + 2 * READER_PAD);
    sample->text = sample->memory + READER_PAD;
    sample->end = sample->text + length;
    memcpy(sample->text, text, length);
}

static const char *const pads[] = {"1", ",", "]", " ", "-", ".", "e"};
#define PADS (sizeof pads / sizeof *pads)

/* Numbers of one kind, with white space and commas. */
static size_t write_run(char *out, size_t starts[RUN + 1], enum number_kind kind, uint64_t *state)
{
    size_t length = 0;

    for (size_t i = 0; i < RUN; i++) {
        starts[i] = length;
        length += write_space(out + length, kind, state);
        length += write_number(out + length, kind, state);
        length += write_space(out + length, kind, state);
        out[length++] = ',';
    }
    starts[RUN] = length;
    return length;
}

/* check writes a line for every assertion, good or bad: too slow for one a number. */
#define expect(condition, ...)                                                                     \
    do {                                                                                           \
        if (!(condition))                                                                          \
            ck_abort_msg(__VA_ARGS__);                                                             \
    } while (0)

static bool same_single(float a, float b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static bool same_double(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

/* What the C library says of the numbers of a sample. */
struct right {
    float single[RUN];
    double number[RUN];
};

static void right_make(struct right *right, const struct sample *sample)
{
    for (size_t i = 0; i < RUN; i++) {
        right->single[i] = strtof(sample->text + sample->start[i], NULL);
        right->number[i] = strtod(sample->text + sample->start[i], NULL);
    }
}

/* Read all numbers of a sample, going on one by one where a reader stops. */
static void check_singles(const struct reader *reader, const struct sample *sample,
                          const struct right *right, const char *kind)
{
    float out[RUN];
    const char *at = sample->text;
    size_t count = 0;

    while (count < RUN) {
        const size_t taken = reader->f32(at, sample->end, RUN - count, out + count, &at);

        count += taken;
        if (count >= RUN)
            break;
        at = sample->text + sample->start[count];
        at += strspn(at, " \t\r\n");
        at = number_read_f32(at, sample->end, out + count);
        expect(at != NULL, "%s: %.40s", kind, sample->text + sample->start[count]);
        at = sample->text + sample->start[++count];
    }
    for (size_t i = 0; i < RUN; i++)
        ck_assert_msg(same_single(out[i], right->single[i]), "%s, %s: %.60s gives %a", reader->name,
                      kind, sample->text + sample->start[i], (double)out[i]);
}

static void check_doubles(const struct reader *reader, const struct sample *sample,
                          const struct right *right, const char *kind)
{
    double out[RUN];
    const char *at = sample->text;
    size_t count = 0;

    while (count < RUN) {
        count += reader->f64(at, sample->end, RUN - count, out + count, &at);
        if (count == RUN)
            break;
        at = sample->text + sample->start[count];
        at = number_read_f64(at + strspn(at, " \t\r\n"), sample->end, out + count);
        expect(at != NULL, "%s", kind);
        at = sample->text + sample->start[++count];
    }
    for (size_t i = 0; i < RUN; i++)
        ck_assert_msg(same_double(out[i], right->number[i]), "%s, %s: %.60s gives %a", reader->name,
                      kind, sample->text + sample->start[i], out[i]);
}

START_TEST(numbers_are_rounded_as_strtof_and_strtod_do)
{
    static char text[ROOM];
    const size_t rounds = times(200000 / RUN / NUMBER_KINDS);
    uint64_t state = 1;

    for (size_t i = 0; i < rounds * NUMBER_KINDS; i++) {
        const enum number_kind kind = (enum number_kind)(i % NUMBER_KINDS);
        struct sample sample;
        const size_t length = write_run(text, sample.start, kind, &state);
        const struct reader *reader;
        struct right right;

        sample_make(&sample, text, length, *pads[i % PADS]);
        right_make(&right, &sample);
        for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL; r++) {
            check_singles(reader, &sample, &right, number_kind_name(kind));
            check_doubles(reader, &sample, &right, number_kind_name(kind));
        }
        free(sample.memory);
    }
}
END_TEST

/* ---- grammar ---- */

static const char *digits_end(const char *c)
{
    while (*c >= '0' && *c <= '9')
        c++;
    return c;
}

/* RFC 8259 section 6, letter by letter. */
static const char *number_end(const char *c)
{
    const char *start;

    c += *c == '-';
    start = c;
    c = *c == '0' ? c + 1 : digits_end(c);
    if (c == start)
        return NULL;
    if (*c == '.') {
        start = ++c;
        c = digits_end(c);
        if (c == start)
            return NULL;
    }
    if (*c == 'e' || *c == 'E') {
        c++;
        c += *c == '+' || *c == '-';
        start = c;
        c = digits_end(c);
        if (c == start)
            return NULL;
    }
    return c;
}

/* How many numbers with their commas there are before something else, and where they end. */
static size_t count_good(const char *text, const char *end, const char **next)
{
    size_t count = 0;

    for (*next = text;; count++) {
        const char *c = *next;

        c += strspn(c, " \t\r\n");
        c = number_end(c);
        if (!c)
            return count;
        c += strspn(c, " \t\r\n");
        if (c >= end || *c != ',')
            return count;
        *next = c + 1;
    }
}

/* Behind white space: what a reader leaves may begin with it. */
static const char *skip_space(const char *c)
{
    return c + strspn(c, " \t\r\n");
}

static void check_grammar(const char *text, size_t length, char pad)
{
    struct sample sample;
    const char *good_end, *next, *blind;
    const struct reader *reader;
    float out[RUN];
    size_t good;

    sample_make(&sample, text, length, pad);
    sample.memory[READER_PAD + length] = '\0'; /* ends count_good() and skip_space() */
    good = count_good(sample.text, sample.end, &good_end);
    for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL; r++) {
        size_t count, counted;

        count = reader->f32(sample.text, sample.end, RUN, out, &next);
        sample.memory[READER_PAD + length] = pad;
        expect(reader->f32(sample.text, sample.end, RUN, out, &next) == count, "%s", reader->name);
        counted = reader->f32(sample.text, sample.end, RUN, NULL, &blind);
        sample.memory[READER_PAD + length] = '\0';
        expect(count <= good && next <= skip_space(good_end), "%s takes %zu of %zu: %.*s",
               reader->name, count, good, (int)length, text);
        expect(counted == count && skip_space(blind) == skip_space(next), "%s: %.*s", reader->name,
               (int)length, text);
        expect(count < good || skip_space(next) == skip_space(good_end), "%s: %.*s", reader->name,
               (int)length, text);
    }
    free(sample.memory);
}

static const char *const oddities[] = {
    "1,",
    "-1,",
    "-0,",
    "0,",
    "01,",
    "-01,",
    "1.,",
    ".5,",
    "+1,",
    "1e,",
    "1e+,",
    "--1,",
    "1-,",
    "0x1",
    "1.2.3",
    "-,",
    "-.5,",
    "1..2,",
    "1 2,",
    "1,,2,",
    ",1,",
    "1e5,",
    "1E-5,",
    "1e5",
    "00,",
    "0.0,",
    "-0.0e0,",
    "1e5.5,",
    "1-2,",
    "1.5-,",
    "1],",
    "[1,",
    "NaN,",
    "1,]",
    "1,\"",
    "\xff,",
    "1\xb1,",
    "1\x00\x31,",
    "12\xac"
    "3,",
    "1/2,",
    "1:2,",
    "1\v,",
    "1\f,",
    " ,",
    "\n1 ,",
    "1\t,",
    "e5,",
    "-e5,",
    "1e-,",
    "0e0,",
};

/* Each oddity alone, and behind and before good numbers at every distance from a block's end. */
START_TEST(only_json_is_taken)
{
    char text[512];

    for (size_t i = 0; i < COUNT(oddities); i++) {
        for (size_t before = 0; before < 140; before++) {
            int length = 0;

            for (size_t k = 0; k < before; k++)
                length += snprintf(text + length, sizeof text - (size_t)length, "%s",
                                   k % 3 == 2   ? ","
                                   : k % 3 == 0 ? "7"
                                                : "1");
            if (before % 3 != 0)
                text[length++] = ',';
            length +=
                snprintf(text + length, sizeof text - (size_t)length, "%s1,2.5,-3, ", oddities[i]);
            check_grammar(text, (size_t)length, *pads[before % PADS]);
        }
    }
}
END_TEST

/* Good texts with one byte changed, and cut anywhere. */
START_TEST(mutations_are_judged_right)
{
    static const char bytes[] = "0123456789.-+eE, \n]x[";
    static char text[ROOM];
    static size_t starts[RUN + 1];
    const size_t rounds = times(1000);
    uint64_t state = 7;

    for (size_t i = 0; i < rounds; i++) {
        const enum number_kind kind = (enum number_kind)(i % NUMBER_KINDS);
        const size_t whole = write_run(text, starts, kind, &state);
        size_t length = random_below(&state, whole < 700 ? whole : 700);

        for (size_t changes = random_below(&state, 3); changes > 0 && length > 0; changes--)
            text[random_below(&state, length)] = bytes[random_below(&state, sizeof bytes - 1)];
        check_grammar(text, length, *pads[i % PADS]);
    }
}
END_TEST

/* A reader stops where there is no more room, and goes on from there. */
START_TEST(room_is_respected)
{
    const char text[] = "1,22,333,4444,5.5,6.66,-7,8,9,10,11,12,13,14,15,16,17,18,19,20,";
    static const float values[] = {1,  22, 333, 4444, 5.5F, 6.66F, -7, 8,  9,  10,
                                   11, 12, 13,  14,   15,   16,    17, 18, 19, 20};
    const struct reader *reader;

    for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL; r++) {
        for (size_t room = 0; room <= COUNT(values); room++) {
            struct sample sample;
            const char *next;
            float *out = malloc(room * sizeof *out + 1), rest[COUNT(values)];
            size_t count;

            sample_make(&sample, text, sizeof text - 1, '1');
            count = reader->f32(sample.text, sample.end, room, out, &next);
            ck_assert_uint_eq(count, room);
            ck_assert(memcmp(out, values, room * sizeof *out) == 0);
            count = reader->f32(next, sample.end, COUNT(values), rest, &next);
            ck_assert_uint_eq(count, COUNT(values) - room);
            ck_assert(memcmp(rest, values + room, count * sizeof *rest) == 0);
            free(out);
            free(sample.memory);
        }
    }
}
END_TEST

START_TEST(readers_are_found_by_name)
{
    ck_assert_ptr_eq(reader_find(0, "auto"), &reader_portable);
    ck_assert_ptr_eq(reader_find(cpu_features(), "auto"), reader_at(cpu_features(), 0));
    ck_assert_ptr_null(reader_find(cpu_features(), "nonsense"));
    ck_assert(reader_exists("portable") && !reader_exists("nonsense"));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {numbers_are_rounded_as_strtof_and_strtod_do,
                                  only_json_is_taken,
                                  mutations_are_judged_right,
                                  room_is_respected,
                                  readers_are_found_by_name,
                                  NULL};

    return suite_main("reader", tests);
}
