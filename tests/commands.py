#!/usr/bin/env python3
"""commands.py PROGRAM - run the commands of the documents, as they are pasted, against the program.

Each indented block has commands, or is the answer to the block before it, or is a row of NEITHER, with the reason.  A
command is a line that begins with a word of WORDS, and the lines that it is carried on to.  What names the server is run;
so is what names the program.  Other commands are rows of ELSEWHERE, with the reason.  The answer that the page shows is
the next block of the section, or of a section "The answer".  It is JSON, shortened by {...}, [...] or ... in place of any
value, by ... in place of members of an object, and by ... in place of the rest of a list or a text: the answer of the
program must be the same, to the last digit and in the same order.  The status must be 200, or the one that the shown
answer has.  Each page about an engine must have a command with its answer.  What docs/objectives.md computes in its text
must be right.  Prints check's summary line."""
import json
import math
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", "docs/*.md", "docs/engines/*.md", "examples/*.md", "examples/*/*.md", "clients/*/*.md", "deploy/*.md")
URL = "localhost:8080"
BUILT = "build/logitd"
LEAST = 85  # commands that the documents have: the search must find them
LEAST_SUMS = 15  # in docs/objectives.md
WORDS = r"(curl|gzip|printf|echo|cat|python3|make|git|docker|kubectl|aws|sudo|pip|lm_eval|llama-perplexity|\./|build/)\b"

# Commands that are not run here, and why.
ELSEWHERE = (
    (r"make \w+|make$", "is a target: make -n is asked whether there is one"),
    (r"curl [^|]*(http://(?!127|localhost:8080)|https://)[^|]*$", "asks a server of others"),
    (r"printf .*> request\.json$", "needs the file of an engine"),
    (r"docker (build -t logitd \.|run [^|]*--read-only --cap-drop all -p 127\.0\.0\.1:8080:8080 logitd|stop (-t \d+ )?logitd)$",
     "needs a daemon; tests/deploy.py reads what it is given"),
    (r"kubectl create secret generic logitd-keys --from-file=keys$", "needs a cluster; tests/deploy.py reads what it is given"),
    (r"aws |llama-perplexity ", "asks an engine"),
    (r"lm_eval |python3 examples/lm_eval/proxy\.py ", "tests/lm_eval.py runs the proxy"),
    (r"pip install ", "installs the client; its own tests do so"),
    (r"build/tests/", "is for who changes a test"),
)

# Commands whose answer is not shown, and why; those of pages beside README.md and docs/ need not show it.
UNSHOWN = ((r"curl localhost:8080/metrics$", "is long, and of the moment"),)

# Blocks that have no command and are no answer: the page, how they begin, and why.
NEITHER = (
    (r"docs/python\.md|clients/python/README\.md", r"", "tests/python/test_page.py runs it"),
    (r"README\.md", r"import json, logitd|-5\.316924098153746 0\.19692311474643504\n", "tests/python/test_page.py runs it"),
    (r"docs/inference\.md", r"body = ", "tests/python/test_page.py runs it"),
    (r"docs/inference\.md", r"request = ", "needs Triton's client"),
    (r"docs/engines/.*|examples/lm_eval/.*", r"import json\noutputs = LLM|SamplingParams|model = |def logits", "needs an engine or a model"),
    (r"docs/(architecture|numerics)\.md", r"", "a drawing, or formulas"),
    (r"docs/corpus\.md", r"standard_error = ", "a formula"),
    (r"docs/windows\.md", r"start = ", "a formula"),
    (r"docs/rank\.md", r'{"model": "\.\.\.", ', "members with their meanings"),
    (r"examples/lm_eval/README\.md", r"harness ", "a drawing"),
)

checks = failures = 0


def check(good, what, evidence=""):
    global checks, failures
    checks += 1
    if not good:
        failures += 1
        print(f"commands: {what}:\n{evidence}")


def blocks(page):
    """The indented blocks of a page, without their indentation, each with the heading above it."""
    heading = ""
    for found in re.finditer(r"(?:^    .*\n)+|^#+ (.*)\n", page.read_text() + "\n", flags=re.M):
        heading = found[1] or heading
        if not found[1]:
            yield heading, re.sub(r"^    ", "", found[0], flags=re.M)


def mixed(page):
    """Blocks of a page that have a command and something else behind it, which would be pasted with it.  An empty line
    ends no block: only text between two does."""
    for found in re.finditer(r"^    .*\n(?:\n*    .*\n)*", page.read_text() + "\n", flags=re.M):
        parts = re.sub(r"^    ", "", found[0], flags=re.M).split("\n\n")
        if re.match(WORDS, parts[0]) and not all(re.match(WORDS, part) for part in parts):
            yield parts[0]


def commands(block):
    """The commands of a block, and what else is in it: a quote, a backslash or a bar carries one on to the next line."""
    found, rest, command = [], "", ""
    for line in block.splitlines():
        command += line + "\n"
        if command.count("'") % 2 == 0 and not line.endswith(("\\", "|")):
            if re.match(WORDS, command):
                found.append(re.sub(r" +# .*", "", command.rstrip()))
            elif not command.startswith("#"):
                rest += command
            command = ""
    return found, rest + command


def is_run(command):
    return URL in command or (command.startswith(BUILT) and " --" in command)


def check_elsewhere(where, command):
    """A command that is not run must have a reason; a target of make must be one, and a body JSON."""
    check(any(re.match(pattern, command, flags=re.S) for pattern, _ in ELSEWHERE), f"{where} is not run", command)
    if body := re.search(r" (?:-d|--body) '([^']*)'", command):
        check(parse(body[1]), f"{where} sends what is not JSON", command)
    if command.startswith("make"):
        done = subprocess.run(["make", "-n", "-s", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        check(done.returncode == 0, f"{where} is no target", done.stderr)


def is_neither(name, block):
    return any(re.fullmatch(pages, name) and re.match(start, block) for pages, start, _ in NEITHER)


def place_of_answer(all_blocks, index):
    """Where the answer stands that a page shows below a command; -1 if it shows none."""
    later = range(index + 1, len(all_blocks))
    place = next((i for i in later if all_blocks[i][0] in (all_blocks[index][0], "The answer")), -1)
    return place if place > 0 and all_blocks[place][1].startswith("{") else -1


# ---- shortened JSON ----

ANY = "..."


def parse(text):
    """The documents of a text, one after the other; numbers stay texts.  None: it is not JSON."""
    text = re.sub(r"{\.\.\.}|\[\.\.\.\]|(?<=:)\s*\.\.\.", f'"{ANY}"', text)
    text = re.sub(r'(?<=[{,])(\s*)\.\.\.(?=\s*}|\s*,\s*"[^"]*"\s*:)', rf'\1"{ANY}": 0', text)
    text = re.sub(r"\.\.\.(?=\s*\])", f'"{ANY}"', text).strip()
    decoder, found = json.JSONDecoder(parse_float=str, parse_int=str), []
    while text:
        try:
            value, end = decoder.raw_decode(text)
        except json.JSONDecodeError:
            return None
        found.append(value)
        text = text[end:].strip()
    return found


def differs(short, whole, path=""):
    """Where a document differs from the shortened one, and how; empty if it does not."""
    if short == ANY:
        return ""
    if type(short) is not type(whole):
        return f"{path} is {whole}"
    if isinstance(short, dict):
        names = [name for name in short if name != ANY]
        if missing := [name for name in names if name not in whole]:
            return f"{path} has no {missing[0]}"
        if ANY not in short and (more := [name for name in whole if name not in short]):
            return f"{path} has {more[0]}"
        return next(filter(None, (differs(short[name], whole[name], f"{path}/{name}") for name in names)), "")
    if isinstance(short, list):
        items = short[:-1] if short[-1:] == [ANY] else short
        if len(whole) < len(items) or (len(whole) > len(items) and items is short):
            return f"{path} has {len(whole)} items"
        return next(filter(None, (differs(*pair, f"{path}/{i}") for i, pair in enumerate(zip(items, whole)))), "")
    same = whole.startswith(short[:-len(ANY)]) if str(short).endswith(ANY) else short == whole
    return "" if same else f"{path} is {whole}"


def misplaced(short, whole):
    """The first piece of a shortened text that is not in its place between the others; empty if all are."""
    short, whole = ("".join(text.split()) for text in (short, whole))
    first, *others = short.split(ANY)
    if not whole.startswith(first) or not others and whole != first:
        return first
    rest = whole[len(first):]
    for piece in others[:-1]:
        _, found, rest = rest.partition(piece)
        if not found:
            return piece
    return others[-1] if others and not rest.endswith(others[-1]) else ""


def told(answer):
    """The status that a shown answer must have come with."""
    document = (parse(answer) or [None])[0]
    status = document.get("status", "") if isinstance(document, dict) else ""
    return status if status.isdigit() else "200"


def check_answer(where, short, answer):
    """Hold an answer to the one that the page shows."""
    documents = parse(short)
    if documents is None:
        check(False, f"{where}: the answer that is shown is not JSON", short)
        return
    difference = differs(documents, parse(answer))
    check(not difference, f"{where}: of the answer {difference}", answer)
    piece = "" if difference else misplaced(short, answer)
    check(not piece, f"{where}: the answer has the members in another order, or no more where ... is: {piece}", answer)


def run(command, address):
    """The status, the answer and what was said beside it.  A pipe may end behind curl, so the status goes to stderr."""
    asked = command.replace(URL, address).replace(BUILT, sys.argv[1])
    asked = re.sub(r"\bcurl ", "curl -sS -w '%{stderr}\\n%{http_code}' ", asked)
    done = subprocess.run(["bash", "-o", "pipefail", "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    errors, _, code = done.stderr.rpartition("\n")
    if "curl" not in command:
        code = "200" if done.returncode == 0 else str(done.returncode)
    return code, done.stdout, errors


def check_command(where, command, short, address):
    code, answer, errors = run(command, address)
    check(code == told(short), f"{where} is answered {code}", answer + errors)
    if short:
        check_answer(where, short, answer)


def check_blocks(name, all_blocks, address):
    """Run the commands of a page.  Returns how many there are, and the places of their answers."""
    found, answers = 0, set()
    for index, (_, block) in enumerate(all_blocks):
        place = place_of_answer(all_blocks, index)
        in_block, rest = commands(block)
        check(not (in_block and rest), f"{name} has a block with a command and something else", block)
        for command in in_block:
            where = f"{name}: {command.splitlines()[0]}"
            if not is_run(command):
                check_elsewhere(where, command)
                continue
            found += 1
            answers.add(place)
            is_shown = place > 0 or any(re.match(pattern, command) for pattern, _ in UNSHOWN)
            check(is_shown or not re.match(r"README|docs/", name), f"{where} has no answer")
            check_command(where, command, all_blocks[place][1] if place > 0 else "", address)
    return found, answers - {-1}


# ---- sums in the text ----

TERM = r"(?:exp\(|e\^|[-+·/().\d ])+"


def check_sums(page):
    """What docs/objectives.md computes from the numbers that it shows, as -0.7 + -0.4 = -1.1, is right to the last digit."""
    text = re.sub(r"^    .*$|\*\*", "", page.read_text(), flags=re.M).replace("\n", " ")
    chains = [found[0].split("=") for found in re.finditer(rf"{TERM}\d[) ]*(?: = {TERM})+", text)]
    check(len(chains) >= LEAST_SUMS, f"{page.name} has {len(chains)} sums, not {LEAST_SUMS} or more", chains)
    for chain in chains:
        sides = [side.strip(" .").replace("·", "*").replace("e^", "math.e**").replace("exp", "math.exp") for side in chain]
        values = [eval(side) for side in sides]
        digits = max(map(len, re.findall(r"\.(\d+)", sides[-1])), default=0)
        check(max(values) - min(values) <= 0.51 * 10**-digits, f"{page.name}: a sum is wrong", chain)


def check_page(page, address):
    name, all_blocks, text = str(page.relative_to(ROOT)), list(blocks(page)), page.read_text()
    found, answers = check_blocks(name, all_blocks, address)
    for index, (_, block) in enumerate(all_blocks):
        known = index in answers or commands(block)[0] or is_neither(name, block)
        check(known, f"{name} has a block that is neither a command nor the answer to one", block)
    check(answers or page.parent.name != "engines" or page.stem == "README", f"{name} has no command with an answer")
    check(not list(mixed(page)), f"{name} has answers in the blocks of commands", "\n\n".join(mixed(page)))
    check(not re.search(r"`curl [^`]* |^ *```", text, flags=re.M), f"{name} has a command in running text, or a fence, which is not run")
    return found


def main():
    sys.argv[1] = str(pathlib.Path(sys.argv[1]).resolve())
    server = subprocess.Popen([sys.argv[1], "--port", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        address = server.stderr.readline().strip().removeprefix("listening on http://")
        found = sum(check_page(page, address) for pattern in PAGES for page in sorted(ROOT.glob(pattern)))
        check_sums(ROOT / "docs" / "objectives.md")
        check(found >= LEAST, f"the documents have {found} commands, not {LEAST} or more")
    finally:
        server.terminate()
        server.wait(30)
    print(f"{100 * (checks - failures) // checks}%: Checks: {checks}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
