/* joined_pointer.c - places in an answer that was joined from chunks, as places in the request. */
#include "api/engines/joined.h"

#include "api/base/arena_error.h"
#include "api/engines/joined_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the parts of each choice ---- */

/* The number of the choice with a key.  They are numbered as they begin, as they are in the answer.
 */
static bool number_of(struct joiner *joiner, json_t *numbers, json_int_t key, size_t *number)
{
    char text[24];
    const size_t length = (size_t)snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, key);
    const json_t *known = json_object_getn(numbers, text, length);

    *number = known ? (size_t)json_integer_value(known) : json_object_size(numbers);
    return known
           || dom_put(&joiner->dom, numbers, text, length,
                      dom_integer(&joiner->dom, (json_int_t)*number));
}

static const json_t *list_of(const struct joined *joined, size_t part)
{
    return json_object_get(joined->parts[part].value, joined->list);
}

/* Name the list of the answer that is merged by `index`, and count its elements in all parts. */
static size_t find_list(struct joined *joined)
{
    const char *name;
    json_t *value;
    size_t elements = 0;

    joined->list = NULL;
    json_object_foreach(joined->answer, name, value)
    {
        if (!joined->list && json_is_array(value) && joined_how(name, strlen(name)) == HOW_INDEXED)
            joined->list = name;
    }
    for (size_t i = 0; i < joined->count && joined->list; i++)
        elements += json_array_size(list_of(joined, i));
    return elements;
}

bool joined_index(struct joiner *joiner, struct joined *joined)
{
    const size_t elements = find_list(joined);
    const bool several =
        elements > 0 && json_array_size(json_object_get(joined->answer, joined->list)) > 1;
    struct place *place = arena_new(joiner->arena, struct place, elements);
    const struct place ***end = arena_new(joiner->arena, const struct place **, elements);
    json_t *numbers = dom_object(&joiner->dom);

    joined->choices = arena_new(joiner->arena, const struct place *, elements);
    joined->found = several ? arena_new(joiner->arena, struct found, 1) : NULL;
    if (!place || !end || !numbers || !joined->choices || (several && !joined->found))
        return arena_fail(joiner->arena, joiner->err);
    for (size_t i = 0; i < joined->count && elements > 0; i++) {
        const json_t *list = list_of(joined, i);

        for (size_t at = 0; at < json_array_size(list); at++, place++) {
            size_t number;

            if (!number_of(joiner, numbers, joined_key(json_array_get(list, at), at), &number))
                return arena_fail(joiner->arena, joiner->err);
            *place = (struct place){&joined->parts[i], at, NULL};
            *(end[number] ? end[number] : &joined->choices[number]) = place;
            end[number] = &place->next;
        }
    }
    return true;
}

/* The first place of the choice that a path begins with.  NULL: it begins with none. */
static const struct place *places_of(const struct joined *joined, const char *path)
{
    const size_t length = joined->list ? strlen(joined->list) : 0;
    const json_t *list = json_object_get(joined->answer, joined->list);
    size_t number;

    if (!joined->list || path[0] != '/' || strncmp(path + 1, joined->list, length) != 0
        || path[1 + length] != '/')
        return NULL;
    number = strtoul(path + length + 2, NULL, 10);
    return number < json_array_size(list) ? joined->choices[number] : NULL;
}

/* What follows the base of a pointer.  NULL: it begins with another one. */
static const char *path_of(const struct joined *joined, const char *pointer)
{
    const size_t length = strlen(joined->base);

    return strncmp(pointer, joined->base, length) == 0 ? pointer + length : NULL;
}

size_t joined_places(const struct joined *joined, const char *pointer)
{
    const char *path = path_of(joined, pointer);
    const struct place *place = path ? places_of(joined, path) : NULL;
    size_t count = 0;

    if (!place)
        return joined->count;
    for (; place; place = place->next)
        count++;
    return count;
}

/* ---- places in parts ---- */

#define NONE ((size_t)-1)

/* A place in a part that is looked for. */
struct search {
    size_t choice;    /* where the choice is in the part, before the way goes there; or NONE */
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

    if (likely < json_array_size(array) && joined_key(json_array_get(array, likely), likely) == key)
        return likely;
    while (i < json_array_size(array) && joined_key(json_array_get(array, i), i) != key)
        i++;
    return i;
}

/* Where element `at` of a list of the answer is in the list of a part.  Beyond its end: it is not
 * there. */
static size_t place_in(struct search *search, const json_t *array, const json_t *whole, size_t at)
{
    const size_t size = json_array_size(array), choice = search->choice;

    switch (joined_how(search->name, search->length)) {
    case HOW_INDEXED:
        search->choice = NONE;
        return choice != NONE ? choice
                              : element_of(array, joined_key(json_array_get(whole, at), at), at);
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
static bool find_in(struct search *search, const struct place *place, const json_t *whole,
                    const char *path)
{
    const json_t *value = place->part->value;

    *search = (struct search){.choice = place->at, .name = "", .skipped = search->skipped};
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
            const size_t at = strtoul(step, NULL, 10), in = place_in(search, value, whole, at);
            char number[24];

            write_step(search, number, (size_t)snprintf(number, sizeof number, "%zu", in));
            value = json_array_get(value, in);
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

/* The last part that has the value at `path`, and the path there.  NULL: none has it. */
static const struct part *find(const struct joined *joined, const char *path, char *found)
{
    struct search search = {.skipped = 0};
    const struct place *place = places_of(joined, path);
    const bool by_choice = place != NULL;
    const struct part *part = NULL;

    for (size_t i = 0; (by_choice ? place != NULL : i < joined->count) && !search.appended; i++) {
        const struct place here =
            by_choice ? *place : (struct place){&joined->parts[i], NONE, NULL};

        place = here.next;
        if (!find_in(&search, &here, joined->answer, path))
            continue;
        part = here.part;
        memcpy(found, search.out, sizeof search.out);
    }
    return part;
}

/* The pointer that a path outside of the choices was changed to.  NULL: it is not remembered. */
static const char *recall(const struct joined *joined, const char *path)
{
    const struct found *found = joined->found;

    for (size_t i = 0; found && i < sizeof found->last / sizeof *found->last; i++)
        if (strcmp(found->last[i].path, path) == 0)
            return found->last[i].pointer;
    return NULL;
}

static void remember(const struct joined *joined, const char *path, const char *pointer)
{
    struct found *found = joined->found;
    size_t at;

    if (!found || places_of(joined, path))
        return;
    at = found->count++ % (sizeof found->last / sizeof *found->last);
    snprintf(found->last[at].path, sizeof found->last[at].path, "%s", path);
    snprintf(found->last[at].pointer, sizeof found->last[at].pointer, "%s", pointer);
}

void joined_pointer(const struct joined *joined, char *pointer, size_t size)
{
    char path[POINTER_SIZE], found[POINTER_SIZE];
    const struct part *part;
    const char *known;

    if (!path_of(joined, pointer))
        return;
    snprintf(path, sizeof path, "%s", path_of(joined, pointer));
    snprintf(pointer, size, "%s", joined->base);
    if (joined->chunks == CHUNKS_TEXT || path[0] == '\0')
        return;
    known = recall(joined, path);
    if (known) {
        snprintf(pointer, size, "%s", known);
        return;
    }
    part = find(joined, path, found);
    if (part)
        write_pointer(joined, part, found, pointer, size);
    remember(joined, path, pointer);
}
