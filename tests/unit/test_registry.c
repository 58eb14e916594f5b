/* test_registry.c - the tables of names that requests choose from. */
#include "tests/unit/suite.h"

#include "core/registry.h"

/* A name is found as the value that it stands for, and a name that is not there is not. */
START_TEST(names_are_found)
{
    const struct registry *registry = registry_at((enum registry_id)_i);
    size_t value = 77;

    for (size_t i = 0; i < registry->count; i++) {
        ck_assert(registry_find((enum registry_id)_i, registry->entries[i].name, &value));
        ck_assert_msg(value == i, "%s: %s is twice", registry->name, registry->entries[i].name);
        ck_assert_str_eq(registry_name((enum registry_id)_i, i), registry->entries[i].name);
    }
    value = 77;
    ck_assert(!registry_find((enum registry_id)_i, "nothing", &value));
    ck_assert(!registry_find((enum registry_id)_i, "", &value));
    ck_assert(!registry_find((enum registry_id)_i, NULL, &value));
    ck_assert_uint_eq(value, 77);
}
END_TEST

/* Help is a sentence. */
START_TEST(names_are_explained)
{
    const struct registry *registry = registry_at((enum registry_id)_i);

    for (size_t i = 0; i < registry->count; i++) {
        const char *help = registry->entries[i].help;

        ck_assert_msg(help[strlen(help) - 1] == '.', "%s: %s", registry->name, help);
    }
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {names_are_found, REGISTRY_COUNT}, {names_are_explained, REGISTRY_COUNT}, {NULL, 0}};

    const TTest *const none[] = {NULL};

    return suite_run("registry", loops, none);
}
