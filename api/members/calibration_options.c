/* calibration_options.c - what the member `calibration` of POST /v1/rank asks for. */
#include "api/members/calibration_options.h"

#include <string.h>

enum norm calibration_norm(const json_t *name)
{
    const char *text = json_string_value(name);
    enum norm norm = 0;

    while (norm < NORM_COUNT && !(text && strcmp(text, norm_info(norm)->name) == 0))
        norm++;
    return norm;
}

enum binning calibration_binning(const json_t *name)
{
    const char *text = json_string_value(name);
    enum binning binning = 0;

    while (binning < BINNING_COUNT && !(text && strcmp(text, binning_name(binning)) == 0))
        binning++;
    return binning;
}

struct calibration_options calibration_options_read(const json_t *value)
{
    const json_t *by = json_object_get(value, "by"), *bins = json_object_get(value, "bins");
    const json_t *scheme = json_object_get(value, "scheme");

    return (struct calibration_options){
        .by = by ? calibration_norm(by) : NORM_log_prob,
        .scheme = scheme ? calibration_binning(scheme) : BINNING_equal_width,
        .bins = bins ? (size_t)json_integer_value(bins) : 15,
        .curve = json_is_true(json_object_get(value, "curve")),
    };
}
