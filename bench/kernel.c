/* kernel.c - how fast the kernels reduce rows, and this core reads memory.
 *
 * Reads jobs from standard input, one a line, and answers each with its gigabytes a second or with
 * "skip" and a reason:
 *
 *   read                                   merely read memory
 *   KERNEL DTYPE WIDTH WANTS ROWS          avx512 f32 128256 nll memory
 *
 * WANTS is nll; all: entropy, rank and the top 20 too; second: variance, collision and mean; or
 * top_p: what a sampler keeps with top_p 0.9.  ROWS is memory: more of it than any cache holds, no
 * row seen twice in a round; or hot: one row again and again.  The time is the processor's, so that
 * others on the machine count less, and the median of ROUNDS.
 *
 * kernel --all: every kernel of this CPU with every dtype. */
#include "core/cpu.h"
#include "core/kept_row.h"
#include "core/kernels.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 5
#define MEMORY ((size_t)512 << 20)
#define HOT_LOGITS ((size_t)64 << 20) /* in one round over the same row */
#define TOP 20

enum wants { NLL, EVERYTHING, SECOND, TOP_P, WANTS };

static const char *const wants_names[WANTS] = {"nll", "all", "second", "top_p"};
static const unsigned reductions[WANTS] = {0, ROW_ENTROPY, ROW_VARIATION, 0};

struct job {
    const struct kernel *kernel;
    enum dtype dtype;
    size_t width, rows; /* rows of them in memory; 1: hot */
    enum wants wants;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

/* A sum of twelve uniform numbers of sd 1/sqrt(12), times 3. */
static float normal(uint64_t *state)
{
    float sum = -6;

    for (int i = 0; i < 12; i++) {
        *state = *state * 6364136223846793005 + 1442695040888963407;
        sum += (float)(*state >> 40) * 0x1p-24F;
    }
    return 3 * sum;
}

/* Bits of a float as another dtype; plainly cut, which is good enough here. */
static void put(enum dtype dtype, float value, size_t index, void *out)
{
    const double wide = (double)value;
    uint32_t bits;
    uint16_t half;

    memcpy(&bits, &value, sizeof bits);
    half = (uint16_t)(bits >> 16);
    if (dtype == DTYPE_F16) /* what is below its smallest normal number becomes 0 */
        half =
            (uint16_t)((bits >> 16 & 0x8000)
                       | ((bits >> 23 & 0xff) < 113 ? 0 : (bits >> 13 & 0x3ffff) - (112U << 10)));
    if (dtype == DTYPE_F64)
        memcpy((char *)out + 8 * index, &wide, 8);
    else if (dtype == DTYPE_F32)
        memcpy((char *)out + 4 * index, &value, 4);
    else
        memcpy((char *)out + 2 * index, &half, 2);
}

/* Fill all of the memory from a few million different numbers. */
static void fill(void *memory, enum dtype dtype)
{
    enum { PERIOD = 1 << 22 };
    const size_t period = PERIOD * dtype_size(dtype);
    uint64_t state = 1;

    for (size_t i = 0; i < PERIOD; i++)
        put(dtype, i % 2 ? normal(&state) : 0.37F + normal(&state) / 2, i, memory);
    for (size_t at = period; at < MEMORY; at += period - 64 * dtype_size(dtype))
        memmove((char *)memory + at, memory, at + period < MEMORY ? period : MEMORY - at);
}

static double run_kept(const struct job *job, const struct row *row)
{
    static double room[2 * ROW_MAX_WIDTH];
    const struct transform transform = transform_make(1, 0);
    const struct sampling sampling = {.top_p = 0.9};
    struct row_stats stats;
    struct row_fault fault;

    if (!kept_row_reduce(job->kernel, row, &transform, &sampling, 0, room, &stats, &fault))
        abort();
    return row_nll(&stats, &transform, stats.least);
}

static double run_row(const struct job *job, const struct row *row)
{
    const struct transform transform = transform_make(1, 0);
    struct row_stats stats;
    struct row_fault fault;
    struct ranked best[TOP];
    const double logit = row_logit(row, row->width / 2);
    struct order order = {.wants_above = true, .logit = logit, .count = TOP, .best = best};

    if (!job->kernel->reduce(row, &transform, reductions[job->wants], &stats, &fault))
        abort();
    if (job->wants != EVERYTHING)
        return row_nll(&stats, &transform, logit) + stats.variance;
    job->kernel->order(row, &order);
    return row_nll(&stats, &transform, logit) + stats.entropy + best[TOP - 1].logit
           + (double)order.above;
}

static volatile double sink;

static double run(const struct job *job, const void *memory)
{
    const size_t bytes = job->width * dtype_size(job->dtype);
    const size_t rows = job->rows == 1 ? HOT_LOGITS / job->width : job->rows;
    const double start = seconds();
    double sum = 0;

    for (size_t i = 0; i < rows; i++) {
        const struct row row = {(const char *)memory + (job->rows == 1 ? 0 : i * bytes), job->width,
                                job->dtype};

        sum += job->wants == TOP_P ? run_kept(job, &row) : run_row(job, &row);
    }
    sink = sum;
    return (seconds() - start) / (double)(rows * job->width);
}

/* Gigabytes a second. */
static double measure(struct job job, const void *memory)
{
    double times[ROUNDS];

    for (size_t i = 0; i < ROUNDS; i++)
        times[i] = run(&job, memory);
    return (double)dtype_size(job.dtype) / median(times, ROUNDS) * 1e-9;
}

/* Merely read memory: sums of 64-bit words, enough of them for four of the widest vectors. */
static double measure_reading(const uint64_t *memory)
{
    enum { SUMS = 32 };
    double times[ROUNDS];

    for (size_t round = 0; round < ROUNDS; round++) {
        const double start = seconds();
        uint64_t sums[SUMS] = {0};

        for (size_t i = 0; i < MEMORY / sizeof *memory; i += SUMS)
            for (size_t lane = 0; lane < SUMS; lane++)
                sums[lane] += memory[i + lane];
        for (size_t lane = 1; lane < SUMS; lane++)
            sums[0] += sums[lane];
        sink = (double)sums[0];
        times[round] = seconds() - start;
    }
    return (double)MEMORY / median(times, ROUNDS) * 1e-9;
}

static const struct kernel *kernel_named(const char *name)
{
    const struct kernel *kernel = NULL;

    for (size_t i = 0; (kernel = kernel_at(cpu_features(), i)) != NULL; i++)
        if (strcmp(kernel->name, name) == 0)
            break;
    return kernel;
}

/* Read a job; false where the line is none. */
static bool read_job(const char *line, struct job *job)
{
    char kernel[32], dtype[8], wants[8], rows[8];

    *job = (struct job){0};
    if (sscanf(line, "%31s %7s %zu %7s %7s", kernel, dtype, &job->width, wants, rows) != 5
        || job->width == 0 || !dtype_find(dtype, &job->dtype))
        return false;
    job->kernel = kernel_named(kernel);
    for (enum wants i = 0; i < WANTS; i++)
        if (strcmp(wants, wants_names[i]) == 0)
            job->wants = i;
    job->rows = strcmp(rows, "hot") == 0 ? 1 : MEMORY / (job->width * dtype_size(job->dtype));
    return true;
}

/* Memory, and the dtype that it is filled with. */
struct row_numbers {
    void *memory;
    enum dtype dtype;
};

static const void *filled(struct row_numbers *numbers, enum dtype dtype)
{
    if (numbers->dtype != dtype)
        fill(numbers->memory, dtype);
    numbers->dtype = dtype;
    return numbers->memory;
}

static void answer(const char *line, struct row_numbers *numbers)
{
    struct job job;

    if (strncmp(line, "read", 4) == 0)
        printf("%.3f\n", measure_reading(filled(numbers, DTYPE_F32)));
    else if (!read_job(line, &job))
        printf("error: not a job: %s", line);
    else if (!job.kernel)
        printf("skip: this CPU cannot run the kernel\n");
    else
        printf("%.3f\n", measure(job, filled(numbers, job.dtype)));
    fflush(stdout);
}

static void answer_all(struct row_numbers *numbers)
{
    static const char *const rest[] = {"128256 nll memory",   "128256 nll hot",
                                       "128256 all memory",   "128256 second memory",
                                       "128256 top_p memory", "32000 nll memory"};
    const struct kernel *kernel;
    char line[128];

    printf("%-42s GB/s\n%-42s ", "kernel dtype width wants rows", "read");
    answer("read", numbers);
    for (enum dtype dtype = 0; dtype < DTYPE_COUNT; dtype++)
        for (size_t k = 0; (kernel = kernel_at(cpu_features(), k)) != NULL; k++)
            for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
                snprintf(line, sizeof line, "%s %s %s", kernel->name, dtype_name(dtype), rest[i]);
                printf("%-42s ", line);
                answer(line, numbers);
            }
}

int main(int argc, char **argv)
{
    struct row_numbers numbers = {aligned_alloc(4096, MEMORY), DTYPE_COUNT};
    char line[128];

    if (!numbers.memory)
        return 1;
    if (argc > 1 && strcmp(argv[1], "--all") == 0)
        answer_all(&numbers);
    else
        while (fgets(line, sizeof line, stdin))
            answer(line, &numbers);
    free(numbers.memory);
    return 0;
}
