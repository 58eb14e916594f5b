/* content_codings.h - the table of content codings that are accepted. */
#ifndef API_EXCHANGE_CONTENT_CODINGS_H
#define API_EXCHANGE_CONTENT_CODINGS_H

#include "api/exchange/content_coding.h"

/* The coding at an index of the table.  NULL: past the end. */
const struct content_coding *coding_at(size_t index);

/* The coding with a name or an alias; case does not matter.  NULL: there is none. */
const struct content_coding *coding_find(const char *name, size_t length);

/* Write the names, such as "gzip, deflate", to `out`. */
void coding_list(char *out, size_t size);

#endif
