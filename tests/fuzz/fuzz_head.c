/* fuzz_head.c - any fields as the head of a request: what passes the audit has one reading, and
 * neither the order nor the case of its fields' names changes that.
 *
 * The first line of the input is method, space, version; each other one name, colon, value. */
#include "tests/fuzz/start.h"

#include "server/head.h"

#include <ctype.h>
#include <strings.h>

/* A field as libmicrohttpd gives it: a colon ends its name, values begin behind white space. */
static struct field read_field(char *line, size_t length)
{
    char *colon = memchr(line, ':', length), *value = colon ? colon + 1 : line + length;

    while (value < line + length && (*value == ' ' || *value == '\t'))
        value++;
    if (colon)
        *colon = '\0';
    return (struct field){.name = line,
                          .name_length = (size_t)((colon ? colon : line + length) - line),
                          .value = value,
                          .value_length = (size_t)(line + length - value)};
}

static void read_head(struct head *head, char *text, size_t length)
{
    char *end = text + length, *stop, *space;

    *head = (struct head){.method = text, .version = ""};
    for (char *line = text; line < end; line = stop + 1) {
        stop = memchr(line, '\n', (size_t)(end - line));
        stop = stop ? stop : end;
        *stop = '\0';
        if (line != text && head->count == HEAD_FIELDS)
            head->overflow = true;
        else if (line != text)
            head->field[head->count++] = read_field(line, (size_t)(stop - line));
    }
    space = strchr(text, ' ');
    if (space) {
        *space = '\0';
        head->version = space + 1;
    }
}

static void turn(struct head *head)
{
    for (size_t i = 0; i < head->count / 2; i++) {
        const struct field first = head->field[i];

        head->field[i] = head->field[head->count - 1 - i];
        head->field[head->count - 1 - i] = first;
    }
}

static void change_case(struct head *head)
{
    for (size_t i = 0; i < head->count; i++)
        for (size_t j = 0; j < head->field[i].name_length; j++) {
            char *c = (char *)(uintptr_t)head->field[i].name + j;

            *c = (char)(islower((unsigned char)*c) ? toupper((unsigned char)*c)
                                                   : tolower((unsigned char)*c));
        }
}

/* What has to be so of every head that passed. */
static void check_passed(const struct head *head, const struct framing *framing)
{
    const char *length = head_find(head, "content-length"),
               *coding = head_find(head, "TRANSFER-ENCODING");

    FUZZ_HOLDS(head->method[0] != '\0' && !strpbrk(head->method, " \t\r\n:/"));
    FUZZ_HOLDS(strcmp(head->version, "HTTP/1.1") == 0 || !coding);
    FUZZ_HOLDS(head_count(head, "content-length") + head_count(head, "transfer-encoding") <= 1);
    FUZZ_HOLDS(head_count(head, "host") <= 1 && head_count(head, "authorization") <= 1);
    FUZZ_HOLDS(framing->chunked == (coding != NULL)
               && (!coding || strcasecmp(coding, "chunked") == 0));
    FUZZ_HOLDS(framing->length == (coding ? UINT64_MAX : length ? strtoull(length, NULL, 10) : 0));
    for (size_t i = 0; i < head->count; i++)
        FUZZ_HOLDS(!memchr(head->field[i].value, '\0', head->field[i].value_length)
                   && !memchr(head->field[i].value, '\r', head->field[i].value_length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct head head;
    char *text = fuzz_text(data, size);
    struct framing framing, again;
    struct error err = {0};
    bool good;

    read_head(&head, text, size);
    good = head_audit(&head, &framing, &err);
    FUZZ_HOLDS(good == (err.code == ERR_NONE) && good == (err.detail[0] == '\0'));
    if (good)
        check_passed(&head, &framing);
    turn(&head);
    change_case(&head);
    err = (struct error){0};
    FUZZ_HOLDS(head_audit(&head, &again, &err) == good);
    FUZZ_HOLDS(!good || (again.length == framing.length && again.chunked == framing.chunked));
    free(text);
    return 0;
}
