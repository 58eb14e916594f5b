/* outputs.c - the answers in the member `outputs`. */
#include "api/engines/outputs.h"

#include "api/base/arena_error.h"
#include "api/engines/output_error.h"
#include "api/engines/output_lines.h"
#include "api/engines/output_text.h"
#include "api/engines/streams.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void outputs_pointer(const struct outputs *outputs, size_t position, char *out, size_t size)
{
    const struct output *output = &outputs->outputs[position];

    if (output->path)
        snprintf(out, size, "%s", output->path);
    else if (outputs->is_list && !outputs->is_text)
        snprintf(out, size, "%s/%zu", outputs->base, position);
    else
        snprintf(out, size, "%s", outputs->base);
}

bool outputs_take(const json_t *value)
{
    struct output_line line;

    return output_line_read(value, &line) || output_error_of(value) || stream_kind_of(value);
}

bool outputs_is_chunk(const json_t *value)
{
    return stream_kind_of(value) != NULL;
}

/* What is being read. */
struct reading {
    struct outputs *outputs;
    struct joiner *joiner;
    json_t *lines; /* by the id of each line of a batch so far: its position */
};

/* Copy the JSON pointer of an element, and what follows it, to the arena.  NULL with the error
 * set. */
static char *path_of(const struct reading *reading, size_t position, const char *suffix)
{
    const struct outputs *outputs = reading->outputs;
    struct joiner *joiner = reading->joiner;
    char path[POINTER_SIZE], *copy;

    if (outputs->is_text)
        snprintf(path, sizeof path, "%s", outputs->base);
    else if (outputs->is_list)
        snprintf(path, sizeof path, "%s/%zu%s", outputs->base, position, suffix);
    else
        snprintf(path, sizeof path, "%s%s", outputs->base, suffix);
    copy = arena_copy(joiner->arena, path, strlen(path));
    if (!copy)
        arena_fail(joiner->arena, joiner->err);
    return copy;
}

/* Record a fault of the element at `position`. */
PRINTF(3, 4)
static bool fail(const struct reading *reading, size_t position, const char *format, ...)
{
    const char *path = path_of(reading, position, "");
    char detail[sizeof reading->joiner->err->detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return path && error_set(reading->joiner->err, ERR_OUTPUTS, path, "%s", detail);
}

/* ---- one answer ---- */

static bool fail_line(const struct reading *reading, size_t position,
                      const struct output_line *line)
{
    char words[240], number[32];

    if (line->error)
        output_error_write(line->error, words, sizeof words);
    else if (line->answer)
        snprintf(words, sizeof words, "status_code %lld", (long long)line->status);
    else
        snprintf(words, sizeof words, "it has no answer");
    snprintf(number, sizeof number, reading->outputs->is_list ? "line %zu" : "the line", position);
    return fail(reading, position, "%s (%s %.60s) failed: %s", number, line->member,
                json_is_string(line->id) ? json_string_value(line->id) : "", words);
}

/* A batch has each id once: a line with the id of another one is that line again. */
static bool check_once(const struct reading *reading, size_t position,
                       const struct output_line *line)
{
    struct joiner *joiner = reading->joiner;
    const char *id = json_string_value(line->id);
    const size_t length = json_string_length(line->id);
    const json_t *other = id ? json_object_getn(reading->lines, id, length) : NULL;

    if (other)
        return fail(reading, position,
                    "lines %" JSON_INTEGER_FORMAT " and %zu have one %s, %.60s: a batch has each "
                    "line once",
                    json_integer_value(other), position, line->member, id);
    return !id
           || dom_put(&joiner->dom, reading->lines, id, length,
                      dom_integer(&joiner->dom, (json_int_t)position))
           || arena_fail(joiner->arena, joiner->err);
}

static bool take_line(const struct reading *reading, size_t position,
                      const struct output_line *line, struct output *output)
{
    if (!check_once(reading, position, line))
        return false;
    if (line->error || !line->answer || (line->status != 0 && line->status / 100 != 2))
        return fail_line(reading, position, line);
    *output = (struct output){.response = line->answer,
                              .path = path_of(reading, position, line->suffix),
                              .id = json_is_string(line->id) ? line->id : NULL};
    return output->path != NULL;
}

/* Refuse an error in place of an answer, or of a chunk. */
static bool check_error(const struct reading *reading, size_t position, const char *what,
                        const json_t *value)
{
    const json_t *error = output_error_of(value);
    char words[300];

    if (!error)
        return true;
    output_error_write(error, words, sizeof words);
    if (!reading->outputs->is_list)
        return fail(reading, position, "the %s is an error: %s", what, words);
    return fail(reading, position, "%s %zu is an error: %s", what, position, words);
}

static bool read_value(struct reading *reading, json_t *value);

/* Read an element that is itself a list of chunks, or a text: it has one answer. */
static bool take_nested(const struct reading *reading, size_t position, json_t *value,
                        struct output *output)
{
    struct joiner *joiner = reading->joiner;
    struct outputs nested = {.base = path_of(reading, position, ""),
                             .is_text = reading->outputs->is_text};
    char path[POINTER_SIZE];

    if (!nested.base || !read_value(&(struct reading){&nested, joiner, NULL}, value))
        return false;
    if (json_array_size(nested.list) != 1)
        return fail(reading, position, "%zu answers in one element of a list: there must be one",
                    json_array_size(nested.list));
    *output = nested.outputs[0];
    outputs_pointer(&nested, 0, path, sizeof path);
    output->path = arena_copy(joiner->arena, path, strlen(path));
    return output->path || arena_fail(joiner->arena, joiner->err);
}

static bool is_text(const json_t *value)
{
    return json_is_string(value) && output_text_is(json_string_value(value));
}

static bool take_element(const struct reading *reading, size_t position, json_t *value,
                         struct output *output)
{
    struct output_line line;

    if (!work_charge(reading->joiner->work, WORK_TOKEN, reading->joiner->err))
        return false;
    if (json_is_array(value) || (reading->outputs->is_list && is_text(value)))
        return take_nested(reading, position, value, output);
    if (output_line_read(value, &line))
        return take_line(reading, position, &line, output);
    *output = (struct output){.response = value};
    return check_error(reading, position, "answer", value);
}

/* ---- all answers ---- */

/* List the responses of the first `count` outputs. */
static bool list_outputs(const struct reading *reading, size_t count)
{
    struct joiner *joiner = reading->joiner;
    struct outputs *outputs = reading->outputs;

    outputs->list = dom_array(&joiner->dom);
    for (size_t i = 0; i < count; i++)
        if (!outputs->list
            || !dom_append(&joiner->dom, outputs->list, json_incref(outputs->outputs[i].response)))
            return arena_fail(joiner->arena, joiner->err);
    return outputs->list || arena_fail(joiner->arena, joiner->err);
}

static bool make_outputs(const struct reading *reading, size_t count)
{
    reading->outputs->outputs = arena_new(reading->joiner->arena, struct output, count);
    return reading->outputs->outputs || arena_fail(reading->joiner->arena, reading->joiner->err);
}

static bool read_stream(const struct reading *reading, const struct stream_kind *kind,
                        json_t *chunks)
{
    struct outputs *outputs = reading->outputs;
    struct stream stream = {.base = outputs->base,
                            .chunks = outputs->is_text   ? CHUNKS_TEXT
                                      : outputs->is_list ? CHUNKS_LISTED
                                                         : CHUNKS_ALONE};

    for (size_t i = 0; i < json_array_size(chunks); i++)
        if (!check_error(reading, i, "chunk", json_array_get(chunks, i)))
            return false;
    if (!stream_read(&stream, kind, chunks, reading->joiner)
        || !make_outputs(reading, stream.count))
        return false;
    outputs->is_list = stream.count > 1;
    for (size_t i = 0; i < stream.count; i++)
        if (!check_error(reading, i, "answer", stream.answers[i].answer))
            return false;
    for (size_t i = 0; i < stream.count && outputs->is_cut; i++)
        stream.answers[i].ended = false; /* whatever it said: a chunk was lost */
    for (size_t i = 0; i < stream.count; i++)
        outputs->outputs[i] = (struct output){.response = stream.answers[i].answer,
                                              .path = outputs->base,
                                              .joined = &stream.answers[i]};
    return list_outputs(reading, stream.count);
}

static bool read_list(struct reading *reading, json_t *list)
{
    const struct stream_kind *kind = stream_kind_of_list(list, reading->outputs->is_text);
    const size_t count = json_array_size(list);

    if (kind)
        return read_stream(reading, kind, list);
    if (reading->outputs->is_cut)
        return fail(reading, 0, "the text ends inside an answer");
    if (!make_outputs(reading, count))
        return false;
    reading->lines = dom_object(&reading->joiner->dom);
    if (!reading->lines)
        return arena_fail(reading->joiner->arena, reading->joiner->err);
    for (size_t i = 0; i < count; i++)
        if (!take_element(reading, i, json_array_get(list, i), &reading->outputs->outputs[i]))
            return false;
    return list_outputs(reading, count);
}

/* The documents in a text; a list, if it has several or is one.  NULL with the error set. */
static json_t *read_text(const struct reading *reading, const json_t *text)
{
    struct joiner *joiner = reading->joiner;
    struct error fault = {0};
    json_t *documents =
        output_text_read(json_string_value(text), json_string_length(text), joiner->arena,
                         joiner->work, &reading->outputs->is_cut, &fault);

    if (fault.code != ERR_NONE)
        error_set(joiner->err, fault.code, error_is_spent(fault.code) ? "" : reading->outputs->base,
                  "%s", fault.detail);
    return json_array_size(documents) == 1 ? json_array_get(documents, 0) : documents;
}

static bool read_value(struct reading *reading, json_t *value)
{
    struct joiner *joiner = reading->joiner;
    json_t *alone;

    if (is_text(value)) {
        reading->outputs->is_text = true;
        value = read_text(reading, value);
    }
    if (!value)
        return false;
    reading->outputs->is_list = json_is_array(value);
    if (reading->outputs->is_list)
        return read_list(reading, value);
    alone = dom_array(&joiner->dom);
    if (!alone || !dom_append(&joiner->dom, alone, json_incref(value)))
        return arena_fail(joiner->arena, joiner->err);
    return read_list(reading, alone);
}

bool outputs_read(struct outputs *outputs, json_t *value, const char *base, struct arena *arena,
                  struct work *work, struct error *err)
{
    struct joiner joiner = {.arena = arena, .work = work, .err = err};

    dom_init(&joiner.dom, arena);
    *outputs = (struct outputs){.value = value, .base = base};
    return read_value(&(struct reading){outputs, &joiner, NULL}, value);
}
