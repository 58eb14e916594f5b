/* json_path.h - where in a JSON text we are: the objects and arrays that are open, and the member
 * or element at hand of each. */
#ifndef API_JSON_JSON_PATH_H
#define API_JSON_JSON_PATH_H

#include "api/base/strbuf.h"
#include "api/json/dom.h"

#define JSON_MAX_DEPTH 64

/* An object or array that is open. */
struct json_level {
    json_t *container;
    bool object;
    bool named;               /* the object is at a member, and not before a name */
    size_t name, name_length; /* of the member at hand, in path->names */
    size_t index;             /* of the element at hand */
};

/* Level 0 is the outermost.  That at `depth` tells of what was closed last. */
struct json_path {
    size_t depth;
    struct json_level level[JSON_MAX_DEPTH];
    struct strbuf names;
    char first_names[64];
};

void json_path_init(struct json_path *path, struct arena *arena);

/* The innermost level; there is one. */
static inline struct json_level *json_path_top(struct json_path *path)
{
    return &path->level[path->depth - 1];
}

void json_path_push(struct json_path *path, json_t *container, bool object);

/* The innermost object is at this member; false: no memory. */
bool json_path_name(struct json_path *path, const char *name, size_t length);

/* Behind a comma: on to the next member or element. */
void json_path_next(struct json_path *path);

/* The name of the member at hand: not terminated. */
static inline const char *json_path_name_at(const struct json_path *path,
                                            const struct json_level *level)
{
    return path->names.data + level->name;
}

/* Whether level `depth` is an object at its member `name`. */
bool json_path_at(const struct json_path *path, size_t depth, const char *name);

/* As a JSON pointer (RFC 6901); cut where it does not fit. */
void json_path_pointer(const struct json_path *path, char *out, size_t size);

#endif
