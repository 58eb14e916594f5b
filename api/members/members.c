/* members.c - the members that apply to a sequence, and their faults. */
#include "api/members/members.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

struct sequence_path sequence_path_of(const struct sequence_iterator *at,
                                      const struct route_schema *schema, const struct body *body)
{
    struct sequence_path path = {.schema = schema,
                                 .body = body,
                                 .count = at->depth,
                                 .tokens_at = NO_ELEMENT,
                                 .logits_at = NO_ELEMENT};

    for (size_t i = 0; i < at->depth; i++)
        path.holder[i] = at->path[i];
    return path;
}

/* ---- finding members ---- */

/* The value without a batch dimension of one. */
static json_t *alone(enum field field, json_t *value)
{
    return field_is_batch(field, value) ? json_array_get(value, 0) : value;
}

/* Whether a member of an outer object is no default of this sequence. */
static bool is_hidden(const struct sequence_path *path, size_t level, enum field field)
{
    return path->schema->hides && level + 1 < path->count
           && path->schema->hides(&path->holder[level], &path->holder[level + 1], field);
}

/* Add the members of an object; they replace those of the objects around it. */
static void merge_object(struct members *members, json_t *object, size_t level)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        const enum field field = field_find(name);

        if (field < FIELD_COUNT && !is_hidden(members->path, level, field))
            members->of[field] = (struct member){alone(field, value), level};
    }
}

void members_merge(struct members *members, const struct sequence_path *path)
{
    *members = (struct members){.path = path};
    for (size_t level = 0; level < path->count; level++)
        merge_object(members, path->holder[level].object, level);
}

/* Where a member that is missing is asked for: in the innermost of the objects that it is a member
 * of. */
static size_t level_of(const struct sequence_path *path, enum field field)
{
    size_t level = path->count;

    if (!path->schema->member || path->schema->member[field].scope == SCOPE_NOWHERE)
        return path->count - 1;
    while (level > 0 && path->holder[level - 1].kind != schema_kind(path->schema, field))
        level--;
    if (level > 0)
        return level - 1;
    level = path->count - 1;
    while (path->schema->asks_holder && level > 0
           && !(path->schema->member[field].scope >> path->holder[level].kind & 1))
        level--;
    return level;
}

struct member member_of(const struct sequence_path *path, enum field field)
{
    for (size_t level = path->count; level > 0; level--) {
        json_t *value = field_value(path->holder[level - 1].object, field);

        if (value && !is_hidden(path, level - 1, field))
            return (struct member){alone(field, value), level - 1};
    }
    return (struct member){.level = level_of(path, field)};
}

size_t member_owner(const struct sequence_path *path, const struct member *member)
{
    return path->holder[member->level].owner;
}

/* The name of a member on this route. */
static const char *name_of(const struct sequence_path *path, enum field field)
{
    return field == FIELD_tokens && path->schema->tokens_name ? path->schema->tokens_name
                                                              : field_info(field)->name;
}

/* ---- offsets ---- */

size_t member_offset(const struct sequence_path *path, enum field field)
{
    const struct member member = member_of(path, field);

    return path->body
               ? body_member_offset(path->body, member_owner(path, &member), name_of(path, field))
               : 0;
}

/* ---- faults ---- */

/* The places of the parts and objects on the path to an object. */
struct way {
    struct json_place part[LAYOUT_LEVELS], object[LAYOUT_LEVELS];
    struct json_place member, element; /* a member of the object, and an element of it */
    struct json_place batch;           /* the only element of that, if it is a batch of one */
};

static const struct json_place *way_to(struct way *way, const struct sequence_path *path,
                                       size_t level)
{
    way->object[0] = ROOT;
    for (size_t i = 0; i < level; i++) {
        const struct holder *next = &path->holder[i + 1];

        way->part[i] = MEMBER(&way->object[next->in], path->schema->layout->part[next->part].name);
        way->object[i + 1] = next->listed ? ELEMENT(&way->part[i], next->index) : way->part[i];
    }
    return &way->object[level];
}

/* The place of a member of the sequence, or of its element if the member is a list for all
 * sequences. */
static const struct json_place *place_of(struct way *way, const struct sequence_path *path,
                                         enum field field)
{
    const struct member member = member_of(path, field);
    const size_t level = member.level;
    const size_t element = field == FIELD_tokens   ? path->tokens_at
                           : field == FIELD_logits ? path->logits_at
                                                   : NO_ELEMENT;

    if (field == FIELD_outputs && path->body && path->body->is_answer)
        return way_to(way, path, 0);
    way->member = MEMBER(way_to(way, path, level), name_of(path, field));
    if (element == NO_ELEMENT)
        return &way->member;
    way->element = ELEMENT(&way->member, element);
    return &way->element;
}

/* Whether a member of the sequence is a batch of one: [[...]], or rows in [[[...]]]. */
static bool is_batch(const struct sequence_path *path, enum field field)
{
    const struct member member = member_of(path, field);
    const struct span *span = NULL;

    if (field == FIELD_logits && path->body)
        span = body_span(path->body, SPAN_LOGITS,
                         path->logits_at != NO_ELEMENT ? path->logits_at
                                                       : member_owner(path, &member));
    return span ? span->intake.batch
                : field_is_batch(field, field_value(path->holder[member.level].object, field));
}

/* The place that elements of a member are in: its own, or that of the only one in a batch. */
static const struct json_place *elements_of(struct way *way, const struct sequence_path *path,
                                            enum field field)
{
    const struct json_place *at = place_of(way, path, field);

    way->batch = ELEMENT(at, 0);
    return is_batch(path, field) ? &way->batch : at;
}

/* Record a fault of a member, of its member `name`, or (if that is NULL) of its element. */
static bool fail_text(const struct sequence_path *path, enum field field, const char *name,
                      size_t element, enum error_code code, struct error *err, const char *detail)
{
    struct way way;
    const struct json_place *at =
        element == NO_ELEMENT ? place_of(&way, path, field) : elements_of(&way, path, field);
    const struct json_place in = {at, name, element};

    if (err->code == ERR_NONE)
        err->place = member_offset(path, field);
    return fail_at(err, code, !name && element == NO_ELEMENT ? at : &in, "%s", detail);
}

void member_pointer(const struct sequence_path *path, enum field field, struct error *out)
{
    fail_text(path, field, NULL, NO_ELEMENT, ERR_INTERNAL, out, "");
}

bool member_fail(const struct sequence_path *path, enum field field, size_t element,
                 enum error_code code, struct error *err, const char *format, ...)
{
    char detail[sizeof err->detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return fail_text(path, field, NULL, element, code, err, detail);
}

bool member_fail_in(const struct sequence_path *path, enum field field, const char *name,
                    enum error_code code, struct error *err, const char *format, ...)
{
    char detail[sizeof err->detail];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return fail_text(path, field, name, NO_ELEMENT, code, err, detail);
}

bool member_fail_row(const struct sequence_path *path, size_t row, size_t column,
                     enum error_code code, struct error *err, const char *format, ...)
{
    char detail[sizeof err->detail];
    va_list arguments;
    struct way way;
    const struct json_place *logits = elements_of(&way, path, FIELD_logits);
    const struct json_place at = ELEMENT(logits, row), in = ELEMENT(&at, column);

    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    if (err->code == ERR_NONE)
        err->place = member_offset(path, FIELD_logits);
    return fail_at(err, code, column == NO_ELEMENT ? &at : &in, "%s", detail);
}

/* The first member of an object that acts on rows and begins after `offset` and before *first. */
static enum field late_in(const struct sequence_path *path, const struct holder *holder,
                          size_t offset, size_t *first)
{
    enum field late = FIELD_COUNT;

    if (body_last_offset(path->body, holder->owner) <= offset)
        return late;
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        size_t place;

        if (schema_info(path->schema, field)->effect != EFFECT_ON_ROWS
            || !field_value(holder->object, field))
            continue;
        place = body_member_offset(path->body, holder->owner, field_info(field)->name);
        if (place <= offset || place >= *first)
            continue;
        *first = place;
        late = field;
    }
    return late;
}

bool members_check_late(const struct sequence_path *path, size_t offset, const char *detail,
                        struct error *err)
{
    size_t first = SIZE_MAX, level = 0;
    enum field late = FIELD_COUNT;
    struct way way;

    for (size_t i = 0; i < path->count; i++) {
        const enum field found = late_in(path, &path->holder[i], offset, &first);

        if (found == FIELD_COUNT)
            continue;
        late = found;
        level = i;
    }
    if (late == FIELD_COUNT)
        return true;
    err->place = first;
    return fail_at(err, ERR_AFTER_LOGITS,
                   &MEMBER(way_to(&way, path, level), field_info(late)->name), "%s", detail);
}

bool members_conflict(const struct sequence_path *path, enum field a, enum field b,
                      struct error *err)
{
    const bool reversed = member_offset(path, b) < member_offset(path, a);
    const enum field fault = reversed ? a : b, other = reversed ? b : a;

    return member_fail(path, fault, NO_ELEMENT, ERR_CONFLICT, err, "%s and %s exclude each other",
                       field_info(fault)->name, field_info(other)->name);
}
