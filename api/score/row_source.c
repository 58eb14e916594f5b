/* row_source.c - the rows of a plan, when the request is complete. */
#include "api/score/row_source.h"

#include "api/base/arena_error.h"
#include "api/json/row_numbers.h"
#include "api/plan/engine_output.h"

static bool read_again(struct row_source *source, struct exchange *x)
{
    const struct model_output *output = &source->plan->output;
    const struct strbuf *text = &output->span->text.text;
    const size_t size = dtype_size(output->dtype);
    struct chunk chunk = {
        .start = text->data, .at = text->data, .end = text->data + text->length, .last = true};
    struct row_numbers numbers;

    source->again = arena_alloc(&x->arena, output->rows, output->width * size);
    if (!source->again)
        return arena_fail(&x->arena, &x->error);
    row_numbers_init(&numbers, x->api->reader, output->dtype, false, &x->arena);
    for (size_t index = 0; index < output->rows; index++) {
        numbers.out = source->again + index * output->width * size;
        numbers.room = output->width;
        row_numbers_next(&numbers, &chunk);
    }
    return true;
}

bool row_source_open(struct row_source *source, const struct plan *plan, struct exchange *x)
{
    const struct model_output *output = &plan->output;

    *source = (struct row_source){.plan = plan};
    return output->kind != OUTPUT_ROWS || output->dtype == output->span->intake.dtype
           || read_again(source, x);
}

struct row row_source_row(const struct row_source *source, size_t index)
{
    const struct model_output *output = &source->plan->output;
    const size_t bytes = output->width * dtype_size(output->dtype);

    if (source->again)
        return (struct row){source->again + index * bytes, output->width, output->dtype};
    if (output->kind == OUTPUT_MATRIX)
        return engine_output_row(output, index);
    return row_intake_row(&output->span->intake, index, output->width, output->dtype);
}
