/* row_numbers.c - our reader of numbers against the C library's, bit for bit.
 *
 *   numbers random COUNT SEED    texts of every kind (tests/unit/texts.h), as floats and as doubles
 *   numbers edges                texts from standard input, a line each
 *   numbers floats FIRST COUNT   the floats whose bits are FIRST to FIRST + COUNT - 1, with 9
 * digits, every 16th as its shortest text, too
 *
 * Prints how many texts were read and a digest of the bits; 1 at the first that differs. */
#include "tests/unit/texts.h"

#include "api/json/readers.h"
#include "core/cpu.h"

#include <stdlib.h>

#define RUN 64 /* texts that a reader is given at once */

struct run {
    char text[READER_PAD + RUN * (NUMBER_MOST + 2) + READER_PAD];
    size_t length, count;
    size_t start[RUN];
    bool singles;                    /* only as floats */
    unsigned long long read, digest; /* of all runs */
};

static void fail(const char *what, const char *text, double got, double right)
{
    printf("%s: %.*s: %a, not %a\n", what, (int)strcspn(text, ","), text, got, right);
    exit(1);
}

static void add(struct run *run, const void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        run->digest = (run->digest ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3;
}

static void check_float(struct run *run, const char *who, const char *text, float got)
{
    const float right = strtof(text, NULL);

    if (memcmp(&got, &right, sizeof got) != 0)
        fail(who, text, (double)got, (double)right);
    add(run, &got, sizeof got);
}

static void check_double(struct run *run, const char *who, const char *text, double got)
{
    const double right = strtod(text, NULL);

    if (memcmp(&got, &right, sizeof got) != 0)
        fail(who, text, got, right);
    add(run, &got, sizeof got);
}

/* What a reader leaves is read by the one for single numbers. */
static void check_floats(struct run *run, const struct reader *reader)
{
    const char *text = run->text + READER_PAD, *end = text + run->length, *at = text;
    float out[RUN];

    for (size_t i = 0; i < run->count; at = text + (i < run->count ? run->start[i] : 0)) {
        const size_t taken = reader->f32(at, end, run->count - i, out + i, &at);

        i += taken;
        if (i < run->count && !number_read_f32(text + run->start[i], end, out + i))
            fail(reader->name, text + run->start[i], 0, 1);
        i += i < run->count;
    }
    for (size_t i = 0; i < run->count; i++)
        check_float(run, reader->name, text + run->start[i], out[i]);
}

static void check_doubles(struct run *run, const struct reader *reader)
{
    const char *text = run->text + READER_PAD, *end = text + run->length, *at = text;
    double out[RUN];

    for (size_t i = 0; i < run->count; at = text + (i < run->count ? run->start[i] : 0)) {
        const size_t taken = reader->f64(at, end, run->count - i, out + i, &at);

        i += taken;
        if (i < run->count && !number_read_f64(text + run->start[i], end, out + i))
            fail(reader->name, text + run->start[i], 0, 1);
        i += i < run->count;
    }
    for (size_t i = 0; i < run->count; i++)
        check_double(run, reader->name, text + run->start[i], out[i]);
}

static void flush(struct run *run)
{
    const struct reader *reader;
    unsigned long long digest = run->digest;

    for (size_t r = 0; (reader = reader_at(cpu_features(), r)) != NULL; r++) {
        run->digest = digest; /* the same for each, on any machine */
        check_floats(run, reader);
        if (!run->singles)
            check_doubles(run, reader);
    }
    run->read += run->count;
    run->count = run->length = 0;
}

static void take(struct run *run, const char *number, size_t length)
{
    char *text = run->text + READER_PAD;

    run->start[run->count++] = run->length;
    memcpy(text + run->length, number, length);
    run->length += length;
    text[run->length++] = ',';
    if (run->count == RUN)
        flush(run);
}

static void read_random(struct run *run, size_t count, uint64_t seed)
{
    char number[NUMBER_MOST + 1];

    for (size_t i = 0; i < count; i++)
        take(run, number, write_number(number, (enum number_kind)(i % NUMBER_KINDS), &seed));
}

static void read_lines(struct run *run)
{
    char line[NUMBER_MOST + 1];

    while (fgets(line, sizeof line, stdin))
        take(run, line, strcspn(line, "\n"));
}

static void read_floats(struct run *run, uint64_t first, uint64_t count)
{
    char number[64];

    run->singles = true;
    for (uint64_t bits = first; bits < first + count; bits++) {
        const float value = float_of((uint32_t)bits);

        if (!isfinite(value))
            continue;
        take(run, number, (size_t)sprintf(number, "%.9g", (double)value));
        if (memcmp(&value, &(float){strtof(number, NULL)}, sizeof value) != 0)
            fail("strtof", number, (double)value, (double)strtof(number, NULL));
        if (bits % 16 == 0)
            take(run, number, write_shortest(number, (double)value, true));
    }
}

int main(int count, char **arguments)
{
    static struct run run = {.digest = 0xcbf29ce484222325};
    const char *what = count > 1 ? arguments[1] : "";
    const uint64_t first = count > 2 ? strtoull(arguments[2], NULL, 10) : 0;
    const uint64_t second = count > 3 ? strtoull(arguments[3], NULL, 10) : 1;

    memset(run.text, '1', sizeof run.text);
    if (strcmp(what, "random") == 0)
        read_random(&run, first, second);
    else if (strcmp(what, "edges") == 0)
        read_lines(&run);
    else if (strcmp(what, "floats") == 0)
        read_floats(&run, first, second);
    flush(&run);
    printf("%llu %016llx\n", run.read, run.digest);
    return run.read > 0 ? 0 : 2;
}
