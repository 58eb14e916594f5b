/* row_source.c - the rows of a plan, when the request is complete. */
#include "api/score/row_source.h"

#include "core/kept_row.h"

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

/* Charge what a sampler keeps of all rows, and make room for one. */
static bool make_room(struct row_source *source, struct exchange *x)
{
    const struct model_output *output = &source->plan->output;
    const uint64_t softcap = source->plan->transform.softcap > 0 ? WORK_SOFTCAP : 0;

    if (!work_charge_each(&x->work, output->rows * output->width, WORK_KEPT * (1 + softcap),
                          &x->error))
        return false;
    source->kernel = x->api->kernel;
    source->masked = arena_alloc(&x->arena, output->width, 3 * sizeof *source->masked);
    source->room = source->masked ? source->masked + output->width : NULL;
    return source->masked || arena_fail(&x->arena, &x->error);
}

bool row_source_open(struct row_source *source, const struct plan *plan, struct exchange *x)
{
    const struct model_output *output = &plan->output;

    *source = (struct row_source){.plan = plan};
    if (sampling_drops(&plan->sampling) && !make_room(source, x))
        return false;
    return output->kind != OUTPUT_ROWS || output->dtype == output->span->intake.dtype
           || read_again(source, x);
}

static struct row row_of(const struct row_source *source, size_t index)
{
    const struct model_output *output = &source->plan->output;
    const size_t bytes = output->width * dtype_size(output->dtype);

    if (source->again)
        return (struct row){source->again + index * bytes, output->width, output->dtype};
    if (output->kind == OUTPUT_MATRIX)
        return engine_output_row(output, index);
    return row_intake_row(&output->span->intake, index, output->width, output->dtype);
}

struct row row_source_row(const struct row_source *source, size_t index)
{
    const struct plan *plan = source->plan;
    const struct row row = row_of(source, index);
    struct row_stats stats;
    struct row_fault fault;

    if (!source->masked)
        return row;
    kept_row_reduce(source->kernel, &row, &plan->transform, &plan->sampling, 0, source->room,
                    &stats, &fault); /* cannot fail: the row was scored */
    kept_row_mask(&stats, &row, source->masked);
    return (struct row){source->masked, row.width, DTYPE_F64};
}
