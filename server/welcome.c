/* welcome.c - the address for programs; the page, a request and how to stop for people. */
#include "server/welcome.h"

#include "server/address.h"
#include "server/console.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What a client on this machine calls the server: all addresses are reached as localhost. */
static void name_url(const char *name, char url[ADDRESS_TEXT_SIZE])
{
    static const char *const all[] = {"http://0.0.0.0:", "http://[::]:"};

    snprintf(url, ADDRESS_TEXT_SIZE, "%s", name);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strncmp(name, all[i], strlen(all[i])) == 0)
            snprintf(url, ADDRESS_TEXT_SIZE, "http://localhost:%.8s", name + strlen(all[i]));
}

static void print_request(const char *url, const char *path, bool keys)
{
    console_print(
        "  a request: %s --example score |\n"
        "               curl%s%s%s%s -H 'Content-Type: application/json' --data-binary @- "
        "%s/v1/score",
        program_invocation_name, *path ? " --unix-socket '" : "", path, *path ? "'" : "",
        keys ? " -H 'Authorization: Bearer KEY'" : "", url);
}

void welcome_print(const char *name, const struct config *config)
{
    const bool keys = *config->api_key_file != '\0', web = strncmp(name, "unix:", 5) != 0;
    char url[ADDRESS_TEXT_SIZE];

    console_print("listening on %s", name);
    if (!console_is_terminal(STDERR_FILENO))
        return;
    name_url(web ? name : "http://localhost", url);
    if (web && !config->no_page)
        console_print("  the page:  %s/", url);
    print_request(url, web ? "" : name + strlen("unix:"), keys);
    console_print("  to stop:   Ctrl-C");
}
