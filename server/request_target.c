/* request_target.c - the raw target of a request line. */
#include "server/request_target.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool audit(const char *target, struct error *err)
{
    for (const char *c = target; *c != '\0'; c++) {
        if (*c <= ' ' || *c >= 0x7f) /* char may be signed: bytes from 0x80 are refused both ways */
            return error_set(err, ERR_BAD_REQUEST, "",
                             "the request target has a byte that is not visible ASCII");
        if (*c == '#') /* readers differ on whether it ends the path */
            return error_set(err, ERR_BAD_REQUEST, "", "the request target has a fragment");
        if (*c != '%')
            continue;
        if (!is_hex(c[1]) || !is_hex(c[2]) || (c[1] == '0' && c[2] == '0'))
            return error_set(err, ERR_BAD_REQUEST, "", "the request target has a bad %% escape");
    }
    return true;
}

/* The path of an absolute-form target, which servers must take though only proxies are sent it. */
static char *cut_origin(char *target)
{
    const size_t scheme = strncasecmp(target, "http://", 7) == 0    ? 7
                          : strncasecmp(target, "https://", 8) == 0 ? 8
                                                                    : 0;

    if (scheme == 0)
        return target;
    return strchr(target + scheme, '/');
}

char *request_target_path(char *target, struct error *err)
{
    char *path;

    if (strlen(target) > TARGET_MAX) {
        error_set(err, ERR_URI_TOO_LONG, "", "the request target is longer than %d bytes",
                  TARGET_MAX);
        return NULL;
    }
    if (!audit(target, err))
        return NULL;
    target[strcspn(target, "?")] = '\0';
    path = cut_origin(target);
    if (path && *path == '/')
        return path;
    error_set(err, ERR_BAD_REQUEST, "", "the request target is not a path");
    return NULL;
}

const char *request_target_query(const char *target)
{
    const char *mark = strchr(target, '?');

    return mark ? mark + 1 : NULL;
}

bool request_target_names(const char *query, char *out, size_t size)
{
    size_t length = 0;

    *out = '\0';
    for (const char *at = query; *at; at += *at == '&') {
        const size_t name = strcspn(at, "=&");

        if (name > 0 && length < size)
            length += (size_t)snprintf(out + length, size - length, "%s%.*s",
                                       length > 0 ? ", " : "", (int)name, at);
        at += strcspn(at, "&");
    }
    return length > 0;
}
