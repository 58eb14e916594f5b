/* start.h - what fuzzers of server/ have in common: no start, and an end that says what was wrong.
 */
#ifndef TESTS_FUZZ_START_H
#define TESTS_FUZZ_START_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* End the fuzzer where a rule does not hold. */
#define FUZZ_HOLDS(rule)                                                                           \
    do {                                                                                           \
        if (!(rule)) {                                                                             \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #rule);                     \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* The bytes as a NUL-terminated text, which ends at the first NUL among them; owned by the caller.
 */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

#endif
