#!/usr/bin/env python3
"""layers_test.py - layers.py and sizes.sh find what they are for: a small program with every room passes; each
row breaks it on purpose, and what is said then names what is wrong.  Prints check's summary line."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import layers

TESTS = pathlib.Path(__file__).resolve().parent
ROOMS = [room for line in layers.ROOMS for room in line]
LONG = "int long_one(void);\nint long_one(void)\n{\n" + "    (void)0;\n" * 59 + "    return 0;\n}\n"
LONGISH = "".join(f"int f{i}(void);\nint f{i}(void)\n{{\n" + "    (void)0;\n" * 10 + "    return 0;\n}\n" for i in range(99))

# What is broken, the lines that go to the end of files, and what layers.py or sizes.sh says of it.
ROWS = (
    ("nothing", {}, ""),
    ("an include goes up", {"core/x.h": '#include "api/base/x.h"'},
     r"order by includes: core/x -> api/base/x goes up \(core/x\.h:\d includes api/base/x\.h\)"),
    ("an include goes beside", {"api/routes/rank/x.c": '#include "api/routes/compare/x.h"'},
     r"api/routes/rank/x -> api/routes/compare/x goes to the room beside"),
    ("an include of the tests", {"tests/x.h": "", "server/x.c": '#include "tests/x.h"'}, "server/x -> tests/x goes up"),
    ("an include of unknown place", {"core/x.c": '#include "../core/x.h"'}, r"core/x\.c includes \.\./core/x\.h"),
    ("a symbol goes up", {"api/json/x.c": "int server(void); int up(void); int up(void) { return server(); }"},
     r"order by symbols: api/json/x -> server/x goes up \(api/json/x\.o needs server\)"),
    ("data go up", {"api/json/x.c": "extern int shelf; int up(void); int up(void) { return shelf; }", "api/body/x.c": "int shelf;"},
     "api/json/x -> api/body/x goes up"),
    ("a symbol goes beside", {"api/routes/infer/x.c": "int api_routes_rank(void); int beside(void);"
                              "int beside(void) { return api_routes_rank(); }"},
     "api/routes/infer/x -> api/routes/rank/x goes to the room beside"),
    ("two files include each other", {"api/json/a.h": '#include "api/json/b.h"', "api/json/b.h": '#include "api/json/a.h"'},
     r"cycles by includes: need each other: api/json/a api/json/b \(api/json/a\.h:\d includes api/json/b\.h; api/json/b\.h:\d"),
    ("three files do, two by their .c", {"api/json/a.c": '#include "api/json/b.h"', "api/json/b.h": '#include "api/json/c.h"',
                                         "api/json/c.c": '#include "api/json/a.h"', "api/json/a.h": "", "api/json/c.h": ""},
     "need each other: api/json/a api/json/b api/json/c "),
    ("two files call each other", {"api/plan/a.c": "int a(void); int b(void); int a(void) { return b(); }",
                                   "api/plan/b.c": "int a(void); int b(void); int b(void) { return a(); }"},
     r"cycles by symbols: need each other: api/plan/a api/plan/b \(api/plan/a\.o needs b; api/plan/b\.o needs a\)"),
    ("a plug-in uses another", {"core/kernels/a.c": "int a(void); int b(void); int a(void) { return b(); }",
                                "core/kernels/b.c": "int b(void); int b(void) { return 0; }"},
     "core/kernels/a -> core/kernels/b: plug-ins do not use one another"),
    ("a foreign header", {"core/x.c": "#include <time.h>"}, r"foreign headers: core/x\.c includes <time\.h>"),
    ("libmicrohttpd in api", {"api/body/x.h": "#include <microhttpd.h>"}, r"api/body/x\.h includes <microhttpd\.h>"),
    ("a function that is not exact", {"core/x.c": "double exp(double); double e(double); double e(double x) { return exp(x); }"},
     "foreign calls: core/x calls exp"),
    ("a socket in api", {"api/x.c": "int socket(int, int, int); int s(void); int s(void) { return socket(0, 0, 0); }"},
     "api/x calls socket"),
    ("an end", {"server/x.c": "void abort(void); void end(void); void end(void) { abort(); }"}, "server/x calls abort"),
    ("an end without a call", {"server/x.c": "void trap(void); void trap(void) { __builtin_trap(); }"},
     r"server/x\.c has __builtin_trap"),
    ("a word of HTTP", {"core/x.h": "/* for HTTP */"}, r"core knows no HTTP: core/x\.h has HTTP \(line \d\)"),
    ("a room is empty", {"api/score/x.c": None, "api/score/x.h": None}, "rooms: api/score is in ROOMS, and holds no file"),
    ("nothing is built", {"Makefile": None}, "objects are read: there are none"),
    ("a long file", {"tests/long.py": "\n" * 501}, r"tests/long\.py: 50\d lines"),
    ("a long function", {"core/x.c": LONG}, r"core/x\.c:\d+: 62 lines"),
    ("many longish functions", {"core/x.c": LONGISH}, "the median is 13"),
)
RIGHT = ("nothing",)


def compile_some(paths):
    """The objects of these sources, where make would have them."""
    for path in paths:
        into = f"build/{path[:-2]}.o"
        os.makedirs(os.path.dirname(into), exist_ok=True)
        subprocess.run([*os.environ.get("CC", "cc").split(), "-w", "-I.", "-fno-builtin", "-c", path, "-o", into], check=True)


def write_program():
    """A file in each room; it uses the one of the room before, but for those beside it."""
    below = None
    for line in layers.ROOMS:
        for room in line:
            name = room.replace("/", "_")
            os.makedirs(room, exist_ok=True)
            pathlib.Path(room, "x.h").write_text(f"#pragma once\nint {name}(void);\n")
            called = f"{below.replace('/', '_')}()" if below else "0"
            include = f'#include "{below}/x.h"\n' if below else ""
            pathlib.Path(room, "x.c").write_text(f'#include "{room}/x.h"\n{include}int {name}(void)\n{{\n    return {called};\n}}\n')
        below = line[0]
    compile_some(f"{room}/x.c" for room in ROOMS)
    for folder in ("tests", "bench"):
        os.makedirs(folder)


def break_it(changes):
    for path, lines in changes.items():
        if path == "Makefile":
            shutil.rmtree("build")
        elif lines is None:
            os.remove(path)
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "a", encoding="utf-8") as file:
                file.write(("#pragma once\n" if path.endswith(".h") else "") + lines + "\n")
    compile_some(path for path, lines in changes.items() if path.endswith(".c") and lines)


def run():
    """Whether both are content, and what they say."""
    done = [subprocess.run(command, capture_output=True, text=True, check=False)
            for command in ([sys.executable, TESTS / "layers.py", "build"], [TESTS / "sizes.sh"])]
    return not any(one.returncode for one in done), "".join(one.stdout + one.stderr for one in done)


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(folder + "/good")
        os.chdir(folder + "/good")
        write_program()
        for what, changes, message in ROWS:
            os.chdir(folder)
            shutil.rmtree("bad", ignore_errors=True)
            shutil.copytree("good", "bad")
            os.chdir("bad")
            break_it(changes)
            content, said = run()
            if content != (what in RIGHT) or not re.search(message, said, re.M):
                failures += 1
                print(f"layers_test: {what}: {message!r} is not what is said:\n{said}")
        os.chdir("/")
    print(f"{100 * (len(ROWS) - failures) // len(ROWS)}%: Checks: {len(ROWS)}, Failures: {failures}, Errors: 0")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
