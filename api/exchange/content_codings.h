/* content_codings.h - the table of content codings in which a body may come. */
#ifndef API_EXCHANGE_CONTENT_CODINGS_H
#define API_EXCHANGE_CONTENT_CODINGS_H

#include "api/exchange/content_coding.h"

/* The coding at a place in the table; NULL past the end. */
const struct content_coding *coding_at(size_t index);

/* The coding of a name or an alias, in any case; NULL where there is none. */
const struct content_coding *coding_find(const char *name, size_t length);

/* Write "gzip, deflate, ...". */
void coding_list(char *out, size_t size);

#endif
