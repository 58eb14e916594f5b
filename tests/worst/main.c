/* main.c - the search for the worst case.
 *
 *     worst
 *         replay vectors and reported rows with every kernel, search, hold docs/numerics.md to
 *         the vectors; with LOGITD_TEST_LONG=1 the search is long
 *     worst --rewrite [NAME [STEPS]]
 *         search long, or so many steps from each start; keep the worst in tests/worst/vectors/,
 *         and write the table of docs/numerics.md
 *     worst --page
 *         write that table again, from the vectors as they are
 *     worst --show
 *         print the vectors, what comes out and what is right */
#include "tests/worst/change.h"
#include "tests/worst/climb.h"
#include "tests/worst/page.h"

#include "tests/unit/random.h"
#include "tests/unit/suite.h"

#include "core/cpu.h"
#include "core/kernels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct climb brief = {.seed = 12, .rounds = 1, .steps = 40};
static const struct climb lengthy = {.seed = 13, .rounds = 4, .steps = 500};

static size_t quantities_count(void)
{
    size_t count = 0;

    while (quantities[count].name)
        count++;
    return count;
}

static void fail_for(const struct quantity *quantity, const struct found *found)
{
    printf("%s by %s: %.17g %s, and at most %g is promised:\n", quantity->name,
           quantity_kernel->name, found->error, quantity->unit, quantity->bound);
    quantity_print(quantity, &found->candidate);
    ck_abort_msg("%s is off by %.17g %s", quantity->name, found->error, quantity->unit);
}

static void hold(const struct quantity *quantity, const struct worst *worst)
{
    for (size_t i = 0; i < worst->count; i++)
        if (worst->found[i].error > quantity->bound)
            fail_for(quantity, &worst->found[i]);
}

START_TEST(kept_vectors_are_within_the_bound)
{
    const struct quantity *quantity = &quantities[_i];
    static struct worst worst;

    for (size_t k = 0; (quantity_kernel = kernel_at(cpu_features(), k)); k++) {
        vectors_read(quantity, &worst);
        ck_assert_msg(worst.count > 0, "%s has no vectors", quantity->name);
        hold(quantity, &worst);
    }
}
END_TEST

static const struct quantity *quantity_find(const char *name)
{
    const struct quantity *quantity = quantities;

    while (quantity->name && strcmp(quantity->name, name) != 0)
        quantity++;
    return quantity;
}

/* Lines of a quantity and a candidate. */
START_TEST(reported_rows_are_within_the_bound)
{
    static char line[1 << 12], name[64];
    static struct found found;
    FILE *file = fopen("tests/worst/reported.txt", "r");
    int length;

    ck_assert(file != NULL);
    while (fgets(line, sizeof line, file)) {
        const struct quantity *quantity;

        ck_assert(sscanf(line, "%63s%n", name, &length) == 1);
        quantity = quantity_find(name);
        ck_assert_msg(quantity->name && candidate_read(&found.candidate, line + length), "%s",
                      line);
        change_fit(&found.candidate, quantity->shape);
        for (size_t k = 0; (quantity_kernel = kernel_at(cpu_features(), k)); k++) {
            found.error = quantity_error(quantity, &found.candidate);
            ck_assert_msg(found.error >= 0, "%s", line);
            if (found.error > quantity->bound)
                fail_for(quantity, &found);
        }
    }
    fclose(file);
}
END_TEST

START_TEST(nothing_worse_is_found)
{
    const struct quantity *quantity = &quantities[_i];
    static struct worst worst;

    vectors_read(quantity, &worst);
    climb(quantity, is_long() ? &lengthy : &brief, &worst);
    hold(quantity, &worst);
}
END_TEST

START_TEST(the_page_has_what_was_found)
{
    quantity_kernel = NULL;
    ck_assert_msg(page_is_current(), "docs/numerics.md: run build/tests/worst/worst --page");
}
END_TEST

/* ---- commands ---- */

static int rewrite(const char *name, size_t steps)
{
    const struct climb how = {lengthy.seed + steps, lengthy.rounds, steps};
    static struct worst worst;

    for (const struct quantity *quantity = quantities; quantity->name; quantity++) {
        const clock_t begin = clock();

        if (name && strcmp(name, quantity->name) != 0)
            continue;
        vectors_read(quantity, &worst);
        climb(quantity, &how, &worst);
        printf("%s: %.4g of %g %s (%.0f s)\n", quantity->name,
               worst.count > 0 ? worst.found[0].error : 0, quantity->bound, quantity->unit,
               (double)(clock() - begin) / CLOCKS_PER_SEC);
        fflush(stdout);
        if (!vectors_write(quantity, &worst))
            return EXIT_FAILURE;
    }
    return page_write() ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int show(void)
{
    static struct worst worst;

    for (const struct quantity *quantity = quantities; quantity->name; quantity++) {
        vectors_read(quantity, &worst);
        for (size_t i = 0; i < worst.count; i++)
            quantity_print(quantity, &worst.found[i].candidate);
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    const int count = (int)quantities_count();
    const struct loop loops[] = {
        {kept_vectors_are_within_the_bound, count}, {nothing_worse_is_found, count}, {0}};

    if (argc > 1 && strcmp(argv[1], "--rewrite") == 0)
        return rewrite(argc > 2 ? argv[2] : NULL,
                       argc > 3 ? strtoul(argv[3], NULL, 10) : lengthy.steps);
    if (argc > 1 && strcmp(argv[1], "--page") == 0)
        return page_write() ? EXIT_SUCCESS : EXIT_FAILURE;
    if (argc > 1 && strcmp(argv[1], "--show") == 0)
        return show();
    return suite_run("worst", loops,
                     (const TTest *const[]){reported_rows_are_within_the_bound,
                                            the_page_has_what_was_found, NULL});
}
