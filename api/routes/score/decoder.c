/* decoder.c - bodies of POST /v1/score, by media type. */
#include "api/routes/score/decoder.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The first one is for bodies that do not say what they are. */
static const struct decoder *const decoders[] = {&decoder_json, &decoder_ndjson, &decoder_multipart,
                                                 NULL};

/* Other names of media types that are in use. */
static const struct {
    const char *name;
    const struct decoder *decoder;
} aliases[] = {
    {"application/ndjson", &decoder_ndjson},
    {"application/jsonl", &decoder_ndjson},
    {"application/jsonlines", &decoder_ndjson},
    {"application/x-jsonlines", &decoder_ndjson},
};

/* Whether a Content-Type names a media type; parameters such as a charset do not matter. */
static bool media_type_is(const char *content_type, const char *media_type)
{
    const size_t length = strlen(media_type);

    content_type += strspn(content_type, " \t");
    return strncasecmp(content_type, media_type, length) == 0
           && strchr("; \t", content_type[length]);
}

const struct decoder *decoder_find(const char *content_type)
{
    const struct decoder *const *decoder = decoders;

    while (content_type && *decoder && !media_type_is(content_type, (*decoder)->media_type))
        decoder++;
    for (size_t i = 0; !*decoder && i < sizeof aliases / sizeof *aliases; i++)
        if (media_type_is(content_type, aliases[i].name))
            return aliases[i].decoder;
    return *decoder;
}

void decoder_aliases(const struct decoder *decoder, char *out, size_t size)
{
    size_t length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases && length < size; i++)
        if (aliases[i].decoder == decoder)
            length += (size_t)snprintf(out + length, size - length, "%s%s", length > 0 ? ", " : "",
                                       aliases[i].name);
}

const struct decoder *decoder_at(size_t index)
{
    return decoders[index];
}

void decoder_list(char *out, size_t size)
{
    size_t length = 0;

    out[0] = '\0';
    for (const struct decoder *const *decoder = decoders; *decoder && length < size; decoder++)
        length += (size_t)snprintf(out + length, size - length, "%s%s", length > 0 ? ", " : "",
                                   (*decoder)->media_type);
}

/* The decoder is chosen from the head alone, so asking again costs little and keeps no state. */
static const struct decoder *chosen(const struct exchange *x)
{
    return decoder_find(x->request.content_type);
}

bool decoder_takes_json(struct exchange *x)
{
    return chosen(x) == &decoder_json
           || error_set(&x->error, ERR_MEDIA_TYPE, "",
                        "Content-Type %.64s is not supported; this is: %s", x->request.content_type,
                        decoder_json.media_type);
}

static bool begin_score(struct exchange *x)
{
    char known[256];

    if (chosen(x))
        return chosen(x)->begin(x);
    decoder_list(known, sizeof known);
    return error_set(&x->error, ERR_MEDIA_TYPE, "",
                     "Content-Type %.64s is not supported; these are: %s", x->request.content_type,
                     known);
}

static bool feed_score(struct exchange *x, const char *chunk, size_t length)
{
    return chosen(x)->feed(x, chunk, length);
}

static void finish_score(struct exchange *x)
{
    chosen(x)->finish(x);
}

const struct endpoint endpoint_score = {begin_score, feed_score, finish_score};
