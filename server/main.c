/* main.c - read the settings and do what they ask. */
#include "server/commands.h"
#include "server/config.h"
#include "server/console.h"
#include "server/lifecycle.h"

static int fail(const char *error)
{
    console_error("%s", error);
    return 2;
}

static int run(const struct config *config)
{
    char error[CONFIG_ERROR_SIZE];

    return config_check(config, error) ? lifecycle_run(config) : fail(error);
}

int main(int argc, char **argv)
{
    struct config config;
    char error[CONFIG_ERROR_SIZE];

    if (!config_load(&config, argc, argv, error))
        return fail(error);
    switch (config.command) {
    case COMMAND_RUN:
        return run(&config);
    case COMMAND_HELP:
        return command_help();
    case COMMAND_VERSION:
        return command_version();
    case COMMAND_DOCS:
        return command_docs();
    case COMMAND_EXAMPLE:
        return command_example(&config);
    case COMMAND_HEALTHCHECK:
        return command_healthcheck(&config);
    }
    return 1;
}
