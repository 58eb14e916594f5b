/* infer.c - POST /v2/models/NAME/infer: the endpoint. */
#include "api/routes/infer/infer_endpoints.h"

#include "api/base/arena_error.h"
#include "api/exchange/exchange.h"
#include "api/routes/infer/infer_about.h"
#include "api/routes/infer/infer_head.h"
#include "api/routes/infer/infer_reply.h"
#include "api/routes/infer/infer_rows.h"
#include "api/routes/infer/infer_tensor.h"
#include "api/routes/infer/infer_whole.h"
#include "api/score/score_reply.h"

#include <time.h>

#define WHOLE_BODY UINT64_MAX

static uint64_t nanoseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* ---- the head of the request ---- */

/* Read Inference-Header-Content-Length, the length of the JSON.  Absent: the whole body is JSON. */
static bool read_head_length(const struct exchange *x, uint64_t *length, struct error *err)
{
    const char *text = x->request.inference_header, *c = text;

    *length = text ? 0 : WHOLE_BODY;
    while (c && *c >= '0' && *c <= '9' && !__builtin_mul_overflow(*length, 10U, length)
           && !__builtin_add_overflow(*length, (uint64_t)(*c - '0'), length))
        c++;
    if (text && (c == text || c[strspn(c, " \t")] != '\0' || *length == WHOLE_BODY))
        return error_set(err, ERR_BAD_REQUEST, "",
                         "Inference-Header-Content-Length: \"%.32s\" is not a length", text);
    return *length > 0
           || error_set(err, ERR_BAD_REQUEST, "",
                        "Inference-Header-Content-Length is 0: requests of raw bytes without JSON "
                        "are not supported");
}

static bool begin_infer(struct exchange *x)
{
    const struct model *model = model_asked(x);
    struct infer *infer = model ? arena_new(&x->arena, struct infer, 1) : NULL;

    if (!model)
        return false;
    if (!infer)
        return arena_fail(&x->arena, &x->error);
    infer->x = x;
    infer->model = model;
    infer->start = nanoseconds(CLOCK_MONOTONIC);
    head_begin(infer);
    x->decoder = infer;
    x->reply.compressible = true;
    return read_head_length(x, &infer->head_length, &x->error);
}

/* ---- the body ---- */

static bool begin_blob(struct infer *infer)
{
    return infer->blobs_done == infer->blob_count
           || !is_logits(infer, infer->blob[infer->blobs_done]) || rows_begin_blob(infer);
}

static bool feed_head(struct infer *infer, const char *chunk, size_t *length)
{
    const uint64_t left = infer->head_length - infer->head_received;

    *length = *length < left ? *length : (size_t)left;
    infer->head_received += *length;
    return body_feeder_feed(&infer->head.feeder, chunk, *length)
           && (infer->head_received < infer->head_length || (head_end(infer) && begin_blob(infer)));
}

static bool feed_blob(struct infer *infer, const char *chunk, size_t *length)
{
    struct tensor *tensor;

    if (infer->blobs_done == infer->blob_count)
        return error_set(&infer->x->error, ERR_BAD_COUNT, "",
                         "unexpected additional input data behind the %llu bytes of JSON and its "
                         "%zu binary tensors",
                         (unsigned long long)infer->head_length, infer->blob_count);
    tensor = infer->blob[infer->blobs_done];
    if (*length > tensor->bytes - tensor->length)
        *length = tensor->bytes - tensor->length;
    if (!tensor_blob_feed(infer, tensor, chunk, *length))
        return false;
    if (!tensor->complete)
        return true;
    infer->blobs_done++;
    return begin_blob(infer);
}

static bool feed_piece(struct infer *infer, const char *chunk, size_t length)
{
    while (length > 0) {
        size_t taken = length;

        if (!(infer->head_done ? feed_blob(infer, chunk, &taken) : feed_head(infer, chunk, &taken)))
            return false;
        chunk += taken;
        length -= taken;
    }
    return true;
}

/* ---- times ---- */

static double seconds_since(uint64_t then)
{
    return 1e-9 * (double)(nanoseconds(CLOCK_MONOTONIC) - then);
}

static void add(struct duration_stats *stats, double seconds)
{
    atomic_fetch_add_explicit(&stats->count, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&stats->nanoseconds, (unsigned long long)(1e9 * seconds),
                              memory_order_relaxed);
}

static void record(const struct infer *infer)
{
    const struct exchange *x = infer->x;
    const bool good = x->error.code == ERR_NONE;
    struct model_stats *stats;

    if (!x->api->infer_stats)
        return;
    stats = infer_stats_of(x->api->infer_stats, infer->model);
    add(good ? &stats->success : &stats->fail, seconds_since(infer->start));
    if (!good)
        return;
    add(&stats->input, x->stats.parse_seconds);
    add(&stats->score, x->stats.score_seconds);
    add(&stats->output, x->stats.write_seconds);
    atomic_fetch_add(&stats->sequences, infer->sequences);
    atomic_store(&stats->last, nanoseconds(CLOCK_REALTIME) / 1000000U);
}

/* Chunks of JSON count as time of parsing, chunks of blobs as time of scoring. */
static bool feed_infer(struct exchange *x, const char *chunk, size_t length)
{
    struct infer *infer = x->decoder;
    const uint64_t then = nanoseconds(CLOCK_MONOTONIC);
    double *seconds = infer->head_done ? &x->stats.score_seconds : &x->stats.parse_seconds;
    const bool good = feed_piece(infer, chunk, length);

    *seconds += seconds_since(then);
    if (!good)
        record(infer);
    return good;
}

/* ---- the end ---- */

static bool end_body(struct infer *infer)
{
    struct error *err = &infer->x->error;
    const struct tensor *tensor;

    if (!infer->head_done && infer->head_length != WHOLE_BODY)
        return error_set(err, ERR_BAD_COUNT, "",
                         "Inference-Header-Content-Length is %llu, and the body has %llu bytes",
                         (unsigned long long)infer->head_length,
                         (unsigned long long)infer->head_received);
    if (!infer->head_done && !head_end(infer))
        return false;
    if (infer->blobs_done == infer->blob_count)
        return true;
    tensor = infer->blob[infer->blobs_done];
    return error_set(
        err, ERR_BAD_COUNT, "",
        "the body ends within the binary data of %s: %zu of its %zu bytes came%s",
        infer->model->inputs[tensor - infer->input].name, tensor->length, tensor->bytes,
        infer->head_length == WHOLE_BODY ? " (there was no Inference-Header-Content-Length)" : "");
}

static void answer(struct infer *infer)
{
    struct exchange *x = infer->x;
    struct strbuf reply = {.arena = &x->arena};
    uint64_t then = nanoseconds(CLOCK_MONOTONIC);
    const bool good = end_body(infer) && (infer->model->rows ? rows_end(infer) : whole_end(infer));

    x->stats.score_seconds += seconds_since(then);
    then = nanoseconds(CLOCK_MONOTONIC);
    if (good)
        infer_reply(&reply, infer, &x->reply.inference_length);
    if (x->reply.inference_length > 0 && reply.nans > 0)
        error_set(&x->error, ERR_INTERNAL, "",
                  "a number cannot be told, and binary outputs have no null for it");
    if (x->reply.inference_length == 0)
        strbuf_puts(&reply, "\n");
    exchange_reply(x, &reply);
    if (x->error.code != ERR_NONE) {
        x->reply.inference_length = 0;
        return;
    }
    if (x->reply.inference_length > 0)
        x->reply.type = "application/octet-stream";
    if (infer->model->rows)
        score_reply_stats(&x->stats, &infer->rows.scores);
    x->stats.write_seconds = seconds_since(then);
}

static void finish_infer(struct exchange *x)
{
    answer(x->decoder);
    record(x->decoder);
}

const struct endpoint endpoint_infer = {begin_infer, feed_infer, finish_infer};
