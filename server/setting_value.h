/* setting_value.h - read the value of a setting: "8GiB", "500ms", "info". */
#ifndef SERVER_SETTING_VALUE_H
#define SERVER_SETTING_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* False where the text is not such a value.  *out is written only on success. */
bool setting_integer(const char *text, uint64_t *out);
bool setting_bytes(const char *text, uint64_t *out);   /* plain or KiB MiB GiB TiB */
bool setting_seconds(const char *text, uint64_t *out); /* plain or ms s m h; in nanoseconds */
bool setting_flag(const char *text, bool *out);        /* true false 1 0 yes no on off */

/* The index of `text` among words like "debug|info". */
bool setting_choice(const char *text, const char *words, unsigned *out);

#endif
