/* answers.c - the members of answers, as documents tell of them. */
#include "api/routes/about/answers.h"

#include "api/routes/about/answer_lists.h"
#include "api/routes/about/answer_type.h"

/* A row of the table.  An object has `object` and `what`, the other rows are its members. */
static const struct row {
    const char *object, *list, *name, *type, *when, *what;
} rows[] = {
#define OBJECT(name, what) {#name, NULL, NULL, NULL, NULL, what},
#define MEMBER(name, type, when, what) {NULL, NULL, name, type, when, what},
#define EACH(list, type, when, what) {NULL, #list, NULL, type, when, what},
#include "api/routes/about/answers.def"
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };

/* ---- names ---- */

/* The name at `index` of a row, and what it means.  False: the row has no more names. */
static bool name_at(const struct row *row, size_t index, struct answer_name *name)
{
    if (row->list)
        return answer_list_at(row->list, index, name);
    *name = (struct answer_name){row->name, ""};
    return index == 0;
}

/* ---- schemas ---- */

/* Write "what, when", as a description. */
static void put_description(struct strbuf *text, const struct row *row,
                            const struct answer_name *name)
{
    char bytes[1024];
    struct strbuf words = {.data = bytes, .capacity = sizeof bytes};

    strbuf_printf(&words, "%s%s%s", name->what, name->what[0] && row->what[0] ? "; " : "",
                  row->what);
    if (row->when[0])
        strbuf_printf(&words, " Present %s.", row->when);
    strbuf_snippet(text, "'description':");
    strbuf_string(text, bytes, words.length);
    text->failed |= words.failed;
}

static void put_properties(struct strbuf *text, const struct row *row)
{
    const char *separator = "";

    for (; row < rows + ROW_COUNT && !row->object; row++) {
        struct answer_name name;

        for (size_t i = 0; name_at(row, i, &name); i++) {
            strbuf_puts(text, separator);
            strbuf_quote(text, name.name);
            strbuf_puts(text, ":{");
            put_description(text, row, &name);
            strbuf_puts(text, ",");
            answer_type_write(text, row->type);
            strbuf_puts(text, "}");
            separator = ",";
        }
    }
}

/* Write the names of the members that are always there. */
static void put_required(struct strbuf *text, const struct row *row)
{
    const char *separator = "";

    for (; row < rows + ROW_COUNT && !row->object; row++) {
        struct answer_name name;

        for (size_t i = 0; row->when[0] == '\0' && name_at(row, i, &name); i++) {
            strbuf_puts(text, separator);
            strbuf_quote(text, name.name);
            separator = ",";
        }
    }
}

void answers_schemas(struct strbuf *text)
{
    const char *separator = "";

    for (const struct row *row = rows; row < rows + ROW_COUNT; row++) {
        if (!row->object)
            continue;
        strbuf_puts(text, separator);
        strbuf_quote(text, row->object);
        strbuf_snippet(text, ":{'type':'object','description':");
        strbuf_quote(text, row->what);
        strbuf_snippet(text, ",'required':[");
        put_required(text, row + 1);
        strbuf_snippet(text, "],'properties':{");
        put_properties(text, row + 1);
        strbuf_puts(text, "}}");
        separator = ",";
    }
}

/* ---- the reference ---- */

static void put_cells(struct strbuf *page, const struct row *row, const char *what)
{
    strbuf_printf(page, " | %s | %s | %s%s%s |\n", row->type, row->when, what,
                  what[0] && row->what[0] ? "; " : "", row->what);
}

/* Write a line for each name, or one line if all mean the same. */
static void put_member(struct strbuf *page, const struct row *row)
{
    struct answer_name name = {"", ""};

    strbuf_puts(page, "| ");
    for (size_t i = 0; name_at(row, i, &name); i++) {
        const bool own = name.what[0] != '\0';

        strbuf_printf(page, "%s`%s`", i == 0 ? "" : own ? "| " : ", ", name.name);
        if (own)
            put_cells(page, row, name.what);
    }
    if (name.what[0] == '\0')
        put_cells(page, row, "");
}

void answers_reference(struct strbuf *page)
{
    strbuf_puts(page,
                "\n## Members of an answer\n\n"
                "A *number* is a JSON number, or `\"Infinity\"` or `\"-Infinity\"` as a string; a "
                "*finite number* and a *fraction* (from 0 to 1) are always JSON numbers. A *map* "
                "is an object with any names. A type with a capital is an object with a table of "
                "its own here. Where *present* is empty, the member is always there.\n");
    for (const struct row *row = rows; row < rows + ROW_COUNT; row++)
        if (row->object)
            strbuf_printf(
                page, "\n### %s\n\n%s\n\n| member | type | present | what |\n|---|---|---|---|\n",
                row->object, row->what);
        else
            put_member(page, row);
}
