/* page.c - the table of bounds and worst cases in docs/numerics.md. */
#include "tests/worst/page.h"

#include "tests/worst/climb.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PAGE "docs/numerics.md"
#define BEGIN "<!-- worst: begin -->\n"
#define END "<!-- worst: end -->\n"

/* Rounded up to two digits. */
static void print_up(double value, FILE *out)
{
    double step = value > 0 && isfinite(value) ? 1 : 0;

    while (step > 0 && step * 100 <= value)
        step *= 10;
    while (step > 0 && step * 10 > value)
        step /= 10;
    fprintf(out, "%.2g", step > 0 ? ceil(value / step) * step : value);
}

static void print_table(FILE *out)
{
    static struct worst worst;

    fputs("| quantity | unit of the error | bound | worst found |\n|---|---|---|---|\n", out);
    for (const struct quantity *quantity = quantities; quantity->name; quantity++) {
        vectors_read(quantity, &worst);
        fprintf(out, "| %s | %s | %g | ", quantity->name, quantity->unit, quantity->bound);
        print_up(worst.count > 0 ? worst.found[0].error : 0, out);
        fputs(" |\n", out);
    }
}

/* The page as it should be; NULL if it has no place for the table. */
static char *page_wanted(const char *page)
{
    const char *begin = strstr(page, BEGIN), *end = strstr(page, END);
    char *wanted = NULL;
    size_t length;
    FILE *out;

    if (!begin || !end || end < begin)
        return NULL;
    begin += strlen(BEGIN);
    out = open_memstream(&wanted, &length);
    fwrite(page, 1, (size_t)(begin - page), out);
    print_table(out);
    fputs(end, out);
    fclose(out);
    return wanted;
}

static bool page_read(char *page, size_t room)
{
    FILE *file = fopen(PAGE, "r");
    size_t length = 0;

    if (file) {
        length = fread(page, 1, room - 1, file);
        fclose(file);
    }
    page[length] = '\0';
    return length > 0;
}

static char page[1 << 17];

bool page_is_current(void)
{
    char *wanted = page_read(page, sizeof page) ? page_wanted(page) : NULL;
    const bool current = wanted && strcmp(page, wanted) == 0;

    free(wanted);
    return current;
}

bool page_write(void)
{
    char *wanted = page_read(page, sizeof page) ? page_wanted(page) : NULL;
    FILE *file = wanted ? fopen(PAGE, "w") : NULL;
    bool written = file != NULL;

    if (file) {
        written = fputs(wanted, file) >= 0;
        written = fclose(file) == 0 && written;
    }
    free(wanted);
    return written;
}
