/* lines.h - what POST /v1/score must answer to application/x-ndjson: each line as if it were alone,
 * a problem with its line's number, then totals as of one request with all sequences. */
#ifndef TESTS_UNIT_LINES_H
#define TESTS_UNIT_LINES_H

#include "tests/unit/post.h"

#include <stdio.h>
#include <stdlib.h>

/* One request, fed in a piece of `first` bytes (if not 0) and then pieces of `step`. */
static inline void lines_post(struct exchange *x, const struct api *api, const char *body,
                              size_t length, size_t first, size_t step)
{
    post_as(x, api, "application/x-ndjson", body, length, first, step);
}

/* Text that grows on the heap. */
struct lines {
    bool answers; /* a line that is no request may be an answer of an engine */
    char *text;
    size_t length;
    size_t requests, errors;
};

static inline void lines_add(struct lines *lines, const char *text, size_t length)
{
    lines->text = realloc(lines->text, lines->length + length + 1);
    memcpy(lines->text + lines->length, text, length);
    lines->length += length;
    lines->text[lines->length] = '\0';
}

/* What a line alone is answered where it is the only one of a body, behind empty lines. */
static inline void lines_expect_alone(struct lines *lines, const struct api *api, const char *line,
                                      size_t length, size_t number)
{
    char *body = malloc(number + length);
    struct exchange x;

    memset(body, '\n', number - 1);
    memcpy(body + number - 1, line, length);
    lines_post(&x, api, body, number - 1 + length, 0, PLENTY);
    lines->errors += x.stats.failures;
    lines_add(
        lines, x.reply.body,
        (size_t)((const char *)memchr(x.reply.body, '\n', x.reply.length) + 1 - x.reply.body));
    exchange_release(&x);
    free(body);
}

/* What a line alone is answered: with its number in a problem. */
static inline void lines_expect(struct lines *lines, const struct api *api, const char *line,
                                size_t length, size_t number)
{
    struct exchange x;
    const char *errors;
    char member[64];

    if (strspn(line, " \t\r") >= length)
        return;
    post(&x, api, line, length, 0, PLENTY);
    lines->requests++;
    if (lines->answers && x.reply.status != 200) {
        exchange_release(&x);
        lines_expect_alone(lines, api, line, length, number);
        return;
    }
    lines->errors += x.reply.status != 200;
    errors =
        x.reply.status == 200 ? NULL : memmem(x.reply.body, x.reply.length, ",\"errors\":[", 11);
    if (errors) {
        snprintf(member, sizeof member, ",\"line\":%zu", number);
        lines_add(lines, x.reply.body, (size_t)(errors - x.reply.body));
        lines_add(lines, member, strlen(member));
        lines_add(lines, errors, (size_t)(x.reply.body + x.reply.length - errors));
    } else {
        lines_add(lines, x.reply.body, x.reply.length);
    }
    exchange_release(&x);
}

/* The answers to all lines of a body, without the totals.  `answers`: see above. */
static inline struct lines lines_each(const struct api *api, const char *body, size_t length,
                                      bool answers)
{
    struct lines lines = {answers, calloc(1, 1), 0, 0, 0};
    const char *end = body + length;

    for (size_t number = 1; body < end; number++) {
        const char *newline = memchr(body, '\n', (size_t)(end - body));
        const char *stop = newline ? newline : end;
        char *line = calloc(1, (size_t)(stop - body) + 1); /* so that a sanitizer sees its end */

        memcpy(line, body, (size_t)(stop - body));
        lines_expect(&lines, api, line, (size_t)(stop - body), number);
        free(line);
        body = newline ? newline + 1 : end;
    }
    return lines;
}

static inline struct lines lines_alone(const struct api *api, const char *body, size_t length)
{
    return lines_each(api, body, length, false);
}

/* Whether an answer is what the lines alone would be answered, and then totals with their counts.
 */
static inline bool lines_hold(const struct exchange *x, const struct lines *lines)
{
    static const char totals[] = "{\"totals\":{\"sequences\":";
    char counts[96];
    const size_t length =
        (size_t)snprintf(counts, sizeof counts, ",\"requests\":%zu,\"errors\":%zu}}\n",
                         lines->requests, lines->errors);

    return x->reply.status == 200 && strcmp(x->reply.type, "application/x-ndjson") == 0
           && x->reply.length >= lines->length + sizeof totals - 1 + length
           && memcmp(x->reply.body, lines->text, lines->length) == 0
           && memcmp(x->reply.body + lines->length, totals, sizeof totals - 1) == 0
           && memcmp(x->reply.body + x->reply.length - length, counts, length) == 0
           && !memchr(x->reply.body + lines->length, '\n', x->reply.length - lines->length - 1);
}

#endif
