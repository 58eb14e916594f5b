#!/usr/bin/env python3
"""run.py PROGRAM [NAME...] - run the tests of the Python client against the program; with names, only those.

Prints a line SKIP with its reason for each test that the machine cannot run, check's summary line, and last
"N passed, N failed, N skipped"."""
import importlib.util
import os
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SYSTEM = "/usr/bin/python3"  # it has the packages of the system


def use_system_python():
    """Where the first Python of the PATH has no NumPy, that of the system may."""
    if importlib.util.find_spec("numpy") is None and os.path.exists(SYSTEM) and not os.environ.get("LOGITD_TEST_PYTHON"):
        os.environ["LOGITD_TEST_PYTHON"] = SYSTEM
        os.execv(SYSTEM, [SYSTEM, *sys.argv])


def main():
    use_system_python()
    os.environ["LOGITD"] = str(pathlib.Path(sys.argv[1]).resolve())
    loader = unittest.TestLoader()
    sys.path.insert(0, str(HERE))
    suite = loader.loadTestsFromNames(sys.argv[2:]) if sys.argv[2:] else loader.discover(str(HERE), top_level_dir=str(HERE))
    count = suite.countTestCases()
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(suite)
    bad, skipped = len(result.failures) + len(result.errors), len(result.skipped)
    for test, reason in result.skipped:
        print(f"SKIP {test.id()}: {reason}")
    checks = count - skipped
    print(f"{100 * (checks - bad) // checks if checks else 100}%: Checks: {checks}, Failures: {bad}, Errors: 0")
    print(f"{checks - bad} passed, {bad} failed, {skipped} skipped")
    return 1 if bad or not checks else 0


if __name__ == "__main__":
    sys.exit(main())
