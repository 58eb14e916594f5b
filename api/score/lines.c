/* lines.c - application/x-ndjson. */
#include "api/score/lines.h"

#include "api/base/arena_error.h"
#include "api/base/json_writer.h"
#include "api/exchange/exchange.h"
#include "api/exchange/media_type.h"

#include <string.h>

struct lines {
    struct exchange *x;
    const struct line_route *route;
    bool open;                  /* a line has begun: `line` is in use */
    bool blank;                 /* only white space so far */
    bool answered;              /* with an error; the rest of the line is ignored */
    struct strbuf reply;        /* the answers so far */
    void *totals;               /* of the route */
    struct request_stats stats; /* sums over the lines */
    struct exchange line;
};

const char *const lines_aliases[] = {"application/ndjson", "application/jsonl",
                                     "application/jsonlines", "application/x-jsonlines", NULL};

bool lines_are_in(const char *content_type)
{
    if (!content_type)
        return false;
    for (size_t i = 0; lines_aliases[i]; i++)
        if (media_type_is(content_type, lines_aliases[i]))
            return true;
    return media_type_is(content_type, LINES_MEDIA_TYPE);
}

bool lines_begin(struct exchange *x, const struct line_route *route)
{
    struct lines *lines = arena_new(&x->arena, struct lines, 1);

    if (!lines)
        return arena_fail(&x->arena, &x->error);
    lines->x = x;
    lines->route = route;
    lines->totals = route->totals_make(x);
    lines->reply.arena = &x->arena;
    x->line = 1;
    x->is_long = true; /* any line may be */
    x->decoder = lines;
    return lines->totals != NULL;
}

/* ---- sums ---- */

static void add_objective(struct objective_stats *sum, const struct objective_stats *line)
{
    sum->tokens += line->tokens;
    sum->loss_sum += line->loss_sum;
    sum->weight += line->weight;
    sum->token_loss_sum += line->token_loss_sum;
    for (size_t i = 0; i <= LOSS_EDGE_COUNT; i++)
        sum->bucket[i] += line->bucket[i];
}

static void add_facts(struct request_stats *sum, const struct request_stats *line)
{
    if (sum->model[0] == '\0')
        memcpy(sum->model, line->model, sizeof sum->model);
    sum->sequences += line->sequences;
    sum->tokens += line->tokens;
    sum->rows += line->rows;
    sum->nans += line->nans;
    sum->vocabulary = line->vocabulary > sum->vocabulary ? line->vocabulary : sum->vocabulary;
    sum->parse_seconds += line->parse_seconds;
    sum->score_seconds += line->score_seconds;
    sum->write_seconds += line->write_seconds;
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        add_objective(&sum->objective[id], &line->objective[id]);
}

/* ---- lines ---- */

/* Append the answer of a line, or its error. */
static bool close_line(struct lines *lines)
{
    struct exchange *line = &lines->line, *x = lines->x;
    const bool good = line->reply.status == 200;

    if (error_is_spent(line->error.code)) { /* a limit of the whole request */
        x->error = line->error;
        return false;
    }
    strbuf_add(&lines->reply, line->reply.body, line->reply.length);
    lines->stats.requests++;
    lines->stats.failures += !good;
    if (good)
        add_facts(&lines->stats, &line->stats);
    lines->answered = true;
    exchange_release(line);
    return !lines->reply.failed || arena_fail(&x->arena, &x->error);
}

static bool refuse_line(struct lines *lines)
{
    exchange_fail(&lines->line);
    return close_line(lines);
}

static bool open_line(struct lines *lines)
{
    struct exchange *line = &lines->line, *x = lines->x;

    exchange_init(line, x->api);
    arena_nest(&line->arena, &x->arena);
    work_nest(&line->work, &x->work);
    line->request.route = x->request.route;
    line->request.id = x->request.id;
    line->line = x->line;
    line->totals = lines->totals;
    lines->open = lines->blank = true;
    lines->answered = false;
    return lines->route->begin(line) || refuse_line(lines);
}

static bool is_blank(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r'))
        i++;
    return i == length;
}

static bool feed_line(struct lines *lines, const char *text, size_t length)
{
    if (length == 0)
        return true;
    if (!lines->open && !open_line(lines))
        return false;
    if (lines->answered)
        return true;
    lines->blank = lines->blank && is_blank(text, length);
    return lines->route->feed(&lines->line, text, length) || refuse_line(lines);
}

static bool end_line(struct lines *lines)
{
    const bool open = lines->open;

    lines->open = false;
    if (!open || lines->answered)
        return true;
    if (lines->blank) {
        exchange_release(&lines->line);
        return true;
    }
    lines->route->finish(&lines->line);
    return close_line(lines);
}

bool lines_feed(struct exchange *x, const char *chunk, size_t length)
{
    const char *end = chunk + length;

    while (chunk < end) {
        const char *newline = memchr(chunk, '\n', (size_t)(end - chunk));

        if (!feed_line(x->decoder, chunk, (size_t)((newline ? newline : end) - chunk)))
            return false;
        if (!newline)
            break;
        if (!end_line(x->decoder))
            return false;
        x->line++;
        chunk = newline + 1;
    }
    return true;
}

/* ---- the end ---- */

static void put_totals(struct lines *lines)
{
    struct strbuf *reply = &lines->reply;

    strbuf_puts(reply, "{\"totals\":{");
    lines->route->totals_write(reply, lines->totals, &lines->stats);
    put_count(reply, "requests", lines->stats.requests);
    put_count(reply, "errors", lines->stats.failures);
    strbuf_puts(reply, "}}\n");
}

void lines_finish(struct exchange *x)
{
    struct lines *lines = x->decoder;

    if (!end_line(lines)) {
        exchange_fail(x);
        return;
    }
    x->line = 0; /* later errors are about the whole body */
    put_totals(lines);
    exchange_reply(x, &lines->reply);
    if (x->reply.status != 200)
        return;
    x->reply.type = LINES_MEDIA_TYPE;
    lines->stats.inflated = x->stats.inflated;
    lines->stats.nans += lines->reply.nans; /* NaNs in the totals */
    x->stats = lines->stats;
}
