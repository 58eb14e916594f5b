/* json_writer.h - writes members of JSON objects. */
#ifndef API_BASE_JSON_WRITER_H
#define API_BASE_JSON_WRITER_H

#include "api/base/strbuf.h"

#include <stdbool.h>

/* ,"name": or "name": for the first member of an object. */
void put_name(struct strbuf *text, const char *name);

/* Write a member with its value.  Numbers are written as in strbuf.h. */
void put_string(struct strbuf *text, const char *name, const char *value);
void put_text(struct strbuf *text, const char *name, const char *value, size_t length);
void put_null(struct strbuf *text, const char *name);
void put_boolean(struct strbuf *text, const char *name, bool value);
void put_number(struct strbuf *text, const char *name, double value);
void put_number_or_null(struct strbuf *text, const char *name, bool known, double value);
void put_defined(struct strbuf *text, const char *name, double value); /* NaN is null */
void put_count(struct strbuf *text, const char *name, uint64_t count);

#endif
