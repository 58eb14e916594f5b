/* bootstrap_options.c - what the member `bootstrap` asks for. */
#include "api/score/bootstrap_options.h"

struct bootstrap bootstrap_read(const json_t *value)
{
    const json_t *samples = json_object_get(value, "samples");
    const json_t *level = json_object_get(value, "level");

    return (struct bootstrap){
        .samples = samples ? (size_t)json_integer_value(samples) : 1000,
        .seed = (uint64_t)json_integer_value(json_object_get(value, "seed")),
        .level = level ? json_number_value(level) : 0.95,
    };
}

bool bootstrap_check(const struct bootstrap *bootstrap, size_t count, const char *what,
                     struct error *err)
{
    return count <= BOOTSTRAP_MAX_DRAWS / bootstrap->samples
           || error_set(err, ERR_OUT_OF_RANGE, "/bootstrap/samples",
                        "%zu samples of %zu %s are more than %d draws", bootstrap->samples, count,
                        what, BOOTSTRAP_MAX_DRAWS);
}

bool bootstrap_charge(const struct bootstrap *bootstrap, size_t count, size_t statistics,
                      struct work *work, struct error *err)
{
    uint64_t each = (uint64_t)count * WORK_DRAW;

    for (size_t samples = bootstrap->samples; samples > 0; samples /= 2)
        each += (uint64_t)statistics * WORK_SORT;
    return work_charge_each(work, bootstrap->samples, each, err);
}
