/* decoders.c - the table of decoders of POST /v1/score. */
#include "api/routes/score/decoders.h"

#include "api/exchange/media_type.h"

#include <stdio.h>
#include <string.h>

extern const struct decoder decoder_json, decoder_ndjson, decoder_multipart;

/* The first one is the default for bodies without a Content-Type. */
static const struct decoder *const decoders[] = {&decoder_json, &decoder_ndjson, &decoder_multipart,
                                                 NULL};

/* Whether a Content-Type names the decoder's media type. */
static bool is_of(const struct decoder *decoder, const char *content_type)
{
    const char *const *alias = decoder->aliases;

    while (alias && *alias && !media_type_is(content_type, *alias))
        alias++;
    return (alias && *alias) || media_type_is(content_type, decoder->media_type);
}

const struct decoder *decoder_find(const char *content_type)
{
    const struct decoder *const *decoder = decoders;

    while (content_type && *decoder && !is_of(*decoder, content_type))
        decoder++;
    return *decoder;
}

void decoder_aliases(const struct decoder *decoder, char *out, size_t size)
{
    const char *const *alias = decoder->aliases;
    size_t length = 0;

    out[0] = '\0';
    for (; alias && *alias && length < size; alias++)
        length +=
            (size_t)snprintf(out + length, size - length, "%s%s", length > 0 ? ", " : "", *alias);
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
