/* decoder_ndjson.c - application/x-ndjson: one request on each line, one answer on each line, then
 * the totals.
 *
 * Each line is an exchange of its own, driven as if the body were that line alone.  So its answer
 * has the same bytes.  A line may also be an engine's answer, or a line of a batch, as it stands.
 * Its memory is charged to the whole request and freed before the next line; only the answers grow.
 * A bad line is answered with its error, and the next lines are scored.  If memory or work is used
 * up, the whole request is refused, and the error has the number of the line. */
#include "api/base/arena_error.h"
#include "api/members/schemas.h"
#include "api/routes/score/decoder.h"
#include "api/score/bare_answer.h"
#include "api/score/early_rows.h"
#include "api/score/json_request.h"
#include "api/score/score_reply.h"

#include <string.h>

#define MEDIA_TYPE "application/x-ndjson"

struct ndjson {
    struct exchange *x;
    bool open;                  /* a line has begun: `line` is in use */
    bool blank;                 /* only white space so far */
    bool answered;              /* with an error; the rest of the line is ignored */
    struct strbuf reply;        /* the answers so far */
    struct totals *totals;      /* OBJECTIVE_COUNT of them */
    struct request_stats stats; /* sums over the lines */
    struct exchange line;
};

/* A line may be an engine's answer, too. */
static const struct body_use line_use = {
    .layout = &body_layout_sequences, .decide = early_rows_decide, .knows = bare_answer_knows};

static bool begin_ndjson(struct exchange *x)
{
    struct ndjson *ndjson = arena_new(&x->arena, struct ndjson, 1);

    if (!ndjson)
        return arena_fail(&x->arena, &x->error);
    /* They need no zeroes, which would cost more than a short line does. */
    ndjson->totals = arena_grow(&x->arena, NULL, 0, OBJECTIVE_COUNT * sizeof *ndjson->totals);
    if (!ndjson->totals)
        return arena_fail(&x->arena, &x->error);
    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        totals_clear(&ndjson->totals[id]);
    ndjson->x = x;
    x->line = 1;
    x->is_long = true; /* any line may be */
    ndjson->reply.arena = &x->arena;
    x->decoder = ndjson;
    return true;
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
static bool close_line(struct ndjson *ndjson)
{
    struct exchange *line = &ndjson->line, *x = ndjson->x;
    const bool good = line->reply.status == 200;

    if (error_is_spent(line->error.code)) { /* a limit of the whole request */
        x->error = line->error;
        return false;
    }
    strbuf_add(&ndjson->reply, line->reply.body, line->reply.length);
    ndjson->stats.requests++;
    ndjson->stats.failures += !good;
    if (good)
        add_facts(&ndjson->stats, &line->stats);
    ndjson->answered = true;
    exchange_release(line);
    return !ndjson->reply.failed || arena_fail(&x->arena, &x->error);
}

static bool refuse_line(struct ndjson *ndjson)
{
    exchange_fail(&ndjson->line);
    return close_line(ndjson);
}

static bool open_line(struct ndjson *ndjson)
{
    struct exchange *line = &ndjson->line, *x = ndjson->x;

    exchange_init(line, x->api);
    arena_nest(&line->arena, &x->arena);
    work_nest(&line->work, &x->work);
    line->request.route = x->request.route;
    line->request.id = x->request.id;
    line->line = x->line;
    line->totals = ndjson->totals;
    ndjson->open = ndjson->blank = true;
    ndjson->answered = false;
    return json_request_begin(line, &line_use, &schema_score) || refuse_line(ndjson);
}

static bool is_blank(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r'))
        i++;
    return i == length;
}

static bool feed_line(struct ndjson *ndjson, const char *text, size_t length)
{
    if (length == 0)
        return true;
    if (!ndjson->open && !open_line(ndjson))
        return false;
    if (ndjson->answered)
        return true;
    ndjson->blank = ndjson->blank && is_blank(text, length);
    return decoder_json.feed(&ndjson->line, text, length) || refuse_line(ndjson);
}

static bool end_line(struct ndjson *ndjson)
{
    const bool open = ndjson->open;

    ndjson->open = false;
    if (!open || ndjson->answered)
        return true;
    if (ndjson->blank) {
        exchange_release(&ndjson->line);
        return true;
    }
    decoder_json.finish(&ndjson->line);
    return close_line(ndjson);
}

static bool feed_ndjson(struct exchange *x, const char *chunk, size_t length)
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

static void put_totals(struct ndjson *ndjson)
{
    struct strbuf *reply = &ndjson->reply;
    struct total total[OBJECTIVE_COUNT];

    for (enum objective_id id = 0; id < OBJECTIVE_COUNT; id++)
        total[id] = totals_value(&ndjson->totals[id]);
    strbuf_puts(reply, "{\"totals\":{");
    score_reply_totals(reply, total, ndjson->stats.sequences, NULL);
    strbuf_puts(reply, ",\"requests\":");
    strbuf_count(reply, ndjson->stats.requests);
    strbuf_puts(reply, ",\"errors\":");
    strbuf_count(reply, ndjson->stats.failures);
    strbuf_puts(reply, "}}\n");
}

static void finish_ndjson(struct exchange *x)
{
    struct ndjson *ndjson = x->decoder;

    if (!end_line(ndjson)) {
        exchange_fail(x);
        return;
    }
    x->line = 0; /* later errors are about the whole body */
    put_totals(ndjson);
    exchange_reply(x, &ndjson->reply);
    if (x->reply.status != 200)
        return;
    x->reply.type = MEDIA_TYPE;
    ndjson->stats.inflated = x->stats.inflated;
    ndjson->stats.nans += ndjson->reply.nans; /* NaNs in the totals */
    x->stats = ndjson->stats;
}

const struct decoder decoder_ndjson = {
    .media_type = MEDIA_TYPE,
    .schema = "{'type':'string','description':'A ScoreRequest on each line, or the answer of an "
              "engine as it stands.'}",
    .help =
        "A request on each line, as in `application/json`, or an engine's answer as it stands, or "
        "a line of a batch: its `custom_id` is the `id`. A line is answered by a line: its "
        "answer, or an error with its `line`. The last line has the `totals` of all.",
    .begin = begin_ndjson,
    .feed = feed_ndjson,
    .finish = finish_ndjson};
