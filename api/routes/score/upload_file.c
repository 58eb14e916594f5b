/* upload_file.c - a part of a multipart body with model outputs. */
#include "api/routes/score/upload_file.h"

#include "api/base/arena_error.h"
#include "api/body/npy.h"
#include "api/members/fields.h"
#include "api/score/early_rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_BYTES (SAFETENSORS_PREFIX + 1) /* enough to detect the format */

PRINTF(2, 3) static bool fail(struct file *file, const char *format, ...)
{
    char detail[sizeof file->x->error.detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return error_set(&file->x->error, ERR_BAD_DATA, file->pointer, "%s", detail);
}

static bool fail_memory(struct file *file)
{
    return arena_fail(&file->x->arena, &file->x->error);
}

static json_t *object_of(const struct file *file, size_t owner)
{
    json_t *tree = file->body->tree;

    return owner == TOP_LEVEL ? tree : json_array_get(field_value(tree, FIELD_sequences), owner);
}

void file_pointer(size_t sequence, const char *member, char *out, size_t size)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "sequences"),
                            object = ELEMENT(&list, sequence);

    json_place_render(&MEMBER(sequence == TOP_LEVEL ? &root : &object, member), out, size);
}

/* ---- checks of the tensors ---- */

/* The sequences of a tensor must be those of the request. */
static bool check_sequences(struct file *file, const struct file_tensor *tensor)
{
    const bool all = tensor->sequence == TOP_LEVEL && file->sequences > 0;
    const size_t slices = file_tensor_slices(tensor), wanted = all ? file->sequences : 1;
    char name[32];

    file_tensor_write_name(tensor, name, sizeof name);
    if (tensor->sequence != TOP_LEVEL && tensor->sequence >= file->sequences)
        return error_set(&file->x->error, ERR_BAD_COUNT, file->pointer,
                         "%s is for a sequence that the request does not have: it has %zu in "
                         "sequences",
                         name, file->sequences);
    if (file_tensor_is_batch(tensor) && slices != wanted)
        return error_set(&file->x->error, ERR_BAD_COUNT, file->shape,
                         "the shape of %s is for %zu sequences, and it belongs to %zu", name,
                         slices, wanted);
    return true;
}

static bool check_tensors(struct file *file)
{
    bool logits = false;

    if (!file->tokens_at)
        file->tokens_at = arena_new(&file->x->arena, size_t, file->sequences + 1);
    if (!file->tokens_at)
        return fail_memory(file);
    for (size_t i = 0; i < file->tensors.count; i++) {
        struct file_tensor *tensor = &file->tensors.tensor[i];

        if (file->sequence != TOP_LEVEL && tensor->sequence != TOP_LEVEL)
            return fail(file, "the part is for sequence %zu: its tensors are logits and tokens",
                        file->sequence);
        if (file->sequence != TOP_LEVEL)
            tensor->sequence = file->sequence;
        if (!check_sequences(file, tensor))
            return false;
        if (tensor->kind == TENSOR_TOKENS)
            file->tokens_at[owner_index(tensor->sequence)] = file->last_tokens = i;
        logits |= tensor->kind == TENSOR_LOGITS;
        file->data_length += tensor->bytes;
    }
    return logits
           || fail(file,
                   "the file has no tensor logits: save tokens in one file with them, or give "
                   "them in the request");
}

static bool use_only(struct file *file, const char *format)
{
    file->format = format;
    file->tensors = (struct file_tensors){&file->only, 1};
    return check_tensors(file);
}

/* A member of the part's sequence, or its default from the request.  Its JSON pointer is written to
 * `out`. */
static json_t *given(const struct file *file, enum field field, char *out, size_t size)
{
    json_t *own = field_value(object_of(file, file->sequence), field),
           *any = field_value(file->body->tree, field);

    file_pointer(own || !any ? file->sequence : TOP_LEVEL, field_info(field)->name, out, size);
    return own ? own : any;
}

/* Read dtype and shape of raw numbers from the request.  False: they are not valid. */
static bool read_raw(struct file *file, const json_t *dtype, const json_t *shape)
{
    struct file_tensor *tensor = &file->only;
    size_t width;

    dtype_find(json_string_value(dtype), &tensor->dtype);
    tensor->item = dtype_size(tensor->dtype);
    tensor->dims = json_array_size(shape);
    for (size_t i = 0; i < tensor->dims && i < TENSOR_DIMS; i++)
        tensor->shape[i] = (size_t)json_integer_value(json_array_get(shape, i));
    if (!file_tensor_measure(tensor, file->shape, &file->x->error))
        return false;
    width = tensor->shape[tensor->dims - 1];
    return (width > 0 && width <= ROW_MAX_WIDTH)
           || error_set(&file->x->error, ERR_OUT_OF_RANGE, file->shape,
                        "a vocabulary of %zu is not in [1, %d]", width, ROW_MAX_WIDTH);
}

/* Set up a part of raw numbers, if the request has dtype and shape.  Both or neither must be
 * given. */
static bool begin_raw(struct file *file)
{
    char pointer[sizeof file->shape];
    const json_t *dtype = given(file, FIELD_dtype, pointer, sizeof pointer),
                 *shape = given(file, FIELD_shape, file->shape, sizeof file->shape);
    enum dtype number;

    if (dtype && shape)
        return read_raw(file, dtype, shape) && use_only(file, "raw numbers");
    if (shape)
        return error_set(&file->x->error, ERR_MISSING_MEMBER, pointer,
                         "shape says that the part is raw numbers, and needs dtype beside it");
    if (dtype && dtype_find(json_string_value(dtype), &number) && dtype_size(number) == 2)
        return error_set(&file->x->error, ERR_MISSING_MEMBER, file->shape,
                         "dtype %s says that the part is raw numbers, and needs shape beside it",
                         dtype_name(number));
    memcpy(file->shape, file->pointer, sizeof file->shape);
    return true;
}

/* The buffer of the previous part, emptied for reuse. */
static struct strbuf again(struct strbuf text, struct exchange *x)
{
    text.arena = &x->arena;
    text.length = 0;
    return text;
}

bool file_begin(struct file *file, struct planner *planner, struct pool *pool, size_t sequence)
{
    struct exchange *x = planner->x;
    struct body *body = planner->body;

    *file = (struct file){.x = x,
                          .planner = planner,
                          .body = body,
                          .pool = pool,
                          .sequence = sequence,
                          .sequences = json_array_size(field_value(body->tree, FIELD_sequences)),
                          .head = again(file->head, x),
                          .head_length = FIRST_BYTES,
                          .only = {.kind = TENSOR_LOGITS, .sequence = TOP_LEVEL},
                          .tokens = again(file->tokens, x),
                          .tokens_at = file->tokens_at};
    file_pointer(sequence, "logits", file->pointer, sizeof file->pointer);
    if (sequence != TOP_LEVEL && sequence >= file->sequences)
        return error_set(&x->error, ERR_BAD_COUNT, "",
                         "part logits.%zu is for a sequence that the request does not have: it has "
                         "%zu in sequences",
                         sequence, file->sequences);
    return begin_raw(file);
}

/* ---- heads ---- */

static bool fail_format(struct file *file)
{
    const char *bytes = file->head.data;

    if (memcmp(bytes, "PK\3\4", 4) == 0)
        return fail(file, "the part is a zip archive (.npz, .pt): send .npy or .safetensors");
    if (bytes[0] == '\x80')
        return fail(file, "the part is a Python pickle, which is never read: send .npy or "
                          ".safetensors");
    return fail(file, "the part is neither .npy nor .safetensors; for raw numbers give dtype and "
                      "shape in the request");
}

/* Compute the length of the head, as far as its beginning shows. */
static bool measure_head(struct file *file)
{
    const char *bytes = file->head.data;

    if (npy_is(bytes, file->head.length))
        return npy_head(bytes, file->head.length, &file->head_length, file->pointer,
                        &file->x->error);
    if (safetensors_is(bytes))
        return safetensors_head(bytes, &file->head_length, file->pointer, &file->x->error);
    return fail_format(file);
}

static bool read_head(struct file *file)
{
    const char *bytes = file->head.data;
    struct error *err = &file->x->error;

    if (!npy_is(bytes, file->head.length)) {
        file->format = ".safetensors";
        return safetensors_read(bytes, file->head.length, &file->tensors, &file->x->arena,
                                file->pointer, err)
               && check_tensors(file);
    }
    return npy_read(bytes, file->head.length, &file->only, file->pointer, err)
           && use_only(file, ".npy");
}

static bool feed_head(struct file *file, struct chunk *chunk)
{
    const size_t left = (size_t)(chunk->end - chunk->at),
                 rest = file->head_length - file->head.length;
    const size_t length = left < rest ? left : rest;

    strbuf_add(&file->head, chunk->at, length);
    chunk->at += length;
    if (file->head.failed)
        return fail_memory(file);
    if (file->head.length < file->head_length)
        return true;
    if (!measure_head(file))
        return false;
    return file->head.length < file->head_length || read_head(file);
}

/* ---- slices of logits ---- */

static const struct file_tensor *tensor_at_hand(const struct file *file)
{
    return &file->tensors.tensor[file->at];
}

/* The owner of the current slice.  Each sequence has one slice of a batch. */
static size_t owner_at_hand(const struct file *file)
{
    const struct file_tensor *tensor = tensor_at_hand(file);

    return tensor->sequence == TOP_LEVEL && file_tensor_is_batch(tensor) && file->sequences > 0
               ? file->slice
               : tensor->sequence;
}

/* Add a member to an object of the request.  `value` is NULL if memory is used up. */
static bool set_member(struct file *file, size_t owner, const char *name, json_t *value)
{
    return dom_put(file->body->dom, object_of(file, owner), name, strlen(name), value)
           || fail_memory(file);
}

/* Logits must be for the whole request or for each sequence.  Compare with those of earlier
 * parts. */
static bool check_owner(struct file *file, size_t owner)
{
    const struct body *body = file->body;
    const struct span *last = body->count > 0 ? body->spans[body->count - 1] : NULL;

    if (field_value(object_of(file, owner), FIELD_logits))
        return error_set(&file->x->error, ERR_DUPLICATE_NAME, file->pointer,
                         "there are logits for it already");
    return !last || !last->is_part || (last->owner == TOP_LEVEL) == (owner == TOP_LEVEL)
           || error_set(&file->x->error, ERR_CONFLICT, file->pointer,
                        "logits for all sequences and logits for one exclude each other");
}

/* Make the value of an encoded tensor, as in a JSON request. */
static json_t *make_tensor(const struct file *file, const struct file_tensor *tensor)
{
    const size_t *size = tensor->shape + file_tensor_is_batch(tensor);
    const char *dtype = dtype_name(tensor->dtype);
    struct dom *dom = file->body->dom;
    json_t *object = dom_object(dom), *shape = dom_array(dom);

    return dom_append(dom, shape, dom_integer(dom, (json_int_t)size[0]))
                   && dom_append(dom, shape, dom_integer(dom, (json_int_t)size[1]))
                   && dom_put(dom, object, "dtype", 5, dom_string(dom, dtype, strlen(dtype)))
                   && dom_put(dom, object, "shape", 5, shape)
                   && dom_put(dom, object, "data", 4, dom_integer(dom, 0))
               ? object
               : NULL;
}

/* Add a span, as for an object with encoded logits. */
static bool add_span(struct file *file, size_t owner)
{
    const struct file_tensor *tensor = tensor_at_hand(file);

    if (!set_member(file, owner, "logits", make_tensor(file, tensor)))
        return false;
    if (!member_offsets_add_part(&file->body->offsets, owner, "logits"))
        return fail_memory(file);
    file->span =
        body_add_span(file->body, SPAN_DATA, owner, SIZE_MAX, &file->x->arena, &file->x->error);
    if (!file->span)
        return false;
    file->span->is_part = true;
    file->span->is_padded = file_tensor_is_batch(tensor);
    row_intake_begin(&file->span->intake, file->pool, tensor->dtype);
    return true;
}

/* Whether the file has tokens of the owner after the current tensor.  An index from an earlier file
 * does not count. */
static bool has_later(const struct file *file, size_t owner)
{
    const size_t at = file->tokens_at[owner_index(owner)];
    const struct file_tensor *tensor = &file->tensors.tensor[at];

    return at > file->at && at < file->tensors.count && tensor->kind == TENSOR_TOKENS
           && tensor->sequence == owner;
}

/* Whether the file has tokens after the logits that need them. */
static bool tokens_follow(const struct file *file, size_t owner)
{
    return has_later(file, TOP_LEVEL)
           || (owner == TOP_LEVEL ? file->last_tokens > file->at : has_later(file, owner));
}

/* Decide what to do with the rows (early_rows.h).  The request is complete. */
static bool decide(struct file *file, size_t owner)
{
    return early_rows_decide_part(file->planner, file->span, !tokens_follow(file, owner));
}

static bool fail_rows(struct file *file)
{
    const struct arena *arena = &file->x->arena;

    if (arena->fault != ARENA_LIMIT || file->span->intake.mode != INTAKE_HOLDS)
        return fail_memory(file);
    return error_set(&file->x->error, ERR_TOO_LARGE, file->pointer,
                     "logits that come before their tokens must fit --max-request-memory (%zu "
                     "bytes): give tokens in the request, or save them before logits, or raise it",
                     arena->limit);
}

static bool take_logits(struct file *file, struct chunk *chunk)
{
    file->span->encoding.bytes += (size_t)(chunk->end - chunk->at);
    return row_intake_raw(&file->span->intake, chunk) != INTAKE_SPENT || fail_rows(file);
}

/* ---- tokens ---- */

static int64_t token_at(const char *bytes, size_t item)
{
    int64_t wide = 0;
    int32_t narrow = 0;

    if (item == sizeof wide) {
        memcpy(&wide, bytes, sizeof wide);
        return wide;
    }
    memcpy(&narrow, bytes, sizeof narrow);
    return narrow;
}

/* Add the tokens to their object, when their tensor is complete. */
static bool add_tokens(struct file *file, size_t owner)
{
    const size_t item = tensor_at_hand(file)->item;
    struct dom *dom = file->body->dom;
    json_t *tokens;
    char pointer[48];

    file_pointer(owner, "tokens", pointer, sizeof pointer);
    if (field_value(object_of(file, owner), FIELD_tokens))
        return error_set(&file->x->error, ERR_CONFLICT, pointer,
                         "tokens are both in the request and in the file");
    tokens = dom_array(dom);
    for (size_t i = 0; i < file->tokens.length; i += item)
        if (!dom_append(dom, tokens, dom_integer(dom, token_at(file->tokens.data + i, item))))
            return fail_memory(file);
    file->tokens.length = 0;
    return set_member(file, owner, "tokens", tokens);
}

static bool take_tokens(struct file *file, struct chunk *chunk)
{
    strbuf_add(&file->tokens, chunk->at, (size_t)(chunk->end - chunk->at));
    chunk->at = chunk->end;
    return !file->tokens.failed || fail_memory(file);
}

/* ---- data ---- */

static bool open_slice(struct file *file)
{
    const struct file_tensor *tensor = tensor_at_hand(file);
    const size_t owner = owner_at_hand(file);

    file->open = true;
    file->left = tensor->bytes / file_tensor_slices(tensor);
    return tensor->kind == TENSOR_TOKENS
           || (check_owner(file, owner) && add_span(file, owner) && decide(file, owner));
}

static bool close_slice(struct file *file)
{
    const struct file_tensor *tensor = tensor_at_hand(file);
    bool good = true;

    if (tensor->kind == TENSOR_LOGITS)
        row_intake_end(&file->span->intake);
    else
        good = add_tokens(file, owner_at_hand(file));
    file->open = false;
    if (++file->slice == file_tensor_slices(tensor)) {
        file->slice = 0;
        file->at++;
    }
    return good;
}

/* Close slices that are complete, and open the next slice that is not empty. */
static bool advance(struct file *file)
{
    while (file->open ? file->left == 0 : file->at < file->tensors.count)
        if (!(file->open ? close_slice(file) : open_slice(file)))
            return false;
    return true;
}

static bool feed_data(struct file *file, struct chunk *chunk)
{
    const size_t left = (size_t)(chunk->end - chunk->at);
    const size_t length = left < file->left ? left : (size_t)file->left;
    struct chunk run = {.start = chunk->at, .at = chunk->at, .end = chunk->at + length};

    if (!file->open)
        return fail(file, "the part goes on behind the %llu bytes that its dtype and shape make",
                    (unsigned long long)file->data_length);
    chunk->at += length;
    file->left -= length;
    file->received += length;
    return (tensor_at_hand(file)->kind == TENSOR_LOGITS ? take_logits(file, &run)
                                                        : take_tokens(file, &run))
           && advance(file);
}

bool file_feed(struct file *file, const char *bytes, size_t length)
{
    struct chunk chunk = {.start = bytes, .at = bytes, .end = bytes + length};

    while (chunk.at < chunk.end) {
        if (!file->format) {
            if (!feed_head(file, &chunk))
                return false;
            continue;
        }
        if (!advance(file) || !feed_data(file, &chunk))
            return false;
    }
    return true;
}

bool file_end(struct file *file)
{
    if (!file->format && file->head_length > FIRST_BYTES)
        return fail(file, "the part ends at byte %zu, inside its header of %zu bytes",
                    file->head.length, file->head_length);
    if (!file->format)
        return fail(file, "the part has %zu bytes: it is neither .npy nor .safetensors",
                    file->head.length);
    if (!advance(file))
        return false;
    return file->received == file->data_length
           || fail(file, "the part has %llu bytes of numbers, and its dtype and shape make %llu",
                   (unsigned long long)file->received, (unsigned long long)file->data_length);
}
