/* infer_head.c - the JSON of a request to a model, as it arrives. */
#include "api/base/arena_error.h"
#include "api/routes/infer/infer.h"

#include <string.h>

#define TEXT_STEP ((size_t)4096) /* of a piece that is looked at before it is copied on */

/* ---- faults ---- */

static bool fail_memory(struct infer *infer)
{
    struct arena *arena = &infer->x->arena;

    if (arena->fault != ARENA_LIMIT)
        return arena_fail(arena, &infer->x->error);
    return error_set(&infer->x->error, ERR_TOO_LARGE, "",
                     "what is not logits must fit --max-request-memory (%zu bytes): send fewer "
                     "sequences at a time, or raise it",
                     arena->limit);
}

/* What is wrong in the text so far comes first in the body. */
static bool fail_unless_earlier(struct infer *infer, const struct error *err)
{
    bool cut;

    if (!envelope_read(&infer->head.envelope, &infer->x->arena, &cut, &infer->x->error) && !cut)
        return false;
    infer->x->error = *err;
    return false;
}

static bool fail_nul(struct infer *infer, size_t offset)
{
    struct error err = {0};

    /* jansson 2.14 silently drops a NUL behind a number or a literal. */
    error_set(&err, ERR_BAD_JSON, "", "not JSON at byte %zu: a NUL", offset);
    return fail_unless_earlier(infer, &err);
}

static bool fail_elements(struct infer *infer)
{
    const struct tensor_numbers *elements = &infer->head.elements;
    const char *what = elements->kind == ELEMENT_I32   ? "an integer of 32 bits"
                       : elements->kind == ELEMENT_I64 ? "an integer of 64 bits"
                                                       : "a number";
    const struct json_place root = ROOT, list = MEMBER(&root, "inputs");
    const struct json_place at = ELEMENT(&list, infer->head.open->owner),
                            data = MEMBER(&at, "data");
    struct error err = {0};

    if (elements->fault == ELEMENTS_VALUE)
        fail_at(&err, ERR_BAD_SHAPE, &data, "element %zu must be %s (byte %zu)", elements->total,
                what, elements->fault_offset);
    else if (elements->fault == ELEMENTS_DEPTH)
        fail_at(&err, ERR_BAD_JSON, &data, "nested deeper than %d levels", WALK_MAX_DEPTH);
    else
        fail_at(&err, ERR_BAD_JSON, &data,
                "not JSON at byte %zu: a number, a comma or a bracket must be here",
                elements->fault_offset);
    infer->head.envelope.text.length = infer->head.open->place + 1; /* what follows comes later */
    return fail_unless_earlier(infer, &err);
}

static bool fail_depth(struct infer *infer)
{
    char pointer[sizeof infer->x->error.pointer];

    walk_pointer(&infer->head.walk, pointer, sizeof pointer);
    return error_set(&infer->x->error, ERR_BAD_JSON, pointer, "nested deeper than %d levels",
                     WALK_MAX_DEPTH);
}

/* ---- data ---- */

/* Read the text from byte `from` up to where the walk is, and `closing`.  The copy is made in one
 * place again and again: a body has as many `data` as its client likes. */
static json_t *read_part(struct infer *infer, size_t from, const char *closing)
{
    struct arena *arena = &infer->x->arena;
    struct strbuf *text = &infer->head.part;
    json_error_t error;
    bool starved = false;
    json_t *tree = NULL;

    text->arena = arena;
    text->length = 0;
    strbuf_add(text, infer->head.envelope.text.data + from, infer->head.walk.at - from);
    strbuf_puts(text, closing);
    if (!text->failed)
        tree = dom_load(text->data, text->length, arena, &error, &starved);
    if (text->failed || starved)
        fail_memory(infer);
    return tree;
}

/* Whether the walk is inside an input, or just behind it. */
static bool is_inside(const struct infer *infer)
{
    return infer->head.walk.depth == 3;
}

json_t *head_front(struct infer *infer)
{
    return read_part(infer, 0, is_inside(infer) ? "}]}" : "]}");
}

static enum element_kind kind_of(enum datatype type)
{
    return type == DATATYPE_FP64    ? ELEMENT_F64
           : type == DATATYPE_FP32  ? ELEMENT_F32
           : type == DATATYPE_INT32 ? ELEMENT_I32
                                    : ELEMENT_I64;
}

/* The tensor whose data is at hand, if the front of its object tells all of it. */
static bool find_tensor(struct infer *infer, size_t position)
{
    struct infer_head *head = &infer->head;
    const json_t *object = read_part(infer, head->walk.level[2].start, is_inside(infer) ? "}" : "");
    struct error err = {0};
    struct tensor tensor;
    size_t which;

    head->tensor = NULL;
    if (!object)
        return infer->x->error.code == ERR_NONE;
    if (!tensor_describe(&tensor, &which, infer->model, object, position, &err) || tensor.binary
        || infer->input[which].given)
        return true; /* told in the end */
    infer->input[which] = tensor;
    infer->position[which] = position;
    head->tensor = &infer->input[which];
    tensor_numbers_init(&head->elements, infer->x->api->reader, kind_of(tensor.type),
                        &infer->x->arena);
    return true;
}

/* Put a 0 in place of the array at hand, whose text will come in from `offset` of the body on. */
static bool open_data(struct infer *infer, size_t offset)
{
    struct infer_head *head = &infer->head;
    struct strbuf *text = &head->envelope.text;

    text->length = head->walk.start;
    strbuf_puts(text, "0");
    walk_grow(&head->walk, text->data, text->length);
    head->walk.at = text->length;
    head->walk.depth--; /* the array is passed over in one step */
    head->open = envelope_add(&head->envelope, SPAN_LOGITS, head->walk.level[1].index,
                              &infer->x->arena, &infer->x->error);
    if (!head->open)
        return false;
    head->open->offset = offset;
    head->open->length = 1; /* its bracket */
    head->open->text.text.arena = &infer->x->arena;
    head->extent.depth = 1;
    head->extent.quoted = head->extent.escaped = false;
    return find_tensor(infer, head->open->owner);
}

/* How many elements there are is judged in the end, so that here the first that is too many just is
 * not looked at. */
static bool give_room(struct infer *infer)
{
    struct tensor_numbers *elements = &infer->head.elements;
    struct tensor *tensor = infer->head.tensor;
    const size_t size = datatype_size(tensor->type);
    char *out;
    size_t room;

    if (elements->count > 0 && !tensor_took(infer, tensor, elements->count * size))
        return false;
    if (!tensor_room(infer, tensor, &out, &room))
        return false;
    elements->blind = !out;
    elements->out = out;
    elements->room = room / size;
    elements->count = 0;
    return true;
}

/* Elements to their tensor; *ended: the array did. */
static bool feed_elements(struct infer *infer, struct chunk *chunk, bool *ended)
{
    for (*ended = false;;) {
        switch (tensor_numbers_next(&infer->head.elements, chunk)) {
        case ELEMENTS_MORE:
            return true;
        case ELEMENTS_ROOM:
            if (!give_room(infer))
                return false;
            break;
        case ELEMENTS_END:
            *ended = true;
            return infer->head.elements.blind || give_room(infer);
        case ELEMENTS_FAULT:
            return fail_elements(infer);
        case ELEMENTS_SPENT:
            return fail_memory(infer);
        }
    }
}

/* Text of an array of a tensor that is not known yet, kept up to its closing bracket. */
static bool keep_text(struct infer *infer, struct chunk *chunk, bool *ended)
{
    struct infer_head *head = &infer->head;
    const char *from = chunk->at;

    while (chunk->at < chunk->end && head->extent.depth > 0) {
        const char c = *chunk->at++;
        const bool escaped = head->extent.escaped;

        head->extent.escaped = head->extent.quoted && c == '\\' && !escaped;
        if (c == '"' && !escaped)
            head->extent.quoted = !head->extent.quoted;
        else if (!head->extent.quoted)
            head->extent.depth += (size_t)((c == '[' || c == '{') - (c == ']' || c == '}'));
    }
    *ended = head->extent.depth == 0;
    strbuf_add(&head->open->text.text, from, (size_t)(chunk->at - from));
    return !head->open->text.text.failed || fail_memory(infer);
}

static void close_data(struct infer *infer)
{
    struct infer_head *head = &infer->head;

    if (head->tensor)
        head->open->shape.rows = head->elements.total;
    head->open = NULL;
}

static bool feed_data(struct infer *infer, struct chunk *chunk)
{
    struct infer_head *head = &infer->head;
    const char *from = chunk->at;
    bool ended = false;

    if (!(head->tensor ? feed_elements(infer, chunk, &ended) : keep_text(infer, chunk, &ended)))
        return false;
    head->open->length += (size_t)(chunk->at - from);
    if (ended)
        close_data(infer);
    return true;
}

/* The object of an input ended: now its data can be read if it stood in front. */
static bool settle(struct infer *infer)
{
    struct infer_head *head = &infer->head;
    const size_t count = head->envelope.count, position = head->walk.level[1].index;
    struct span *span = count > 0 ? head->envelope.spans[count - 1] : NULL;
    struct chunk chunk;
    bool good, ended;

    if (!span || span->owner != position || span->text.text.length == 0)
        return true;
    if (!find_tensor(infer, position))
        return false;
    if (!head->tensor)
        return true;
    chunk = (struct chunk){.start = span->text.text.data,
                           .at = span->text.text.data,
                           .end = span->text.text.data + span->text.text.length,
                           .offset = span->offset + 1};
    head->open = span;
    good = feed_elements(infer, &chunk, &ended);
    close_data(infer);
    return good;
}

/* ---- text ---- */

/* Whether the walk is inside an input, `depth` levels deep. */
static bool in_input(const struct walk *walk, size_t depth)
{
    return walk->depth == depth && walk_at_member(walk, 0, "inputs") && !walk->level[1].object;
}

/* `offset`: of the token in the body. */
static bool look(struct infer *infer, enum walk_token token, size_t offset)
{
    const struct walk *walk = &infer->head.walk;

    if (token == WALK_OPEN && in_input(walk, 4) && !walk->level[3].object
        && walk_at_member(walk, 2, "data"))
        return open_data(infer, offset);
    if (token == WALK_CLOSE && in_input(walk, 2) && walk->level[2].object)
        return settle(infer);
    return true;
}

/* Walk over the text that has come, up to the next data.  `ahead`: the offset in the body of what
 * follows the text. */
static bool walk_on(struct infer *infer, size_t ahead)
{
    struct infer_head *head = &infer->head;
    struct walk *walk = &head->walk;

    walk_grow(walk, head->envelope.text.data, head->envelope.text.length);
    while (!head->open && !head->lost) {
        const enum walk_token token = walk_next(walk);

        if (token == WALK_MORE)
            return true;
        if (token == WALK_DEEP)
            return fail_depth(infer);
        head->lost = token == WALK_END;
        if (!look(infer, token, ahead - (walk->length - walk->start)))
            return false;
    }
    return true;
}

/* Text that is no JSON need not be taken in any further. */
static bool judge_lost(struct infer *infer)
{
    bool cut;

    return envelope_read(&infer->head.envelope, &infer->x->arena, &cut, &infer->x->error) || cut;
}

/* Take in text, up to the next data. */
static bool feed_text(struct infer *infer, struct chunk *chunk)
{
    struct infer_head *head = &infer->head;
    const size_t left = (size_t)(chunk->end - chunk->at);
    size_t step = left < TEXT_STEP ? left : TEXT_STEP;
    const char *nul = memchr(chunk->at, '\0', step);
    const size_t offset = chunk_offset(chunk);
    const bool was_lost = head->lost;

    step = nul ? (size_t)(nul - chunk->at) : step;
    strbuf_add(&head->envelope.text, chunk->at, step);
    if (head->envelope.text.failed)
        return fail_memory(infer);
    if (!walk_on(infer, offset + step))
        return false;
    if (head->open) { /* behind its first byte the data begins */
        chunk->at += head->open->offset + 1 - offset;
        return true;
    }
    chunk->at += step;
    if (nul)
        return fail_nul(infer, offset + step);
    return !head->lost || was_lost || judge_lost(infer);
}

bool head_feed(struct infer *infer, const char *bytes, size_t length)
{
    struct chunk chunk = {
        .start = bytes, .end = bytes + length, .at = bytes, .offset = infer->head.envelope.length};

    infer->head.envelope.length += length;
    while (chunk.at < chunk.end)
        if (!(infer->head.open ? feed_data(infer, &chunk) : feed_text(infer, &chunk)))
            return false;
    return true;
}

/* ---- the end ---- */

/* An input in body order: blobs are noted, and the elements of others counted. */
static bool take_input(struct infer *infer, const json_t *object, size_t position)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "inputs"),
                            at = ELEMENT(&list, position);
    const struct json_place data = MEMBER(&at, "data");
    struct error *err = &infer->x->error;
    const struct span *span = envelope_span(&infer->head.envelope, SPAN_LOGITS, position);
    struct tensor tensor;
    size_t which;

    if (!tensor_describe(&tensor, &which, infer->model, object, position, err))
        return false;
    if (infer->input[which].given && infer->position[which] != position)
        return fail_at(err, ERR_CONFLICT, &at, "input %s is given twice",
                       infer->model->inputs[which].name);
    if (tensor.binary) {
        infer->input[which] = tensor;
        infer->position[which] = position;
        infer->blob[infer->blob_count++] = &infer->input[which];
        return true;
    }
    if (!span)
        return fail_at(err, ERR_BAD_SHAPE, &data, "must be an array");
    return span->shape.rows == tensor_elements(&tensor)
           || fail_at(err, ERR_BAD_COUNT, &data, "%zu elements; the shape makes %zu",
                      span->shape.rows, tensor_elements(&tensor));
}

static bool take_inputs(struct infer *infer, const json_t *inputs)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "inputs");
    struct error *err = &infer->x->error;

    if (!inputs)
        return fail_at(err, ERR_MISSING_MEMBER, &root, "a request needs inputs");
    if (!json_is_array(inputs))
        return fail_at(err, ERR_BAD_SHAPE, &list, "must be an array");
    for (size_t i = 0; i < json_array_size(inputs); i++)
        if (!take_input(infer, json_array_get(inputs, i), i))
            return false;
    for (size_t i = 0; i < infer->model->input_count; i++)
        if (!infer->input[i].given && !infer->model->inputs[i].optional)
            return fail_at(err, ERR_MISSING_MEMBER, &list, "model %s needs input %s",
                           infer->model->name, infer->model->inputs[i].name);
    return true;
}

static json_t *read_tree(struct infer *infer)
{
    struct envelope *envelope = &infer->head.envelope;
    struct error *err = &infer->x->error;
    bool cut;

    envelope->tree = envelope_read(envelope, &infer->x->arena, &cut, err);
    if (!envelope->tree && cut)
        error_set(err, ERR_BAD_JSON, "", "not JSON: it ends early, at byte %zu", envelope->length);
    if (envelope->tree && !json_is_object(envelope->tree)) {
        error_set(err, ERR_BAD_SHAPE, "", "the body must be an object");
        return NULL;
    }
    return envelope->tree;
}

bool head_end(struct infer *infer)
{
    json_t *tree;

    infer->head.walk.ended = true;
    if (infer->head.open)
        return error_set(&infer->x->error, ERR_BAD_JSON, "", "not JSON: it ends early, at byte %zu",
                         infer->head.envelope.length);
    if (!walk_on(infer, infer->head.envelope.length))
        return false;
    tree = read_tree(infer);
    infer->head_done = true;
    return tree && take_inputs(infer, infer_member(tree, "inputs"))
           && ask_read(&infer->ask, infer->model, tree, &infer->x->error)
           && rows_check_late(infer, tree, &infer->x->error);
}
