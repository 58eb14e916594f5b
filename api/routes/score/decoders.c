/* decoders.c - the table of decoders of POST /v1/score. */
#include "api/routes/score/decoders.h"

#include "api/exchange/media_type.h"

#include <stdio.h>
#include <string.h>

extern const struct decoder decoder_ndjson, decoder_multipart;

/* The first one is the default for bodies without a Content-Type. */
static const struct decoder *const decoders[] = {&decoder_json, &decoder_ndjson, &decoder_multipart,
                                                 NULL};

/* Other names of these media types. */
static const struct {
    const char *name;
    const struct decoder *decoder;
} aliases[] = {
    {"application/ndjson", &decoder_ndjson},
    {"application/jsonl", &decoder_ndjson},
    {"application/jsonlines", &decoder_ndjson},
    {"application/x-jsonlines", &decoder_ndjson},
};

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
