/* joined_pointer.c - places in an answer that was joined from chunks, as places in the request. */
#include "api/engines/joined.h"
#include "api/engines/joined_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A place in a part that is looked for. */
struct search {
    const char *name; /* of the last member on the way */
    size_t length;
    size_t skipped; /* elements in the parts before, if the way goes through an appended list */
    bool appended;  /* it does, and the element is in this part */
    char out[POINTER_SIZE];
};

/* The position of the element with a key.  Most chunks have it at the position `likely`. */
static size_t element_of(const json_t *array, json_int_t key, size_t likely)
{
    size_t i = 0;

    if (joined_key(json_array_get(array, likely), likely) == key)
        return likely;
    while (i < json_array_size(array) && joined_key(json_array_get(array, i), i) != key)
        i++;
    return i;
}

/* Where element `at` of a list of the answer is in the list of a part.  Beyond its end: it is not
 * there. */
static size_t place_in(struct search *search, const json_t *array, const json_t *whole, size_t at)
{
    const size_t size = json_array_size(array);

    switch (joined_how(search->name, search->length)) {
    case HOW_INDEXED:
        return element_of(array, joined_key(json_array_get(whole, at), at), at);
    case HOW_APPENDED:
        search->appended = at - search->skipped < size;
        if (search->appended)
            return at - search->skipped;
        search->skipped += size;
        return size;
    default:
        return at;
    }
}

static void write_step(struct search *search, const char *step, size_t length)
{
    const size_t used = strlen(search->out);

    snprintf(search->out + used, sizeof search->out - used, "/%.*s", (int)length, step);
}

/* The member of a part that became the member `*step` of the answer; *step is its name there. */
static const json_t *member_of_part(const json_t *object, const char **step, size_t *length)
{
    const json_t *member = json_object_getn(object, *step, *length);
    const char *other = member ? NULL : joined_name_in_chunk(*step, *length);

    if (!other)
        return member;
    *step = other;
    *length = strlen(*step);
    return json_object_get(object, *step);
}

/* Whether a part has the value at `path` of the answer; search->out is the path in the part. */
static bool find_in(struct search *search, const struct part *part, const json_t *whole,
                    const char *path)
{
    const json_t *value = part->value;

    *search = (struct search){.name = "", .skipped = search->skipped};
    while (value && *path == '/') {
        const char *step = path + 1;
        const size_t length = strcspn(step, "/");

        path = step + length;
        if (search->appended || !json_is_array(value)) {
            const char *name = step;
            size_t named = length;

            value = search->appended ? value : member_of_part(value, &name, &named);
            whole = json_object_getn(whole, step, length);
            write_step(search, name, named);
            search->name = step;
            search->length = length;
        } else {
            const size_t at = strtoul(step, NULL, 10), place = place_in(search, value, whole, at);
            char number[24];

            write_step(search, number, (size_t)snprintf(number, sizeof number, "%zu", place));
            value = json_array_get(value, place);
            whole = json_array_get(whole, at);
        }
    }
    return value != NULL;
}

/* Whether `path` begins with the steps of `to`; *rest is what follows. */
static bool begins_with(const char *path, const char *to, const char **rest)
{
    const size_t length = strlen(to);

    *rest = path;
    if (length == 0)
        return true;
    *rest = path + 1 + length;
    return *path == '/' && strncmp(path + 1, to, length) == 0 && (**rest == '/' || **rest == '\0');
}

static void write_pointer(const struct joined *joined, const struct part *part, const char *path,
                          char *pointer, size_t size)
{
    const struct lift *lift = part->lift;
    const char *rest = path;

    if (lift && !begins_with(path, lift->to, &rest))
        rest = "";
    if (joined->chunks == CHUNKS_LISTED)
        snprintf(pointer, size, "%s/%zu", joined->base, part->chunk);
    snprintf(pointer + strlen(pointer), size - strlen(pointer), "%s%s%s", lift ? "/" : "",
             lift ? lift->from : "", rest);
}

void joined_pointer(const struct joined *joined, char *pointer, size_t size)
{
    const size_t length = strlen(joined->base);
    struct search search = {.skipped = 0};
    char path[POINTER_SIZE], found[POINTER_SIZE];
    const struct part *part = NULL;

    if (strncmp(pointer, joined->base, length) != 0)
        return;
    snprintf(path, sizeof path, "%s", pointer + length);
    snprintf(pointer, size, "%s", joined->base);
    if (joined->chunks == CHUNKS_TEXT || path[0] == '\0')
        return;
    for (size_t i = 0; i < joined->count && !search.appended; i++) {
        if (!find_in(&search, &joined->parts[i], joined->answer, path))
            continue;
        part = &joined->parts[i];
        memcpy(found, search.out, sizeof found);
    }
    if (part)
        write_pointer(joined, part, found, pointer, size);
}
