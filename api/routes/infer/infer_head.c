/* infer_head.c - parses the JSON of a request to a model as it arrives. */
#include "api/routes/infer/infer_head.h"

#include "api/base/arena_error.h"
#include "api/routes/infer/infer_ask.h"
#include "api/routes/infer/infer_member.h"
#include "api/routes/infer/infer_rows.h"
#include "api/routes/infer/infer_tensor.h"

#include <string.h>

static body_event_f take_event;
static body_diverted_f take_data;

void head_begin(struct infer *infer)
{
    struct body_feeder *feeder = &infer->head.feeder;

    body_feeder_init(feeder, infer->x);
    feeder->self = infer;
    feeder->event = take_event;
    feeder->divert = take_data;
}

static const struct json_path *path_of(const struct infer *infer)
{
    return &infer->head.feeder.parser.path;
}

/* ---- faults ---- */

static bool fail_elements(struct infer *infer)
{
    const struct tensor_numbers *elements = &infer->head.elements;
    const struct json_place root = ROOT, list = MEMBER(&root, "inputs");
    const struct json_place at = ELEMENT(&list, infer->head.open->owner),
                            data = MEMBER(&at, "data");
    struct error *err = &infer->x->error;

    if (elements->fault == ELEMENTS_VALUE)
        return fail_at(err, ERR_BAD_SHAPE, &data, "element %zu must be %s (byte %zu)",
                       elements->total, element_kind_words(elements->kind), elements->fault_offset);
    if (elements->fault == ELEMENTS_DEPTH)
        return fail_at(err, ERR_BAD_JSON, &data, "nested deeper than %d levels", JSON_MAX_DEPTH);
    return fail_at(err, ERR_BAD_JSON, &data,
                   "not JSON at byte %zu: a number, a comma or a bracket must be here",
                   elements->fault_offset);
}

/* ---- data ---- */

/* How JSON has the elements of a type that it can have. */
static const enum element_kind kind_of[DATATYPE_COUNT] = {
    [DATATYPE_FP64] = ELEMENT_F64,  [DATATYPE_FP32] = ELEMENT_F32,  [DATATYPE_INT64] = ELEMENT_I64,
    [DATATYPE_INT32] = ELEMENT_I32, [DATATYPE_BOOL] = ELEMENT_FLAG, [DATATYPE_UINT8] = ELEMENT_U8,
};

static void begin_elements(struct infer *infer, enum element_kind kind)
{
    tensor_numbers_init(&infer->head.elements, infer->x->api->reader, kind, &infer->x->arena);
}

/* Find the tensor whose `data` begins, if its object already says enough.  Otherwise errors are
 * reported at the end. */
static void find_tensor(struct infer *infer, const json_t *object, size_t position)
{
    struct error err = {0};
    struct tensor tensor;
    size_t which;

    infer->head.tensor = NULL;
    if (!tensor_describe(&tensor, &which, infer->model, object, position, &err) || tensor.binary
        || infer->input[which].given)
        return;
    infer->input[which] = tensor;
    infer->position[which] = position;
    infer->head.tensor = &infer->input[which];
    begin_elements(infer, kind_of[tensor.type]);
}

/* The `data` of an input begins. */
static bool open_data(struct infer *infer)
{
    struct infer_head *head = &infer->head;
    struct exchange *x = infer->x;
    const size_t position = path_of(infer)->level[1].index;

    if (!json_parser_divert(&head->feeder.parser))
        return body_fail_text(x);
    head->open = body_add_span(&head->body, SPAN_LOGITS, position, head->feeder.parser.start,
                               &x->arena, &x->error);
    if (!head->open)
        return false;
    head->open->text.text.arena = &x->arena;
    head->extent.depth = 1;
    head->extent.quoted = head->extent.escaped = false;
    head->feeder.diverted = true;
    find_tensor(infer, path_of(infer)->level[2].container, position);
    return true;
}

/* Make room for elements.  The first element too many is not stored; their number is checked at the
 * end. */
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

/* Parse elements into their tensor.  *ended: the array ended. */
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
            return body_fail_text(infer->x);
        }
    }
}

/* Keep the text of an array up to its closing bracket, since its tensor is not known yet. */
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
    return !head->open->text.text.failed || body_fail_text(infer->x);
}

static void close_data(struct infer *infer)
{
    struct infer_head *head = &infer->head;

    if (head->tensor)
        head->open->shape.rows = head->elements.total;
    head->open = NULL;
    head->feeder.diverted = false;
}

static bool take_data(void *self, struct chunk *chunk)
{
    struct infer *infer = self;
    struct infer_head *head = &infer->head;
    const char *from = chunk->at;
    bool ended = false;

    if (!(head->tensor ? feed_elements(infer, chunk, &ended) : keep_text(infer, chunk, &ended)))
        return false;
    json_lines_skip(&head->feeder.parser.lines, chunk, from);
    if (ended)
        close_data(infer);
    return true;
}

/* Check that the text of a tensor that never became known is JSON.  Its values do not matter. */
static bool judge_text(struct infer *infer, struct chunk *chunk)
{
    struct tensor_numbers *elements = &infer->head.elements;

    begin_elements(infer, ELEMENT_F64);
    elements->blind = true;
    return tensor_numbers_next(elements, chunk) != ELEMENTS_FAULT
           || elements->fault == ELEMENTS_VALUE || fail_elements(infer);
}

/* The object of an input ended.  Now its data can be parsed if it came first. */
static bool settle(struct infer *infer)
{
    struct infer_head *head = &infer->head;
    const struct json_path *path = path_of(infer);
    const size_t position = path->level[1].index;
    struct span *span = body_span(&head->body, SPAN_LOGITS, position);
    struct chunk chunk;
    bool good, ended;

    if (!span || span->text.text.length == 0)
        return true;
    find_tensor(infer, path->level[2].container, position);
    chunk = (struct chunk){.start = span->text.text.data,
                           .at = span->text.text.data,
                           .end = span->text.text.data + span->text.text.length,
                           .offset = span->offset + 1};
    head->open = span;
    good = head->tensor ? feed_elements(infer, &chunk, &ended) : judge_text(infer, &chunk);
    close_data(infer);
    return good;
}

/* ---- text ---- */

/* Whether the path goes into an input. */
static bool in_input(const struct json_path *path)
{
    return json_path_at(path, 0, "inputs") && !path->level[1].object && path->level[2].object;
}

/* At a name outside of inputs: only inputs have data to divert. */
static void take_key(struct infer *infer)
{
    const struct json_path *path = path_of(infer);

    if (path->depth == 1 ? !json_path_at(path, 0, "inputs") : !json_path_at(path, 2, "data"))
        json_parser_pass(&infer->head.feeder.parser, REPAIR_NOTHING);
}

static bool take_event(void *self, enum parse_event event)
{
    struct infer *infer = self;
    const struct json_path *path = path_of(infer);

    if (event == PARSE_KEY)
        take_key(infer);
    else if (event == PARSE_ARRAY && path->depth == 3 && in_input(path)
             && json_path_at(path, 2, "data"))
        return open_data(infer);
    else if (event == PARSE_CLOSED && path->depth == 2 && in_input(path))
        return settle(infer);
    return true;
}

/* ---- the end ---- */

/* Check an input, in body order.  Its blob is noted, or its elements are counted. */
static bool take_input(struct infer *infer, const json_t *object, size_t position)
{
    const struct json_place root = ROOT, list = MEMBER(&root, "inputs"),
                            at = ELEMENT(&list, position);
    const struct json_place data = MEMBER(&at, "data");
    struct error *err = &infer->x->error;
    const struct span *span = body_span(&infer->head.body, SPAN_LOGITS, position);
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

bool head_end(struct infer *infer)
{
    json_t *tree = body_feeder_end(&infer->head.feeder);

    infer->head_done = tree != NULL;
    return tree && take_inputs(infer, infer_member(tree, "inputs"))
           && ask_read(&infer->ask, infer->model, tree, &infer->x->arena, &infer->x->error)
           && rows_check_late(infer, tree, &infer->x->error);
}
