/* header_parameter.h - the parameters of a header field: `form-data; name="logits"; filename=...`
 * (RFC 9110 section 5.6.6). */
#ifndef API_EXCHANGE_HEADER_PARAMETER_H
#define API_EXCHANGE_HEADER_PARAMETER_H

#include <stddef.h>

enum parameter {
    PARAMETER_ABSENT,
    PARAMETER_FOUND,
    PARAMETER_LONG,  /* its value does not fit */
    PARAMETER_TWICE, /* it is there more than once */
    PARAMETER_BAD,   /* the field cannot be read */
};

/* Find a parameter (its name in any case) behind the first word of a field's value; put its value,
 * without quotes and escapes, into `out`. */
enum parameter header_parameter_find(const char *field, const char *name, char *out, size_t size);

#endif
