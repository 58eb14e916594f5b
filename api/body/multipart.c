/* multipart.c - parses multipart/form-data as it arrives.
 *
 * A delimiter has only one CR, which is its first byte.  So two places where it may begin never
 * overlap, and bytes that turn out not to be a delimiter are not part of another one. */
#include "api/body/multipart.h"

#include "api/exchange/header_parameter.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CRLF "\r\n"
#define LINE_MAX_LENGTH 80 /* after a delimiter: two dashes, white space, CRLF */

/* ---- the boundary ---- */

static bool is_boundary(const char *text)
{
    const size_t length = strlen(text);

    return length > 0 && text[length - 1] != ' '
           && strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                           "'()+_,-./:=? ")
                  == length;
}

bool multipart_init(struct multipart *multipart, const char *content_type, struct error *err)
{
    char boundary[MULTIPART_BOUNDARY_MAX + 1];

    switch (header_parameter_find(content_type, "boundary", boundary, sizeof boundary)) {
    case PARAMETER_FOUND:
        break;
    case PARAMETER_ABSENT:
        return error_set(err, ERR_BAD_MULTIPART, "",
                         "the Content-Type multipart/form-data names no boundary");
    case PARAMETER_LONG:
        return error_set(err, ERR_BAD_MULTIPART, "",
                         "the boundary in Content-Type is longer than %d characters",
                         MULTIPART_BOUNDARY_MAX);
    case PARAMETER_TWICE:
    case PARAMETER_BAD:
        return error_set(err, ERR_BAD_MULTIPART, "", "the Content-Type cannot be read");
    }
    if (!is_boundary(boundary))
        return error_set(err, ERR_BAD_MULTIPART, "",
                         "the boundary in Content-Type has characters that no boundary has");
    *multipart = (struct multipart){.state = MULTIPART_OPENING, .matched = strlen(CRLF)};
    multipart->length =
        (size_t)snprintf(multipart->delimiter, sizeof multipart->delimiter, CRLF "--%s", boundary);
    return true;
}

static enum multipart_event fault(struct multipart *multipart, const struct chunk *chunk,
                                  const char *text)
{
    multipart->fault = text;
    multipart->offset = chunk_offset(chunk);
    return MULTIPART_FAULT;
}

/* ---- heads ---- */

/* The value of a line `name: value`.  NULL: another field. */
static const char *field_value_of(const char *line, const char *name)
{
    const size_t length = strlen(name);

    if (strncasecmp(line, name, length) != 0 || line[length] != ':')
        return NULL;
    return line + length + 1 + strspn(line + length + 1, " \t");
}

/* Parse a Content-Disposition, and set the name.  Returns what is wrong with it, or NULL. */
static const char *read_disposition(struct multipart *multipart, const char *value)
{
    static const char form_data[] = "form-data";

    if (multipart->name[0] != '\0')
        return "a part with two Content-Dispositions";
    if (strncasecmp(value, form_data, strlen(form_data)) != 0
        || !strchr("; \t", value[strlen(form_data)]))
        return "the Content-Disposition of a part is not form-data";
    switch (header_parameter_find(value, "name", multipart->name, sizeof multipart->name)) {
    case PARAMETER_FOUND:
        return multipart->name[0] != '\0' ? NULL : "a part without a name";
    case PARAMETER_ABSENT:
        return "a part without a name";
    case PARAMETER_LONG:
        return "the name of a part is too long";
    case PARAMETER_TWICE:
        return "a part with two names";
    case PARAMETER_BAD:
        break;
    }
    return "a Content-Disposition that cannot be read";
}

static const char *read_line(struct multipart *multipart, const char *line)
{
    static const char *const plain[] = {"binary", "8bit", "7bit"};
    const char *disposition = field_value_of(line, "Content-Disposition");
    const char *encoding = field_value_of(line, "Content-Transfer-Encoding");

    if (line[0] == ' ' || line[0] == '\t' || !strchr(line, ':'))
        return "the head of a part has a line that is no header field";
    if (disposition)
        return read_disposition(multipart, disposition);
    for (size_t i = 0; encoding && i < sizeof plain / sizeof *plain; i++)
        if (strcasecmp(encoding, plain[i]) == 0)
            return NULL;
    return encoding ? "a part with a Content-Transfer-Encoding: send its bytes as they are" : NULL;
}

/* Whether a text has control characters other than tab, CR and LF. */
static bool has_controls(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];

        if (c == '\r' && i + 1 < length && text[i + 1] == '\n')
            i++;
        else if ((c < ' ' && c != '\t') || c == 0x7f)
            return true;
    }
    return false;
}

/* Parse the head, which is between two CRLFs.  Returns what is wrong with it, or NULL. */
static const char *read_head(struct multipart *multipart)
{
    char *line = multipart->head + strlen(CRLF), *end;
    const char *wrong = NULL;

    multipart->name[0] = '\0';
    if (has_controls(multipart->head, multipart->head_length))
        return "the head of a part has control characters";
    multipart->head[multipart->head_length - strlen(CRLF)] = '\0';
    while (!wrong && (end = strstr(line, CRLF)) != NULL) {
        *end = '\0';
        wrong = read_line(multipart, line);
        line = end + strlen(CRLF);
    }
    if (!wrong && multipart->name[0] == '\0')
        return "a part without a Content-Disposition";
    return wrong;
}

/* Collect bytes up to and including `ending`.  True: it has arrived. */
static bool collect(struct multipart *multipart, struct chunk *chunk, const char *ending,
                    size_t most)
{
    const size_t length = strlen(ending);
    char *head = multipart->head;

    while (chunk->at < chunk->end && multipart->head_length < most) {
        head[multipart->head_length++] = *chunk->at++;
        if (multipart->head_length >= length
            && memcmp(head + multipart->head_length - length, ending, length) == 0)
            return true;
    }
    return false;
}

static enum multipart_event next_head(struct multipart *multipart, struct chunk *chunk)
{
    const char *wrong;

    if (!collect(multipart, chunk, CRLF CRLF, MULTIPART_HEAD_MAX))
        return multipart->head_length == MULTIPART_HEAD_MAX
                   ? fault(multipart, chunk, "the head of a part is longer than 4096 bytes")
                   : MULTIPART_MORE;
    wrong = read_head(multipart);
    if (wrong)
        return fault(multipart, chunk, wrong);
    multipart->state = MULTIPART_BODY;
    return MULTIPART_PART;
}

/* ---- boundaries ---- */

/* Whether a line is white space, with two dashes before it (*closing) or without. */
static bool is_closing(const char *line, size_t length, bool *closing)
{
    *closing = length >= 2 && memcmp(line, "--", 2) == 0;
    for (size_t i = *closing ? 2 : 0; i < length; i++)
        if (line[i] != ' ' && line[i] != '\t')
            return false;
    return true;
}

static enum multipart_event next_line(struct multipart *multipart, struct chunk *chunk)
{
    bool closing;

    if (!collect(multipart, chunk, CRLF, LINE_MAX_LENGTH)) {
        if (multipart->head_length < LINE_MAX_LENGTH)
            return MULTIPART_MORE;
        return fault(multipart, chunk, "the line of a boundary goes on");
    }
    if (!is_closing(multipart->head, multipart->head_length - strlen(CRLF), &closing))
        return fault(multipart, chunk, "the line of a boundary goes on");
    multipart->state = closing ? MULTIPART_CLOSED : MULTIPART_HEAD;
    memcpy(multipart->head, CRLF, strlen(CRLF)); /* an empty head ends like others */
    multipart->head_length = strlen(CRLF);
    return MULTIPART_MORE;
}

static void begin_line(struct multipart *multipart)
{
    multipart->state = MULTIPART_LINE;
    multipart->matched = 0;
    multipart->head_length = 0;
}

/* Continue after a chunk that ended in a delimiter, or in what looked like one. */
static enum multipart_event go_on(struct multipart *multipart, struct chunk *chunk)
{
    const size_t left = (size_t)(chunk->end - chunk->at),
                 rest = multipart->length - multipart->matched;
    const size_t length = left < rest ? left : rest;
    const bool opening = multipart->state == MULTIPART_OPENING;

    if (memcmp(chunk->at, multipart->delimiter + multipart->matched, length) != 0) {
        if (opening) {
            fault(multipart, chunk, "the body does not begin with its boundary");
            multipart->offset = 0;
            return MULTIPART_FAULT;
        }
        multipart->run = multipart->delimiter;
        multipart->run_length = multipart->matched;
        multipart->matched = 0;
        return MULTIPART_RUN;
    }
    chunk->at += length;
    multipart->matched += length;
    if (length < rest)
        return MULTIPART_MORE;
    begin_line(multipart);
    return opening ? MULTIPART_MORE : MULTIPART_END;
}

/* The number of bytes at the end of a chunk that may begin a delimiter. */
static size_t tail_length(const struct multipart *multipart, const struct chunk *chunk)
{
    const size_t left = (size_t)(chunk->end - chunk->at);
    const size_t most = left < multipart->length - 1 ? left : multipart->length - 1;
    const char *cr = memrchr(chunk->end - most, '\r', most);
    const size_t length = cr ? (size_t)(chunk->end - cr) : 0;

    return cr && memcmp(cr, multipart->delimiter, length) == 0 ? length : 0;
}

static enum multipart_event next_run(struct multipart *multipart, struct chunk *chunk)
{
    const char *start = chunk->at;
    const char *found =
        memmem(start, (size_t)(chunk->end - start), multipart->delimiter, multipart->length);

    if (found == start) {
        chunk->at += multipart->length;
        begin_line(multipart);
        return MULTIPART_END;
    }
    multipart->matched = found ? 0 : tail_length(multipart, chunk);
    multipart->run = start;
    multipart->run_length = (size_t)((found ? found : chunk->end - multipart->matched) - start);
    chunk->at = found ? found : chunk->end;
    return multipart->run_length > 0 ? MULTIPART_RUN : MULTIPART_MORE;
}

enum multipart_event multipart_next(struct multipart *multipart, struct chunk *chunk)
{
    enum multipart_event event = MULTIPART_MORE;

    while (event == MULTIPART_MORE && chunk->at < chunk->end) {
        switch (multipart->state) {
        case MULTIPART_OPENING:
            event = go_on(multipart, chunk);
            break;
        case MULTIPART_LINE:
            event = next_line(multipart, chunk);
            break;
        case MULTIPART_HEAD:
            event = next_head(multipart, chunk);
            break;
        case MULTIPART_BODY:
            event = multipart->matched > 0 ? go_on(multipart, chunk) : next_run(multipart, chunk);
            break;
        case MULTIPART_CLOSED:
            return fault(multipart, chunk, "bytes follow the last boundary");
        }
    }
    return event;
}

bool multipart_is_complete(const struct multipart *multipart)
{
    bool closing = multipart->state == MULTIPART_CLOSED;

    return closing
           || (multipart->state == MULTIPART_LINE
               && is_closing(multipart->head, multipart->head_length, &closing) && closing);
}
