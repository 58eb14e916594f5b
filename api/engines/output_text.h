/* output_text.h - the JSON documents in a text: an event stream, or JSON one after another.
 *
 * An event stream (WHATWG HTML, section 9.2) has its documents in lines that begin with "data:".
 * The document "[DONE]" ends it.  Other fields and comments are skipped.  Otherwise each document
 * begins on a line of its own (NDJSON), and may have several. */
#ifndef API_ENGINES_OUTPUT_TEXT_H
#define API_ENGINES_OUTPUT_TEXT_H

#include "api/base/work.h"
#include "api/json/dom.h"

/* Whether a text looks like one, and not like base64. */
bool output_text_is(const char *text);

/* Parse a text into the list of its documents.  Its numbers and strings are repaired like those of
 * `outputs` (json_string.h).  The work is charged first.  The last document of an event
 * stream may be cut short; *is_cut then says so, and it is left out.  NULL with *err set, without a
 * pointer. */
json_t *output_text_read(const char *text, size_t length, struct arena *arena, struct work *work,
                         bool *is_cut, struct error *err);

#endif
