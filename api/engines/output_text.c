/* output_text.c - the JSON documents in a text. */
#include "api/engines/output_text.h"

#include "api/base/arena_error.h"
#include "api/json/json_parser.h"

#include <string.h>

#define BOM "\xef\xbb\xbf"

struct reading {
    struct arena *arena;
    struct error *err;
    struct dom dom;
    json_t *documents;
    bool events;        /* it is an event stream */
    bool cut;           /* the last document was left out */
    bool done;          /* "[DONE]" was read */
    bool open;          /* a document has begun: `parser` is in use */
    size_t offset;      /* of the next byte of the document */
    struct error fault; /* of the parser */
    struct json_parser parser;
};

static const char *begin_of(const char *text)
{
    text += strncmp(text, BOM, strlen(BOM)) == 0 ? strlen(BOM) : 0;
    return text + strspn(text, " \t\r\n");
}

/* ---- lines ---- */

struct line {
    const char *text;
    size_t length;
    bool ends; /* with a line end; the last line of a text may lack it */
};

static bool begins(const struct line *line, const char *word)
{
    const size_t length = strlen(word);

    return line->length >= length && memcmp(line->text, word, length) == 0;
}

static bool is_field(const struct line *line)
{
    static const char *const fields[] = {"data:", "event:", "id:", "retry:", ":"};

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (begins(line, fields[i]))
            return true;
    return false;
}

static bool is_json(const struct line *line)
{
    return begins(line, "{") || begins(line, "[");
}

bool output_text_is(const char *text)
{
    const char *begin = begin_of(text);
    const struct line line = {begin, strnlen(begin, 8), false};

    return is_json(&line) || is_field(&line);
}

/* Take the next line, which ends with LF, CR or both. */
static struct line take_line(const char **at, const char *end)
{
    const struct line rest = {*at, (size_t)(end - *at), false};
    struct line line = rest;

    for (line.length = 0; line.length < rest.length; line.length++)
        if (rest.text[line.length] == '\n' || rest.text[line.length] == '\r')
            break;
    *at += line.length;
    line.ends = *at < end;
    if (*at < end && **at == '\r')
        ++*at;
    if (*at < end && **at == '\n')
        ++*at;
    return line;
}

static struct line without_space(struct line line)
{
    while (line.length > 0 && is_json_space(line.text[0])) {
        line.text++;
        line.length--;
    }
    while (line.length > 0 && is_json_space(line.text[line.length - 1]))
        line.length--;
    return line;
}

/* ---- documents ---- */

static bool fail(struct reading *reading, const char *words)
{
    const size_t number = json_array_size(reading->documents);

    return error_set(reading->err, ERR_BAD_DATA, "", "document %zu of the text is %s", number,
                     words);
}

/* Parse more of the document.  False with reading->err set. */
static bool feed(struct reading *reading, const char *text, size_t length, bool last)
{
    struct chunk chunk = {
        .start = text, .at = text, .end = text + length, .offset = reading->offset, .last = last};
    enum parse_event event;

    reading->offset += length;
    do {
        event = json_parser_next(&reading->parser, &chunk);
        if (event == PARSE_SPENT)
            return arena_fail(reading->arena, reading->err);
        if (event == PARSE_FAULT)
            return fail(reading, reading->fault.detail);
    } while (event != PARSE_MORE && event != PARSE_END);
    return true;
}

/* At the end of the text, an event that is cut short is left out: the connection broke there, and
 * the stream has no end.  `last`: this is the end. */
static bool end_document(struct reading *reading, bool last)
{
    if (!reading->open)
        return true;
    reading->open = false;
    if (last && reading->events && json_array_size(reading->documents) > 0
        && reading->parser.state != JSON_AFTER_ALL) {
        reading->cut = true;
        return true;
    }
    return feed(reading, "", 0, true)
           && (dom_append(&reading->dom, reading->documents, reading->parser.tree)
               || arena_fail(reading->arena, reading->err));
}

static void begin_document(struct reading *reading)
{
    reading->open = true;
    reading->offset = 0;
    reading->fault = (struct error){0};
    json_parser_init(&reading->parser, reading->arena, &reading->fault);
    reading->parser.repair = REPAIR_ALL;
}

/* A line of a document, which is over as soon as it is complete. */
static bool take_json(struct reading *reading, struct line line)
{
    if (without_space(line).length == 0)
        return true;
    if (reading->done)
        return fail(reading, "behind [DONE]");
    if (!reading->open)
        begin_document(reading);
    return feed(reading, line.text, line.length, false)
           && (!line.ends || feed(reading, "\n", 1, false))
           && (reading->parser.state != JSON_AFTER_ALL || end_document(reading, false));
}

static bool take_data(struct reading *reading, struct line data)
{
    const struct line word = without_space(data);

    if (!reading->open && word.length == strlen("[DONE]") && begins(&word, "[DONE]")) {
        reading->done = true;
        return true;
    }
    return take_json(reading, data);
}

/* A line of an event stream.  An empty one ends the event.  An error of the server may come without
 * "data:". */
static bool take_event(struct reading *reading, struct line line)
{
    const size_t name = strlen("data:");

    if (line.length == 0)
        return end_document(reading, false);
    if (begins(&line, "data:"))
        return take_data(reading, (struct line){line.text + name, line.length - name, line.ends});
    return !is_json(&line) || take_json(reading, line);
}

json_t *output_text_read(const char *text, size_t length, struct arena *arena, struct work *work,
                         bool *is_cut, struct error *err)
{
    const char *at = begin_of(text), *end = text + length;
    struct reading reading = {.arena = arena, .err = err, .events = *at != '{' && *at != '['};
    bool good = work_charge_each(work, length, WORK_TEXT, err);

    dom_init(&reading.dom, arena);
    reading.documents = dom_array(&reading.dom);
    if (!reading.documents)
        good = arena_fail(arena, err);
    while (good && at < end) {
        const struct line line = take_line(&at, end);

        good = reading.events ? take_event(&reading, line) : take_json(&reading, line);
    }
    good = good && end_document(&reading, true);
    *is_cut = reading.cut;
    return good ? reading.documents : NULL;
}
