/* suite.h - how a unit test program is made: tables of rows, one suite, check's summary line. */
#ifndef TESTS_UNIT_SUITE_H
#define TESTS_UNIT_SUITE_H

#include <check.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A test that is run for each of so many rows, numbered by _i. */
struct loop {
    const TTest *test; /* NULL: no more */
    int count;
};

/* Run the tests of a program; its exit code.  `loops` come first and may be NULL, `tests` ends with
 * NULL. */
static inline int suite_run(const char *name, const struct loop *loops, const TTest *const *tests)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create(name);
    SRunner *runner = srunner_create(suite);
    int failed;

    for (; loops && loops->test; loops++)
        tcase_add_loop_test(all, loops->test, 0, loops->count);
    for (; *tests; tests++)
        tcase_add_test(all, *tests);
    tcase_set_timeout(all, 120);
    suite_add_tcase(suite, all);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}

static inline int suite_main(const char *name, const TTest *const *tests)
{
    return suite_run(name, NULL, tests);
}

#endif
