/* reference.h - the part of docs/reference.md that the tables of api/ and core/ make. */
#ifndef API_ROUTES_ABOUT_REFERENCE_H
#define API_ROUTES_ABOUT_REFERENCE_H

#include <stddef.h>

/* Write it, as Markdown, in pieces: write(context, text, length). */
typedef void reference_write_f(void *context, const char *text, size_t length);
void api_reference(reference_write_f *write, void *context);

#endif
