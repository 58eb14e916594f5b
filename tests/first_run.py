#!/usr/bin/env python3
"""first_run.py PROGRAM - what a newcomer sees first: --help, --example, mistakes, and what a server says at a terminal.

Each example is sent, as `--example` says, to a server, and stands in its /openapi.json.  A terminal is a pseudo-terminal.  Prints check's summary line."""
import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

PROGRAM = sys.argv[1]
KEY = "a-key-of-somebody"
NAMES = "score logprobs engine lines rank compare policy preference completions infer".split()
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("LOGITD_", "NO_COLOR"))}

checks = failures = 0


def check(good, what, evidence=""):
    global checks, failures
    checks += 1
    if not good:
        failures += 1
        print(f"first_run: {what}:\n{evidence}")


def said(*arguments):
    done = subprocess.run([PROGRAM, *arguments], env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def read_all(terminal):
    """What comes from a terminal until its last writer closes it, which Linux tells by EIO."""
    text = b""
    try:
        while piece := os.read(terminal, 65536):
            text += piece
    except OSError:
        pass
    return text.decode().replace("\r\n", "\n")


def said_at_terminal(*arguments, **variables):
    terminal, end = pty.openpty()
    with subprocess.Popen([PROGRAM, *arguments], env={**ENVIRONMENT, "TERM": "xterm", **variables}, stdout=end) as child:
        os.close(end)
        text = read_all(terminal)
        os.close(terminal)
    return child.returncode, text


def check_help():
    code, plain, _ = said("--help")
    check(code == 0 and "\033" not in plain, "--help has no colours in a pipe", plain)
    check(said("-h")[1] == plain, "-h is --help")
    check(max(map(len, plain.splitlines())) <= 80, "--help fits 80 columns")
    code, coloured = said_at_terminal("--help")
    check(code == 0 and "\033[" in coloured, "--help has colours at a terminal", coloured)
    check(re.sub(r"\033\[\d*m", "", coloured) == plain, "colours change no word")
    check(said_at_terminal("--help", NO_COLOR="1")[1] == plain, "NO_COLOR is heeded")
    check(said_at_terminal("--help", NO_COLOR="")[1] == coloured, "an empty NO_COLOR is none")
    check(said_at_terminal("--help", TERM="dumb")[1] == plain, "a dumb terminal shows no colours")


def check_examples(address):
    listed = said("--example")[1]
    commands = dict(re.findall(r"--example (\w+) \|\n +(curl .*)", listed))
    check(list(commands) == NAMES, "--example lists all", listed)
    for name, curl in commands.items():
        sent = curl.replace("localhost:8080", address).replace("curl ", "curl -sS -w '\\n%{http_code}' ", 1)
        done = subprocess.run(["bash", "-c", f'"$0" --example {name} | {sent}', PROGRAM], env=ENVIRONMENT,
                              capture_output=True, text=True, timeout=60, check=False)
        check(done.stdout.endswith("\n200") and '"errors":1' not in done.stdout, f"--example {name} is answered",
              done.stdout + done.stderr)
    check("localhost:9000/" in said("--port", "9000", "--example")[1], "--example heeds --port")
    code, text, error = said("--example", "scores")
    check(code == 2 and not text and "did you mean score;" in error, "a wrong name is told the right one", error)


def check_document(address):
    """The examples of /openapi.json, by name, are those of --example."""
    with urllib.request.urlopen(f"http://{address}/openapi.json", timeout=60) as answer:
        paths = json.load(answer)["paths"]
    shown = {}
    for operation in (operation for path in paths.values() for operation in path.values()):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            shown.update(content.get("examples", {}))
    check(sorted(shown) == sorted(NAMES), "/openapi.json has every example", sorted(shown))
    for name, example in shown.items():
        printed = said("--example", name)[1]
        value = example["value"]
        check(value == (printed if isinstance(value, str) else json.loads(printed)), f"/openapi.json has the example {name}", value)


def is_served(url):
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.headers.get_content_type() == "text/html"
    except urllib.error.HTTPError:
        return False


def paste(command):
    """The status that a command gets, with its pipe as it is shown."""
    done = subprocess.run(["bash", "-c", re.sub(r"\bcurl ", "curl -s -o /dev/null -w '%{http_code}' ", command)],
                          env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout


def check_terminal(name, *arguments, url=None):
    """`name` is what the first line says, a pattern; `url` what the page's line says, where it is another one."""
    terminal, end = pty.openpty()
    with subprocess.Popen([PROGRAM, *arguments], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=end) as server:
        os.close(end)
        text = ""
        while "stop" not in text:
            text += os.read(terminal, 4096).decode().replace("\r\n", "\n")
        said = re.fullmatch(rf"listening on ({name})\n(?:  the page:  (.*)\n)?  a request: (.*\n.*)\n  to stop:   Ctrl-C\n", text)
        check(bool(said), f"a terminal is told the address, a request and how to stop, with {arguments}", text)
        if said:
            page = f"{url or name}/"
            check(paste(said[3].replace("KEY", KEY)) == "200", "the request that a terminal is told is answered", text)
            check(not said[2] or re.fullmatch(page, said[2]) and is_served(said[2]), "the page is where it is said to be", text)
            check(bool(said[2]) == (name.startswith("http") and "--no-page" not in arguments), "a terminal is told of the page", text)
        server.terminate()
    os.close(terminal)


def check_terminals():
    web, port = r"http://127\.0\.0\.1:\d+", ("--port", "0")
    check_terminal(web, *port)
    check_terminal(web, *port, "--no-page")
    check_terminal(r"http://0\.0\.0\.0:\d+", *port, "--address", "0.0.0.0", "--insecure-no-auth", url=r"http://localhost:\d+")
    with tempfile.TemporaryDirectory(prefix="logitd first run") as folder:
        keys, socket = f"{folder}/keys", f"{folder}/socket"
        pathlib.Path(keys).write_text(KEY + "\n")
        check_terminal(web, *port, "--api-key-file", keys)
        check_terminal(f"unix:{socket}", "--address", f"unix:{socket}")


def check_mistakes():
    for given, meant in (("--verison", "--version"), ("--max-memry=3", "--max-memory"), ("--max_work", "--max-work"), ("help", "--help")):
        code, text, error = said(given)
        check(code == 2 and not text and f"{given}: there is no such flag; did you mean {meant}? --help" in error,
              "a wrong flag is told the right one", error)
    check(said("--colour")[2].endswith("there is no such flag; --help lists them\n"), "no flag is near", said("--colour")[2])


def main():
    check_help()
    check_mistakes()
    check_terminals()
    with subprocess.Popen([PROGRAM, "--port", "0"], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True) as server:
        line = server.stderr.readline()
        address = line.strip().removeprefix("listening on http://")
        check_examples(address)
        check_document(address)
        server.terminate()
        rest = server.stderr.read()
    check(re.fullmatch(r"listening on http://127\.0\.0\.1:\d+\n", line) and not rest, "programs are told the address alone",
          line + rest)
    print(f"{100 * (checks - failures) // checks}%: Checks: {checks}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
