/* fuzz_preference.c - any bytes as a request to POST /v1/preference, and as lines of requests. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_request(data, size, &endpoint_preference, "{\"type\":");
    return size == 0 ? 0 : fuzz_lines(data, size, &endpoint_preference);
}
