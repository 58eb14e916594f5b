/* engines.c - the table of engines. */
#include "api/engines/engines.h"

#include "api/base/count_of.h"
#include "api/engines/engine_value.h"
#include "api/engines/label_scores.h"
#include "api/engines/llama_perplexity.h"
#include "api/engines/tensorrt_llm.h"

#include <stdio.h>
#include <string.h>

static const struct engine engines[] = {
#define FORMAT(format, ...) {.name = #format, __VA_ARGS__},
#include "api/members/formats.def"
};

const struct engine *engine_at(size_t index)
{
    return index < COUNT(engines) ? &engines[index] : NULL;
}

const struct engine *engine_find(const char *name)
{
    for (size_t i = 0; i < COUNT(engines); i++)
        if (strcmp(engines[i].name, name) == 0)
            return &engines[i];
    return NULL;
}

/* Whether a response has all members of a sign, "a/b&c". */
static bool has_sign(json_t *response, const char *sign)
{
    for (size_t length; sign; sign = sign[length] ? sign + length + 1 : NULL) {
        length = strcspn(sign, "&");
        if (!json_below_part(response, sign, length))
            return false;
    }
    return true;
}

static bool has_any(json_t *response, const char *const *signs, size_t count)
{
    for (size_t i = 0; i < count && signs[i]; i++)
        if (has_sign(response, signs[i]))
            return true;
    return false;
}

static bool matches(const struct engine *engine, json_t *response)
{
    if (engine->detect)
        return engine->detect(response);
    return has_any(response, engine->signs, COUNT(engine->signs))
           && !has_any(response, engine->unless, COUNT(engine->unless));
}

static bool is_of_family(const struct engine *engine, const struct engine *other)
{
    return other && engine->family && other->family && strcmp(engine->family, other->family) == 0;
}

size_t engines_list(json_t *response, char out[ENGINE_NAMES_SIZE], const struct engine **last)
{
    size_t count = 0, length = 0;

    *last = NULL;
    out[0] = '\0';
    for (size_t i = 0; i < COUNT(engines); i++) {
        const struct engine *engine = &engines[i];

        if (response && (!matches(engine, response) || is_of_family(engine, *last)))
            continue;
        length += (size_t)snprintf(out + length, ENGINE_NAMES_SIZE - length, "%s%s",
                                   count ? ", " : "", engine->name);
        *last = engine;
        count++;
    }
    return count;
}

const char *engines_empty_list(const json_t *response)
{
    for (size_t i = 0; i < COUNT(engines); i++)
        for (size_t k = 0; k < COUNT(engines[i].lists) && engines[i].lists[k]; k++) {
            const json_t *list = json_object_get(response, engines[i].lists[k]);

            if (json_is_array(list) && json_array_size(list) == 0)
                return engines[i].lists[k];
        }
    return NULL;
}
