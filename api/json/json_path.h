/* json_path.h - the current place in a JSON text: the open objects and arrays, and the current
 * member or element of each. */
#ifndef API_JSON_JSON_PATH_H
#define API_JSON_JSON_PATH_H

#include "api/base/strbuf.h"
#include "api/json/dom.h"

#define JSON_MAX_DEPTH 64

/* An open object or array. */
struct json_level {
    json_t *container;
    bool object;
    bool named;               /* the current member is known */
    size_t name, name_length; /* of the current member, in path->names */
    size_t index;             /* of the current element */
};

/* level[0] is the outermost.  level[depth] is the one that was closed last. */
struct json_path {
    size_t depth;
    struct json_level level[JSON_MAX_DEPTH];
    struct strbuf names;  /* the names of all levels, one after another */
    char first_names[64]; /* used until it is full */
};

/* Start with no open level. */
void json_path_init(struct json_path *path, struct arena *arena);

/* The innermost open level; there must be one. */
static inline struct json_level *json_path_top(struct json_path *path)
{
    return &path->level[path->depth - 1];
}

/* Open an object or array.  Its depth must be below JSON_MAX_DEPTH. */
void json_path_push(struct json_path *path, json_t *container, bool object);

/* Set the current member of the innermost object.  False: memory is used up. */
bool json_path_name(struct json_path *path, const char *name, size_t length);

/* Go to the next member or element, after a comma. */
void json_path_next(struct json_path *path);

/* The name of a level's current member, without a NUL at its end. */
static inline const char *json_path_name_at(const struct json_path *path,
                                            const struct json_level *level)
{
    return path->names.data + level->name;
}

/* Whether the current member of the object at level `depth` is `name`. */
bool json_path_at(const struct json_path *path, size_t depth, const char *name);

/* Write the JSON pointer (RFC 6901) to `out`, truncated to `size` bytes. */
void json_path_pointer(const struct json_path *path, char *out, size_t size);

#endif
