/* config.h - every setting, from its default, the environment and the command line.
 *
 * To add a setting: add a row to config.def and read the field of struct config that it makes. */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include "api/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the process was asked to do. */
enum command { COMMAND_RUN, COMMAND_HELP, COMMAND_VERSION, COMMAND_DOCS, COMMAND_HEALTHCHECK };

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
};

#define CONFIG_ERROR_SIZE 512

/* Read all settings: defaults, then LOGITD_ variables, then the flags of argv.  Texts are borrowed
 * from where they stand.  On failure *error names the source, the value and what it may be. */
bool config_load(struct config *config, int argc, char *const *argv, char error[CONFIG_ERROR_SIZE]);

/* Check what more than one setting decides: an address that others can reach needs keys. */
bool config_check(const struct config *config, char error[CONFIG_ERROR_SIZE]);

/* Append the text of --help, and the settings as a Markdown table. */
void config_help(struct strbuf *text);
void config_reference(struct strbuf *page);

#endif
