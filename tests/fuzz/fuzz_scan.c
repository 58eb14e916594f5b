/* fuzz_scan.c - any bytes as a body, cut anywhere: an answer or an error with a place, never both
 * and never neither, and the same as the plain way finds, number by number.
 *
 * The first two bytes of the input choose the reader and the cuts; the rest is the body. */
#include "tests/plain/compare.h"

#include "core/cpu.h"

#include "api/json/dom.h"
#include "api/json/readers.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    dom_start();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct reader *reader;
    const char *difference;

    if (size < 2)
        return 0;
    reader = reader_at(cpu_features(), data[0] % 3);
    reader = reader ? reader : &reader_portable;
    difference = plain_compare((const char *)data + 2, size - 2, reader,
                               (struct cut){.step = data[1], .seed = data[1] + 1U});
    if (difference) {
        fprintf(stderr, "%s: %s\n", reader->name, difference);
        abort();
    }
    return 0;
}
