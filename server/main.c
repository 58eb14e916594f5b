/* main.c - read the settings and do what they ask. */
#include "server/config.h"
#include "server/output.h"
#include "server/server.h"
#include "server/tools.h"

static int fail(const char *error)
{
    complain("%s", error);
    return 2;
}

static int run(const struct config *config)
{
    char error[CONFIG_ERROR_SIZE];

    return config_check(config, error) ? server_run(config) : fail(error);
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
        return tool_help();
    case COMMAND_VERSION:
        return tool_version();
    case COMMAND_DOCS:
        return tool_docs();
    case COMMAND_HEALTHCHECK:
        return tool_healthcheck(&config);
    }
    return 1;
}
