/* json_path.c - the current place in a JSON text. */
#include "api/json/json_path.h"

#include "api/base/utf8.h"

#include <stdio.h>

void json_path_init(struct json_path *path, struct arena *arena)
{
    path->depth = 0; /* a level is set when it is opened */
    path->names = (struct strbuf){
        .arena = arena, .data = path->first_names, .capacity = sizeof path->first_names};
}

void json_path_push(struct json_path *path, json_t *container, bool object)
{
    path->level[path->depth++] =
        (struct json_level){.container = container, .object = object, .name = path->names.length};
}

bool json_path_name(struct json_path *path, const char *name, size_t length)
{
    struct json_level *level = json_path_top(path);

    path->names.length = level->name;
    strbuf_add(&path->names, name, length);
    level->name_length = length;
    level->named = true;
    return !path->names.failed;
}

void json_path_next(struct json_path *path)
{
    struct json_level *level = json_path_top(path);

    level->index++;
    level->named = false;
}

bool json_path_at(const struct json_path *path, size_t depth, const char *name)
{
    const struct json_level *level = depth < path->depth ? &path->level[depth] : NULL;
    const size_t length = strlen(name);

    return level && level->named && level->name_length == length
           && memcmp(json_path_name_at(path, level), name, length) == 0;
}

/* Append a member's name, escaped: ~ is ~0 and / is ~1. */
static size_t write_name(const char *name, size_t name_length, char *out, size_t size)
{
    size_t length = 0;

    for (size_t i = 0; i < name_length && length + UTF8_MAX < size; i++) {
        const bool special = name[i] == '~' || name[i] == '/';

        out[length++] = special ? '~' : name[i];
        if (special)
            out[length++] = name[i] == '~' ? '0' : '1';
    }
    return utf8_cut(out, length);
}

/* Append one step of the pointer. */
static size_t write_step(const struct json_path *path, const struct json_level *level, char *out,
                         size_t size)
{
    size_t length;

    if (!level->object)
        return (size_t)snprintf(out, size, "/%zu", level->index);
    out[0] = '/';
    length = 1 + write_name(json_path_name_at(path, level), level->name_length, out + 1, size - 1);
    out[length] = '\0';
    return length;
}

void json_path_pointer(const struct json_path *path, char *out, size_t size)
{
    size_t length = 0;

    out[0] = '\0';
    for (size_t i = 0; i < path->depth && length + 24 < size; i++) {
        const struct json_level *level = &path->level[i];

        if (level->object && !level->named)
            return;
        length += write_step(path, level, out + length, size - length);
    }
}
