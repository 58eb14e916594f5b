/* put.h - members of JSON objects, written one after another. */
#ifndef API_PUT_H
#define API_PUT_H

#include "api/text.h"

#include <stdbool.h>

/* ,"name": or "name": for the first member of an object. */
void put_name(struct text *text, const char *name);

void put_number(struct text *text, const char *name, double value);
void put_number_or_null(struct text *text, const char *name, bool known, double value);
void put_count(struct text *text, const char *name, uint64_t count);

#endif
