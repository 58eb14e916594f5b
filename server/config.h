/* config.h - every setting, from its default, the environment and the command line.
 *
 * To add a setting: add a row to config.def and read the field of struct config that it makes. */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the process was asked to do. */
enum command {
    COMMAND_RUN,
    COMMAND_HELP,
    COMMAND_VERSION,
    COMMAND_DOCS,
    COMMAND_EXAMPLE,
    COMMAND_HEALTHCHECK
};

/* The C type of each kind of setting. */
#define SETTING_TYPE_text const char *
#define SETTING_TYPE_integer uint64_t
#define SETTING_TYPE_bytes uint64_t
#define SETTING_TYPE_seconds uint64_t /* in nanoseconds, as clock.h */
#define SETTING_TYPE_flag bool
#define SETTING_TYPE_choice unsigned /* its place among the words */

struct config {
#define SETTING(kind, name, value, low, high, help) SETTING_TYPE_##kind name;
#include "server/config.def"
    enum command command;
    const char *example; /* the name behind --example; NULL: none was given */
};

#define CONFIG_ERROR_SIZE 512

/* Read all settings: defaults, then LOGITD_ variables, then the flags of argv.  Texts are borrowed
 * from where they stand.  On failure *error names the source, the value and what it may be. */
bool config_load(struct config *config, int argc, char *const *argv, char error[CONFIG_ERROR_SIZE]);

/* Check what more than one setting decides: an address that others can reach needs keys. */
bool config_check(const struct config *config, char error[CONFIG_ERROR_SIZE]);

/* ---- what there is, for --help and docs/reference.md ---- */

#define CONFIG_NAME_SIZE 48
#define CONFIG_RANGE_SIZE 128

struct config_row {
    const char *group; /* the title of its group, in the first row of it; NULL in the others */
    char flag[CONFIG_NAME_SIZE], variable[CONFIG_NAME_SIZE];
    const char *placeholder; /* what stands for the value: SIZE; "" for a flag */
    char range[CONFIG_RANGE_SIZE];
    const char *value, *help; /* the default, and what the setting does */
};

/* The setting at a place, in the order of config.def.  False: there are no more. */
bool config_row_at(size_t place, struct config_row *row);

/* A flag that has the program do something else than serve. */
struct config_command {
    const char *flag, *letter; /* "--help", "-h"; NULL: it has no letter */
    const char *argument;      /* "[NAME]"; "" for none */
    enum command command;
    const char *help;
};

/* The one at a place; NULL: there are no more. */
const struct config_command *config_command_at(size_t place);

#endif
