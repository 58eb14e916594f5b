/* assets.h - the files of the page, which the program holds: all that is below web/.
 *
 * To add a file: put it there. */
#ifndef API_ROUTES_PAGE_ASSETS_H
#define API_ROUTES_PAGE_ASSETS_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of a file, or of the same compressed with gzip. */
struct asset_bytes {
    const char *data;
    size_t length;
};

struct asset {
    const char *name; /* the path below web/: "js/main.js" */
    const char *hash; /* of the file: another file has another one */
    const char *type; /* media type */
    struct asset_bytes plain, packed;
};

/* The file of that name.  False: there is none. */
bool asset_find(const char *name, struct asset *asset);

#endif
