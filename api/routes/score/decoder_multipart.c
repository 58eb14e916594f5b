/* decoder_multipart.c - multipart/form-data: the request, then model outputs as files.
 *
 *     curl -F 'request={"tokens":[1,403,407]};type=application/json' -F logits=@logits.npy ... */
#include "api/base/arena_error.h"
#include "api/body/multipart.h"
#include "api/exchange/stopwatch.h"
#include "api/members/schemas.h"
#include "api/routes/score/decoder.h"
#include "api/routes/score/score_answer.h"
#include "api/routes/score/upload_file.h"

#include <string.h>

struct upload {
    struct multipart multipart;
    size_t length;                                    /* bytes of the body so far */
    struct json_request request;                      /* the part `request` */
    bool requested;                                   /* the part `request` is complete */
    enum { PART_NONE, PART_REQUEST, PART_FILE } part; /* the current part */
    struct file file;
};

static bool begin_multipart(struct exchange *x)
{
    struct upload *upload = arena_new(&x->arena, struct upload, 1);

    if (!upload)
        return arena_fail(&x->arena, &x->error);
    x->decoder = upload;
    json_request_init(&upload->request, &score_use, &schema_score, x);
    upload->request.scan.body.has_parts = true;
    return multipart_init(&upload->multipart, x->request.content_type, &x->error);
}

static bool begin_request(struct upload *upload, struct exchange *x)
{
    upload->part = PART_REQUEST;
    return !upload->requested
           || error_set(&x->error, ERR_DUPLICATE_NAME, "", "the part request comes twice");
}

static bool fail_name(struct exchange *x, const char *name, bool tokens)
{
    return error_set(&x->error, ERR_UNKNOWN_MEMBER, "", "the part %s is not known: %s", name,
                     tokens ? "give tokens in the request, or in one .safetensors file with logits"
                            : "the parts are request, then logits or, for each sequence, logits.0, "
                              "logits.1, ...");
}

static bool begin_part(struct upload *upload, struct exchange *x)
{
    const char *name = upload->multipart.name;
    struct file_tensor tensor;
    bool known;

    if (strcmp(name, "request") == 0)
        return begin_request(upload, x);
    known = file_tensor_name(&tensor, name);
    if (!known || tensor.kind != TENSOR_LOGITS)
        return fail_name(x, name, known);
    if (!upload->requested)
        return error_set(&x->error, ERR_BAD_MULTIPART, "",
                         "the part request must come before %s: rows are scored as they arrive",
                         name);
    upload->part = PART_FILE;
    return file_begin(&upload->file, &upload->request.planner, &upload->request.scan.pool,
                      tensor.sequence);
}

/* Refuse logits in the request: they are in parts of their own. */
static bool refuse_logits(const struct body *body, struct error *err)
{
    for (size_t i = 0; i < body->count; i++) {
        const struct span *span = body->spans[i];
        char pointer[48];

        if (span->kind == SPAN_LOGPROBS)
            continue;
        file_pointer(span->owner, "logits", pointer, sizeof pointer);
        return error_set(err, ERR_CONFLICT, pointer,
                         "the part request holds logits: send them as a part of their own, or all "
                         "of the request as application/json");
    }
    return true;
}

/* Finish the part `request`.  Its faults are reported before those of the files. */
static bool end_request(struct upload *upload, struct exchange *x)
{
    struct body *body = body_scanner_end(&upload->request.scan);
    size_t bad;

    upload->requested = body != NULL;
    return upload->requested && refuse_logits(body, &x->error)
           && fields_check(&schema_score, body, &bad, &x->error);
}

static bool end_part(struct upload *upload, struct exchange *x)
{
    const bool good = upload->part == PART_FILE ? file_end(&upload->file) : end_request(upload, x);

    upload->part = PART_NONE;
    return good;
}

static bool take_event(struct upload *upload, struct exchange *x, enum multipart_event event)
{
    const struct multipart *multipart = &upload->multipart;

    switch (event) {
    case MULTIPART_PART:
        return begin_part(upload, x);
    case MULTIPART_RUN:
        return upload->part == PART_FILE
                   ? file_feed(&upload->file, multipart->run, multipart->run_length)
                   : body_scanner_feed(&upload->request.scan, multipart->run,
                                       multipart->run_length);
    case MULTIPART_END:
        return end_part(upload, x);
    case MULTIPART_FAULT:
        return error_set(&x->error, ERR_BAD_MULTIPART, "", "byte %zu: %s", multipart->offset,
                         multipart->fault);
    case MULTIPART_MORE:
        break;
    }
    return true;
}

static bool feed_multipart(struct exchange *x, const char *bytes, size_t length)
{
    struct upload *upload = x->decoder;
    struct chunk chunk = {
        .start = bytes, .at = bytes, .end = bytes + length, .offset = upload->length};
    struct timespec watch = stopwatch_start();
    bool good = true;

    upload->length += length;
    while (good && chunk.at < chunk.end)
        good = take_event(upload, x, multipart_next(&upload->multipart, &chunk));
    x->stats.parse_seconds += stopwatch_lap(&watch);
    return good;
}

/* Check that the body is complete.  If it was cut off in the request, a fault of the request is
 * reported first. */
static bool is_complete(struct upload *upload, struct exchange *x)
{
    if (upload->part == PART_REQUEST && !end_part(upload, x))
        return false;
    if (!multipart_is_complete(&upload->multipart))
        return error_set(&x->error, ERR_BAD_MULTIPART, "",
                         "the body ends, at byte %zu, without its last boundary", upload->length);
    return upload->requested
           || error_set(&x->error, ERR_MISSING_MEMBER, "", "the part request is missing");
}

static void finish_multipart(struct exchange *x)
{
    struct upload *upload = x->decoder;

    answer_request(x, is_complete(upload, x) ? &upload->request.planner : NULL);
}

const struct decoder decoder_multipart = {
    .media_type = "multipart/form-data",
    .schema = "{'type':'object','required':['request'],"
              "'properties':{'request':{'$ref':'#/components/schemas/ScoreRequest'},"
              "'logits':{'type':'string','format':'binary','description':"
              "'.npy (versions 1 to 3, C order, <f2 <f4 <f8), .safetensors (tensors logits or "
              "logits.N, and "
              "tokens or tokens.N), or raw little-endian numbers, with dtype and shape in the "
              "request.'}},"
              "'patternProperties':{'^logits\\\\.[0-9]+$':{'type':'string','format':'binary','"
              "description':"
              "'The logits of one sequence.'}}}",
    .help =
        "A part `request` with the JSON of a request without logits, then the model's output as "
        "files: "
        "one part `logits`, or a part `logits.N` for each sequence. The head of a part has at most "
        "4,096 bytes.",
    .begin = begin_multipart,
    .feed = feed_multipart,
    .finish = finish_multipart};
