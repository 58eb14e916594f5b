/* calibration_options.h - what the member `calibration` of POST /v1/rank asks for. */
#ifndef API_MEMBERS_CALIBRATION_OPTIONS_H
#define API_MEMBERS_CALIBRATION_OPTIONS_H

#include "api/json/dom.h"
#include "core/calibration.h"
#include "core/choice.h"

#define CALIBRATION_MAX_BINS 1000

struct calibration_options {
    enum norm by;
    enum binning scheme;
    size_t bins;
    bool curve;
};

/* The options of a value that is checked. */
struct calibration_options calibration_options_read(const json_t *value);

#endif
