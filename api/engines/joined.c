/* joined.c - an answer that is joined from the chunks of a stream. */
#include "api/engines/joined.h"

#include "api/base/arena_error.h"
#include "api/base/strbuf.h"
#include "api/engines/engine_value.h"
#include "api/engines/joined_names.h"

#include <stdio.h>
#include <string.h>

static json_t *spent(struct joiner *joiner)
{
    arena_fail(joiner->arena, joiner->err);
    return NULL;
}

/* Add a value of the tree to a list. */
static bool add(struct joiner *joiner, json_t *list, json_t *value)
{
    return list && dom_append(&joiner->dom, list, json_incref(value));
}

/* ---- parts ---- */

/* Put a value where `to` says: "a/0/b" makes {"a": [{"b": value}]}. */
static json_t *wrap(struct joiner *joiner, json_t *value, const char *to)
{
    size_t end = strlen(to);

    while (value && end > 0) {
        size_t start = end;
        json_t *around;

        while (start > 0 && to[start - 1] != '/')
            start--;
        around = to[start] == '0' ? dom_array(&joiner->dom) : dom_object(&joiner->dom);
        if (!around
            || !(to[start] == '0'
                     ? dom_append(&joiner->dom, around, json_incref(value))
                     : dom_put(&joiner->dom, around, to + start, end - start, json_incref(value))))
            return NULL;
        value = around;
        end = start > 0 ? start - 1 : 0;
    }
    return value;
}

static bool is_of_type(const struct lift *lift, const json_t *chunk)
{
    const char *type = json_string_value(json_object_get(chunk, "type"));

    return !lift->type || (type && strcmp(type, lift->type) == 0);
}

bool lift_takes(const struct lift *lifts, const json_t *chunk)
{
    while (lifts->from && !is_of_type(lifts, chunk))
        lifts++;
    return lifts->from != NULL;
}

bool joined_begin(struct joiner *joiner, struct joined *joined, size_t chunks,
                  const struct lift *lifts)
{
    size_t each = 0;

    while (lifts && lifts[each].from)
        each++;
    joined->count = 0;
    joined->parts = arena_new(joiner->arena, struct part, chunks * (lifts ? each : 1));
    return joined->parts || arena_fail(joiner->arena, joiner->err);
}

bool joined_add(struct joiner *joiner, struct joined *joined, json_t *chunk, size_t position,
                const struct lift *lifts)
{
    if (!lifts)
        joined->parts[joined->count++] = (struct part){chunk, position, NULL};
    for (; lifts && lifts->from; lifts++) {
        json_t *value = is_of_type(lifts, chunk) ? json_below(chunk, lifts->from) : NULL;

        if (!value || json_is_null(value))
            continue;
        value = wrap(joiner, value, lifts->to);
        if (!value)
            return spent(joiner);
        joined->count = lifts->whole ? 0 : joined->count;
        joined->parts[joined->count++] = (struct part){value, position, lifts};
    }
    return true;
}

/* ---- the join ---- */

static json_t *merge(struct joiner *joiner, const json_t *values, const char *name);

static bool is_empty(const json_t *value)
{
    return json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0);
}

/* The last value that is not empty.  NULL: all are. */
static json_t *last_of(const json_t *values)
{
    for (size_t i = json_array_size(values); i > 0; i--)
        if (!is_empty(json_array_get(values, i - 1)))
            return json_array_get(values, i - 1);
    return NULL;
}

static json_t *most_of(const json_t *values)
{
    json_t *most = last_of(values), *value;
    size_t i;

    json_array_foreach(values, i, value)
    {
        if (json_is_number(value) && json_number_value(value) > json_number_value(most))
            most = value;
    }
    return most;
}

/* Add a value to the list of its name; lists are in the order of their first values. */
static bool gather(struct joiner *joiner, json_t *lists, const char *name, size_t length,
                   json_t *value)
{
    json_t *list = json_object_getn(lists, name, length);

    if (!list) {
        list = dom_array(&joiner->dom);
        if (!dom_put(&joiner->dom, lists, name, length, list))
            return false;
    }
    return add(joiner, list, value);
}

static bool gather_members(struct joiner *joiner, json_t *lists, json_t *object)
{
    const char *name;
    json_t *value;

    if (!work_charge_each(joiner->work, json_object_size(object), WORK_TOKEN, joiner->err))
        return false;
    json_object_foreach(object, name, value)
    {
        const char *as = joined_name(name);
        const size_t length = strlen(as);

        if (joined_how(as, length) != HOW_DROPPED && !gather(joiner, lists, as, length, value))
            return spent(joiner);
    }
    return true;
}

/* Merge each list of values, into a member or into an element. */
static json_t *merge_lists(struct joiner *joiner, json_t *lists, json_t *into)
{
    const char *name;
    json_t *values;

    json_object_foreach(lists, name, values)
    {
        json_t *value = merge(joiner, values, name);

        if (!value)
            return NULL;
        json_incref(value);
        if (!(json_is_object(into) ? dom_put(&joiner->dom, into, name, strlen(name), value)
                                   : dom_append(&joiner->dom, into, value)))
            return spent(joiner);
    }
    return into;
}

static json_t *merge_objects(struct joiner *joiner, const json_t *objects)
{
    json_t *lists = dom_object(&joiner->dom), *into = dom_object(&joiner->dom), *object;
    size_t i;

    if (!lists || !into)
        return spent(joiner);
    json_array_foreach(objects, i, object)
    {
        if (json_is_object(object) && !gather_members(joiner, lists, object))
            return NULL;
    }
    return merge_lists(joiner, lists, into);
}

static bool gather_elements(struct joiner *joiner, json_t *lists, const json_t *array)
{
    json_t *element;
    size_t i;

    if (!work_charge_each(joiner->work, json_array_size(array), WORK_TOKEN, joiner->err))
        return false;
    json_array_foreach(array, i, element)
    {
        char key[24];
        const int length =
            snprintf(key, sizeof key, "%" JSON_INTEGER_FORMAT, joined_key(element, i));

        if (!gather(joiner, lists, key, (size_t)length, element))
            return spent(joiner);
    }
    return true;
}

static json_t *merge_indexed(struct joiner *joiner, const json_t *arrays)
{
    json_t *lists = dom_object(&joiner->dom), *into = dom_array(&joiner->dom), *array;
    size_t i;

    if (!lists || !into)
        return spent(joiner);
    json_array_foreach(arrays, i, array)
    {
        if (!gather_elements(joiner, lists, array))
            return NULL;
    }
    return merge_lists(joiner, lists, into);
}

static json_t *append_arrays(struct joiner *joiner, const json_t *arrays)
{
    json_t *into = dom_array(&joiner->dom), *array, *element;
    size_t i, j;

    if (!into)
        return spent(joiner);
    json_array_foreach(arrays, i, array)
    {
        if (!work_charge_each(joiner->work, json_array_size(array), WORK_TOKEN, joiner->err))
            return NULL;
        json_array_foreach(array, j, element)
        {
            if (!add(joiner, into, element))
                return spent(joiner);
        }
    }
    return into;
}

static json_t *append_texts(struct joiner *joiner, const json_t *texts)
{
    struct strbuf all = {.arena = joiner->arena};
    json_t *text, *joined;
    size_t i;

    json_array_foreach(texts, i, text)
    {
        if (!work_charge(joiner->work, json_string_length(text), joiner->err))
            return NULL;
        strbuf_add(&all, json_string_value(text), json_string_length(text));
    }
    joined = all.failed ? NULL : dom_string(&joiner->dom, all.length ? all.data : "", all.length);
    return joined ? joined : spent(joiner);
}

/* Join the values of a member, in the order of the chunks.  NULL with joiner->err set. */
static json_t *merge(struct joiner *joiner, const json_t *values, const char *name)
{
    const enum how how = joined_how(name, strlen(name));
    json_t *last = last_of(values);

    if (!work_charge_each(joiner->work, json_array_size(values), WORK_TOKEN, joiner->err))
        return NULL;
    if (!last)
        return json_array_get(values, 0);
    if (json_is_object(last))
        return json_array_size(values) == 1 ? last : merge_objects(joiner, values);
    if (how == HOW_INDEXED && json_is_array(last))
        return merge_indexed(joiner, values);
    if (how == HOW_APPENDED && json_is_array(last))
        return append_arrays(joiner, values);
    if (how == HOW_APPENDED && json_is_string(last))
        return append_texts(joiner, values);
    return how == HOW_MOST ? most_of(values) : last;
}

bool joined_make(struct joiner *joiner, struct joined *joined)
{
    json_t *values = dom_array(&joiner->dom);

    for (size_t i = 0; i < joined->count; i++)
        if (!add(joiner, values, joined->parts[i].value))
            return arena_fail(joiner->arena, joiner->err);
    joined->answer = values ? merge_objects(joiner, values) : spent(joiner);
    return joined->answer != NULL;
}
