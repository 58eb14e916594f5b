/* help.c - lines that fit a terminal, and tables. */
#include "server/help.h"

#include "server/config.h"

#define WIDTH 80
#define INDENT 6    /* of the lines below a flag */
#define COMMANDS 20 /* width of the column of commands */

/* How a terminal shows titles and flags. */
struct paint {
    const char *title, *flag, *variable, *end;
};

static const struct paint plain = {"", "", "", ""};
static const struct paint coloured = {"\033[1m", "\033[36m", "\033[2m", "\033[0m"};

/* Write words in lines of at most WIDTH columns; the cursor stands at `column`. */
static void put_words(struct strbuf *text, const char *words, size_t column, size_t indent)
{
    while (*words != '\0') {
        const size_t length = strcspn(words, " ");

        if (column > indent && column + 1 + length > WIDTH) {
            strbuf_printf(text, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            strbuf_puts(text, " ");
            column++;
        }
        strbuf_add(text, words, length);
        column += length;
        words += length + strspn(words + length, " ");
    }
}

static void put_command(struct strbuf *text, const struct config_command *command,
                        const struct paint *paint)
{
    char name[64];
    struct strbuf flag = {.data = name, .capacity = sizeof name - 1};

    strbuf_printf(&flag, "%s%s%s %s", command->letter ? command->letter : "",
                  command->letter ? ", " : "", command->flag, command->argument);
    strbuf_printf(text, "  %s%-*.*s%s", paint->flag, COMMANDS, (int)flag.length, name, paint->end);
    put_words(text, command->help, COMMANDS + 2, COMMANDS + 2);
    strbuf_puts(text, "\n");
}

static void put_setting(struct strbuf *text, const struct config_row *row,
                        const struct paint *paint)
{
    if (row->group)
        strbuf_printf(text, "\n%s%s%s\n", paint->title, row->group, paint->end);
    strbuf_printf(text, "  %s%s%s%s%s  [%s]  %s%s%s\n%*s", paint->flag, row->flag, paint->end,
                  *row->placeholder ? " " : "", row->placeholder, *row->value ? row->value : "none",
                  paint->variable, row->variable, paint->end, INDENT, "");
    put_words(text, row->help, INDENT, INDENT);
    strbuf_puts(text, "\n");
}

void help_write(struct strbuf *text, bool colours)
{
    const struct paint *paint = colours ? &coloured : &plain;
    const struct config_command *command;
    struct config_row row;

    strbuf_printf(text,
                  "%slogitd%s - scores language-model outputs over HTTP\n\n"
                  "usage: logitd [flags]\n\n"
                  "Without flags it serves on http://127.0.0.1:8080 until Ctrl-C: open that in a\n"
                  "browser, or send a request of --example.\n\n"
                  "A flag is --name VALUE or --name=VALUE.  Flags win over variables, variables\n"
                  "over defaults (in brackets).\n"
                  "\n%sInstead of serving%s\n",
                  paint->title, paint->end, paint->title, paint->end);
    for (size_t i = 0; (command = config_command_at(i)) != NULL; i++)
        put_command(text, command, paint);
    for (size_t i = 0; config_row_at(i, &row); i++)
        put_setting(text, &row, paint);
}

/* ---- docs/reference.md ---- */

/* A bar would end the cell of a table. */
static void put_cell(struct strbuf *page, const char *text)
{
    for (; *text != '\0'; text++)
        strbuf_add(page, *text == '|' ? "\\|" : text, *text == '|' ? 2 : 1);
}

static void reference_setting(struct strbuf *page, const struct config_row *row)
{
    if (row->group)
        strbuf_printf(page,
                      "\n### %s\n\n| flag | variable | default | value | meaning |\n"
                      "|---|---|---|---|---|\n",
                      row->group);
    strbuf_printf(page, "| `%s` | `%s` | %s | ", row->flag, row->variable,
                  *row->value ? row->value : "none");
    put_cell(page, row->range);
    strbuf_printf(page, " | %s |\n", row->help);
}

static void reference_command(struct strbuf *page, const struct config_command *command)
{
    strbuf_puts(page, "| ");
    if (command->letter)
        strbuf_printf(page, "`%s`, ", command->letter);
    strbuf_printf(page, "`%s%s%s` | %s |\n", command->flag, *command->argument ? " " : "",
                  command->argument, command->help);
}

void help_reference(struct strbuf *page)
{
    const struct config_command *command;
    struct config_row row;

    strbuf_puts(page, "## Settings\n\nA flag wins over a variable, a variable over the default.\n");
    for (size_t i = 0; config_row_at(i, &row); i++)
        reference_setting(page, &row);
    strbuf_puts(page, "\n### Instead of serving\n\n| flag | what it does |\n|---|---|\n");
    for (size_t i = 0; (command = config_command_at(i)) != NULL; i++)
        reference_command(page, command);
    strbuf_puts(page, "\n");
}
