/* fuzz_preference.c - any bytes as a request to POST /v1/preference. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_request(data, size, &endpoint_preference, "{\"type\":");
}
