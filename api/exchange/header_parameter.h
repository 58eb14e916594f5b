/* header_parameter.h - parameters of a header field, as in `form-data; name="logits"; filename=...`
 * (RFC 9110 section 5.6.6). */
#ifndef API_EXCHANGE_HEADER_PARAMETER_H
#define API_EXCHANGE_HEADER_PARAMETER_H

#include <stddef.h>

enum parameter {
    PARAMETER_ABSENT,
    PARAMETER_FOUND,
    PARAMETER_LONG,  /* its value does not fit into `out` */
    PARAMETER_TWICE, /* it occurs more than once */
    PARAMETER_BAD,   /* the field is not valid */
};

/* Find a parameter after the first word of a field's value; the case of its name does not matter.
 * Write its value, without quotes and escapes, to `out`, which holds `size` bytes. */
enum parameter header_parameter_find(const char *field, const char *name, char *out, size_t size);

#endif
