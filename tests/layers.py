#!/usr/bin/env python3
"""layers.py BUILD - prove the order of the program's rooms, and that no two files need each other.

A file is a .c with its .h, or a .def; it lives in the room with the longest name that its path begins with.
What one file needs of another is told twice: by #include, and by the symbols of the objects in BUILD, which
are the members of the archives.  In both: no need goes up in ROOMS, none goes to a room beside, and none
leads back to where it came from.  A table (.def) names plug-ins; those need neither the file that reads the
table, nor one another.  Then: foreign headers and functions stay where they belong.

tests/layers_test.py breaks each rule."""
import pathlib
import re
import subprocess
import sys

LAYERS = ("core", "api", "server")

# Lowest first.  A room uses itself and those before it; rooms in one line do not use one another.
ROOMS = (
    ("core",),
    ("api/base",),
    ("api/json",),
    ("api/exchange",),
    ("api/body",),
    ("api/members",),
    ("api/engines",),
    ("api/plan",),
    ("api/score",),
    ("api/alignment",),
    ("api/routes/score",),
    ("api/routes/rank", "api/routes/compare", "api/routes/policy", "api/routes/preference",
     "api/routes/completions", "api/routes/infer", "api/routes/page"),
    ("api/routes/about",),
    ("api",),
    ("server",),
)
PLUGINS = ("core/kernels", "core/objectives", "core/policy", "core/preference")

# Who may include what is not ours: (header, the files that may).
HEADERS = (
    (r"jansson\.h", r"api/json/dom\.h"),
    (r"microhttpd\.h", r"server/http\w*\.[ch]"),
    (r"(zlib|zstd\w*)\.h", r"api/exchange/(zlib\.h|body_decompress_zstd\.c)"),
    (r"(time|stdio)\.h", r"(api|server)/.*"),
    (r"curl/.*", r"nowhere"),
)
# Files that are made by the build, and who may include each.
MADE = {"web/assets.def": "api/routes/page/assets.c"}
# libm functions that IEEE 754 rounds exactly, memory, strings; then what compilers insert.
CORE_MAY = (r"fma|sqrt|fabs|floor|rint|ldexp|malloc|calloc|realloc|aligned_alloc|free|mem(cpy|move|set|cmp)|strcmp|strlen|"
            r"v?snprintf|__stack_chk_fail|__[a-z]+_chk|__cpu_(model|features2|indicator_init)|_GLOBAL_OFFSET_TABLE_|"
            r"__(a|t|ub|l)san_.*|__sanitizer_.*|__gcov_.*|__llvm_.*")
SOCKETS = r"MHD_.*|socket|bind|listen|accept4?|connect|pthread_create"
ENDS = r"abort|__assert_fail|__assert_rtn"
ENDS_IN_TEXT = r"__builtin_(unreachable|trap)"
NOT_IN_CORE = r"(?i)http|json|multipart|openai"


class Source:
    """A source file: its path, the file that it is part of, its lines."""

    def __init__(self, path):
        self.path = path.as_posix()
        self.unit = self.path if path.suffix == ".def" else self.path[:-2]
        self.lines = path.read_text().splitlines()

    def includes(self):
        """(line, what is included, "<" where it is not ours)"""
        for number, line in enumerate(self.lines, 1):
            found = re.match(r'\s*#\s*include\s+(["<])([^">]+)', line)
            if found:
                yield number, found[2], found[1]


def sources():
    found = (path for layer in LAYERS for path in pathlib.Path(layer).rglob("*"))
    return [Source(path) for path in sorted(found) if path.suffix in (".c", ".h", ".def")]


def needs_by_includes(files):
    """{(file, the one it needs): where that is said}"""
    edges = {}
    for file in files:
        for number, target, kind in file.includes():
            unit = target if target.endswith(".def") else target[:-2]
            if kind == '"' and unit != file.unit and target not in MADE:
                edges.setdefault((file.unit, unit), f"{file.path}:{number} includes {target}")
    return edges


def symbols(files, build):
    """The file that defines each symbol, and the symbols that each file calls."""
    objects = {f"{build}/{file.unit}.o": file.unit for file in files if file.path.endswith(".c")}
    there = [name for name in objects if pathlib.Path(name).exists()]
    said = subprocess.run(["nm", "-A", "-P", *there], capture_output=True, text=True, check=True).stdout if there else ""
    owners, calls = {}, {}
    for line in said.splitlines():
        name, symbol, kind = re.match(r"(\S+): (\S+) (\S)", line).groups()
        if kind in "Uw":
            calls.setdefault(objects[name], []).append(symbol)
        elif kind.isupper():
            owners[symbol] = objects[name]
    return owners, calls


def needs_by_symbols(owners, calls):
    edges = {}
    for unit, called in calls.items():
        for symbol in called:
            owner = owners.get(symbol, unit)
            if owner != unit:
                edges.setdefault((unit, owner), f"{unit}.o needs {symbol}")
    return edges


# ---- order ----


def place(unit):
    """Where the file's room stands in ROOMS, and its name; (None, None) where it has none."""
    rooms = [(row, room) for row, line in enumerate(ROOMS) for room in line if unit.startswith(room + "/")]
    return max(rooms, key=lambda found: len(found[1]), default=(None, None))


def order(edges):
    """Faults are (what, evidence)."""
    for (unit, target), where in sorted(edges.items()):
        (here, room), (there, other) = place(unit), place(target)
        if there is None or there > here:
            yield f"{unit} -> {target} goes up", where
        elif there == here and room != other:
            yield f"{unit} -> {target} goes to the room beside", where
        elif any(unit.startswith(p + "/") and target.startswith(p + "/") for p in PLUGINS) \
                and pathlib.Path(f"{target}.c").exists():
            yield f"{unit} -> {target}: plug-ins do not use one another", where


def empty_rooms():
    for room in (room for line in ROOMS for room in line):
        if not any(pathlib.Path(room).glob("*.[ch]")) and room != "api":
            yield f"{room} is in ROOMS, and holds no file", "tests/layers.py"


# ---- cycles ----


def shortest_way(graph, start, allowed):
    """From a file back to itself, through `allowed`; None where there is no such way."""
    ways, seen = [[start]], set()
    for way in ways:
        for target in sorted(graph.get(way[-1], ())):
            if target == start:
                return way + [start]
            if target in allowed and target not in seen:
                seen.add(target)
                ways.append(way + [target])
    return None


def reachable(graph, start):
    seen, new = set(), [start]
    while new:
        for target in graph.get(new.pop(), ()):
            if target not in seen:
                seen.add(target)
                new.append(target)
    return seen


def cycles(edges):
    """Each set of files that need each other is one fault, shown by its shortest cycle."""
    graph = {}
    for unit, target in edges:
        graph.setdefault(unit, set()).add(target)
    reach = {unit: reachable(graph, unit) for unit in graph}
    knots = {frozenset(b for b in reach[a] if a in reach.get(b, ())) for a in graph if a in reach[a]}
    for knot in sorted(knots, key=sorted):
        way = min((shortest_way(graph, unit, knot) for unit in sorted(knot)), key=len)
        shown = "; ".join(edges[pair] for pair in zip(way, way[1:]))
        yield "need each other: " + " ".join(sorted(knot)), shown


# ---- what is not ours ----


def foreign_headers(files):
    for file in files:
        for number, header, kind in file.includes():
            if kind == '"' and not header.startswith(tuple(layer + "/" for layer in LAYERS)) \
                    and MADE.get(header) != file.path:
                yield f"{file.path} includes {header}", f"line {number}"
            for pattern, where in HEADERS:
                if kind == "<" and re.fullmatch(pattern, header) and not re.fullmatch(where, file.path):
                    yield f"{file.path} includes <{header}>", f"line {number}"


def foreign_calls(owners, calls):
    for unit, called in sorted(calls.items()):
        for symbol in (s for s in called if s not in owners):
            if unit.startswith("core/") and not re.fullmatch(CORE_MAY, symbol):
                yield f"{unit} calls {symbol}", "which core may not: is it exact everywhere?"
            if not unit.startswith("server/") and re.fullmatch(SOCKETS, symbol):
                yield f"{unit} calls {symbol}", "sockets and threads are server's"


def ends(files, calls):
    for unit, called in sorted(calls.items()):
        for symbol in (s for s in called if re.fullmatch(ENDS, s)):
            yield f"{unit} calls {symbol}", "which ends the process where it stands"
    yield from words(files, ENDS_IN_TEXT, "")


def words(files, pattern, where):
    """Words that may not stand in files whose paths begin so."""
    for file in (file for file in files if file.path.startswith(where)):
        for number, line in enumerate(file.lines, 1):
            for found in re.finditer(pattern, line):
                yield f"{file.path} has {found[0]}", f"line {number}"


def find_faults(build):
    """The faults against each rule, by its name."""
    files = sources()
    owners, calls = symbols(files, build)
    by_includes, by_symbols = needs_by_includes(files), needs_by_symbols(owners, calls)
    return {
        "rooms": list(empty_rooms()),
        "order by includes": list(order(by_includes)),
        "order by symbols": list(order(by_symbols)),
        "cycles by includes": list(cycles(by_includes)),
        "cycles by symbols": list(cycles(by_symbols)),
        "foreign headers": list(foreign_headers(files)),
        "foreign calls": list(foreign_calls(owners, calls)),
        "nothing ends the process": list(ends(files, calls)),
        "core knows no HTTP": list(words(files, NOT_IN_CORE, "core/")),
        "objects are read": [] if len(by_symbols) > 1 else [("there are none", build)],
    }


def main():
    rules = find_faults(sys.argv[1])
    for rule, faults in rules.items():
        for what, evidence in faults:
            print(f"layers: {rule}: {what} ({evidence})")
    failures = sum(bool(faults) for faults in rules.values())
    print(f"{100 * (len(rules) - failures) // len(rules)}%: Checks: {len(rules)}, Failures: {failures}, Errors: 0")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
