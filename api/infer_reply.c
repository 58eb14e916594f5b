/* infer_reply.c - the answer of a model: tensors as JSON and as blobs. */
#include "api/infer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SINGLE_DIGITS 9 /* that tell any float32 */

/* ---- one element ---- */

/* The fewest digits that read back to the same float32. */
static void put_single(struct text *text, double value)
{
    char digits[32];
    float back;
    int length = 0;

    for (int precision = 6; precision <= SINGLE_DIGITS; precision++) {
        length = snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (number_read_f32(digits, digits + length, &back) && (double)back == value)
            break;
    }
    text_add(text, digits, (size_t)length);
}

static void put_element(struct text *text, enum datatype type, bool defined, double value)
{
    if (!defined)
        text_puts(text, "null");
    else if (type == DATATYPE_BOOL)
        text_puts(text, value != 0 ? "true" : "false");
    else if (type == DATATYPE_INT32)
        text_integer(text, (int64_t)value);
    else if (isinf(value))
        text_puts(text, "null"); /* JSON has no word for it */
    else if (type == DATATYPE_FP32 && value != 0 && !isnan(value))
        put_single(text, value);
    else
        text_number(text, value);
}

/* Little-endian. */
static void put_bytes(struct text *text, uint64_t bits, size_t count)
{
    char bytes[8];

    for (size_t i = 0; i < count; i++)
        bytes[i] = (char)(unsigned char)(bits >> 8 * i);
    text_add(text, bytes, count);
}

static void put_binary(struct text *text, enum datatype type, bool defined, double number)
{
    const double value = defined ? number : (double)NAN;
    const float single = (float)value;
    uint64_t bits = 0;
    uint32_t bits32;

    text->nans += defined && isnan(value);
    if (type == DATATYPE_FP64) {
        memcpy(&bits, &value, sizeof bits);
    } else if (type == DATATYPE_FP32) {
        memcpy(&bits32, &single, sizeof bits32);
        bits = bits32;
    } else {
        bits = (uint64_t)(int64_t)value;
    }
    put_bytes(text, bits, datatype_size(type));
}

/* ---- one output ---- */

/* An output as it is answered. */
struct result {
    const struct output_spec *output;
    enum datatype type;
    size_t sequences, tokens; /* tokens: 1 where there is one value a sequence */
};

static struct result result_of(const struct infer *infer, const struct output_spec *output)
{
    const struct tensor *logits = &infer->input[0];
    const bool wide = infer->ask.settings.doubles && output->type == DATATYPE_FP32;

    return (struct result){.output = output,
                           .type = wide ? DATATYPE_FP64 : output->type,
                           .sequences = logits->shape[0],
                           .tokens = output->axes[1] ? logits->shape[1] : 1};
}

/* Its value, rounded once.  False where it is not defined. */
static bool value_of(const struct infer *infer, const struct result *result, size_t sequence,
                     size_t token, double *value)
{
    const struct plan *plan = &infer->rows.scores.plans[sequence];

    if (!result->output->value(result->output, plan, token, value))
        return false;
    if (result->type == DATATYPE_FP32)
        *value = (double)(float)*value;
    return true;
}

static void put_elements(struct text *text, const struct infer *infer, const struct result *result,
                         void (*put)(struct text *text, enum datatype type, bool defined,
                                     double value),
                         const char *separator)
{
    for (size_t b = 0; b < result->sequences; b++)
        for (size_t t = 0; t < result->tokens; t++) {
            double value = 0;
            const bool defined = value_of(infer, result, b, t, &value);

            if (b + t > 0)
                text_puts(text, separator);
            put(text, result->type, defined, value);
        }
}

static void put_string(struct text *text, const char *name, const char *value, size_t length)
{
    text_puts(text, name);
    text_string(text, value, length);
}

static void put_output(struct text *text, const struct infer *infer, const struct choice *choice)
{
    const struct result result = result_of(infer, choice->output);
    const char *name = choice->output->name, *type = datatype_name(result.type);

    put_string(text, "{\"name\":", name, strlen(name));
    put_string(text, ",\"datatype\":", type, strlen(type));
    text_puts(text, ",\"shape\":[");
    text_count(text, result.sequences);
    if (choice->output->axes[1]) {
        text_puts(text, ",");
        text_count(text, result.tokens);
    }
    if (choice->binary) {
        text_puts(text, "],\"parameters\":{\"binary_data_size\":");
        text_count(text, result.sequences * result.tokens * datatype_size(result.type));
        text_puts(text, "}}");
        return;
    }
    text_puts(text, "],\"data\":[");
    put_elements(text, infer, &result, put_element, ",");
    text_puts(text, "]}");
}

void infer_reply(struct text *text, const struct infer *infer, size_t *head_length)
{
    const struct ask *ask = &infer->ask;
    bool binary = false;

    put_string(text, "{\"model_name\":", infer->model->name, strlen(infer->model->name));
    text_puts(text, ",\"model_version\":\"" INFER_VERSION "\"");
    if (ask->id)
        put_string(text, ",\"id\":", ask->id, ask->id_length);
    text_puts(text, ",\"outputs\":[");
    for (size_t i = 0; i < ask->count; i++) {
        text_puts(text, i > 0 ? "," : "");
        put_output(text, infer, &ask->choices[i]);
        binary |= ask->choices[i].binary;
    }
    text_puts(text, "]}");
    *head_length = binary ? text->length : 0;
    for (size_t i = 0; i < ask->count; i++) {
        const struct result result = result_of(infer, ask->choices[i].output);

        if (ask->choices[i].binary)
            put_elements(text, infer, &result, put_binary, "");
    }
}
