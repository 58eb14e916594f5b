/* calibration_options.c - what the member `calibration` of POST /v1/rank asks for. */
#include "api/members/calibration_options.h"

#include "api/members/registered.h"

struct calibration_options calibration_options_read(const json_t *value)
{
    const json_t *by = json_object_get(value, "by"), *bins = json_object_get(value, "bins");
    const json_t *scheme = json_object_get(value, "scheme");

    return (struct calibration_options){
        .by = (enum norm)registered(REGISTRY_normalisations, by, NORM_log_prob),
        .scheme = (enum binning)registered(REGISTRY_schemes, scheme, BINNING_equal_width),
        .bins = bins ? (size_t)json_integer_value(bins) : 15,
        .curve = json_is_true(json_object_get(value, "curve")),
    };
}
