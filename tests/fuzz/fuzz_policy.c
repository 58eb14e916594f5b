/* fuzz_policy.c - any bytes as a request to POST /v1/policy, and as lines of requests. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_request(data, size, &endpoint_policy, "{\"type\":");
    return size == 0 ? 0 : fuzz_lines(data, size, &endpoint_policy);
}
