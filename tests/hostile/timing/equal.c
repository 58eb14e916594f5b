/* equal.c - key_equal() by itself: for a counter of instructions, and against the clock.
 *
 *   equal count KEY OFFERED   compare once (a counter of instructions looks on)
 *   equal time TRIES          print Welch's t between offers that differ in the first byte and
 * offers that differ in the last one */
#include "server/auth.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH 64 /* comparisons between two looks at the clock */

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int compare_doubles(const void *one, const void *other)
{
    const double a = *(const double *)one, b = *(const double *)other;

    return (a > b) - (a < b);
}

struct sample {
    double *time;
    size_t count;
    double mean, variance;
};

/* Without the slowest tenth, which interrupts and others took. */
static void settle(struct sample *s)
{
    qsort(s->time, s->count, sizeof *s->time, compare_doubles);
    s->count -= s->count / 10;
    for (size_t i = 0; i < s->count; i++)
        s->mean += s->time[i] / (double)s->count;
    for (size_t i = 0; i < s->count; i++)
        s->variance += (s->time[i] - s->mean) * (s->time[i] - s->mean) / (double)(s->count - 1);
}

static void measure(size_t tries)
{
    struct key key, offer[2];
    struct sample sample[2] = {{calloc(tries, sizeof(double)), 0, 0, 0},
                               {calloc(tries, sizeof(double)), 0, 0, 0}};
    char text[KEY_MAX];
    volatile unsigned found = 0;
    uint64_t state = 1;

    memset(text, 'k', sizeof text);
    key_set(&key, text, 64);
    text[0] = 'x';
    key_set(&offer[0], text, 64);
    text[0] = 'k';
    text[63] = 'x';
    key_set(&offer[1], text, 64);
    while (sample[0].count < tries && sample[1].count < tries) {
        struct sample *s;
        const struct key *o;
        double start;

        state = state * 6364136223846793005U + 1442695040888963407U;
        s = &sample[state >> 63];
        o = &offer[state >> 63];
        start = now();
        for (int n = 0; n < BATCH; n++)
            found += key_equal(&key, o);
        s->time[s->count++] = now() - start;
    }
    settle(&sample[0]);
    settle(&sample[1]);
    printf("%.3f\n", (sample[0].mean - sample[1].mean)
                         / sqrt(sample[0].variance / (double)sample[0].count
                                + sample[1].variance / (double)sample[1].count));
    free(sample[0].time);
    free(sample[1].time);
}

int main(int argc, char **argv)
{
    struct key key, offer;

    if (argc == 3 && strcmp(argv[1], "time") == 0) {
        measure(strtoul(argv[2], NULL, 10));
        return 0;
    }
    if (argc != 4)
        return 2;
    key_set(&key, argv[2], strlen(argv[2]));
    key_set(&offer, argv[3], strlen(argv[3]));
    return key_equal(&key, &offer);
}
