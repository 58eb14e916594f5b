"""peers.py - the programs that are measured: starting them, and stopping them whatever happens.

Each is a context manager.  Services give a Service; steppers, which repeat one measurement for every
line they read, give a function.  What is not to be had here raises Skip with the reason.
"""
import contextlib
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers")
START_TIME = 60  # seconds for a service to be there
STEP_TIME = 120  # seconds for a stepper's answer


class Skip(Exception):
    """A row that cannot be measured on this machine."""


@dataclass(frozen=True)
class Service:
    port: int
    pid: int


@contextlib.contextmanager
def running(command, **options):
    """A process in a group of its own, all of which is killed in the end."""
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def must_have(program, package):
    path = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")
    if not path:
        raise Skip(f"{program} is not here ({package})")
    return path


def must_import(module, package):
    if subprocess.run([sys.executable, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode:
        raise Skip(f"Python has no {module} ({package})")


# ---- services ----


def wait_for(condition, process, what):
    until = time.monotonic() + START_TIME
    while time.monotonic() < until and process.poll() is None:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise RuntimeError(f"{what} did not start")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def service_at(port, command, what):
    with running(command) as process:
        wait_for(lambda: answers(port), process, what)
        yield Service(port, process.pid)


@contextlib.contextmanager
def logitd(build, *flags):
    """Ours, with its defaults; the log is written, to nowhere."""
    command = [os.path.join(build, "logitd"), "--port", "0", *flags]
    with tempfile.TemporaryFile("w+") as messages:

        def port():
            messages.seek(0)
            found = re.search(r"^listening on http://127\.0\.0\.1:(\d+)$", messages.read(), re.M)
            return found and int(found.group(1))

        with running(command, stdout=subprocess.DEVNULL, stderr=messages) as process:
            yield Service(wait_for(port, process, "logitd"), process.pid)


@contextlib.contextmanager
def fastapi():
    """FastAPI and PyTorch: one worker of uvicorn with uvloop and httptools, default threads."""
    must_import("torch", "python3-torch")
    must_import("fastapi, uvicorn", "python3-fastapi, python3-uvicorn")
    port = free_port()
    command = [sys.executable, os.path.join(HERE, "service.py"), str(port)]
    with service_at(port, command, "the FastAPI service") as service:
        yield service


@contextlib.contextmanager
def nginx():
    program, port = must_have("nginx", "nginx-light"), free_port()
    with tempfile.TemporaryDirectory() as prefix:
        with open(os.path.join(HERE, "nginx.conf")) as template:
            text = template.read().replace("PORT", str(port))
        path = os.path.join(prefix, "nginx.conf")
        with open(path, "w") as file:
            file.write(text)
        command = [program, "-p", prefix, "-c", path, "-e", "stderr"]
        with service_at(port, command, "nginx") as service:
            yield service


@contextlib.contextmanager
def sink(build):
    """libmicrohttpd as logitd uses it, which throws bodies away."""
    port = free_port()
    command = [os.path.join(build, "bench/peers/sink"), str(port)]
    with service_at(port, command, "the sink") as service:
        yield service


# ---- steppers ----


def read_number(process):
    ready, _, _ = select.select([process.stdout], [], [], STEP_TIME)
    answer = process.stdout.readline().strip() if ready else "error: no answer in time"
    if answer.startswith("skip: "):
        raise Skip(answer[6:])
    try:
        return float(answer)
    except ValueError:
        raise RuntimeError(f"{process.args[0]}: {answer or 'it ended'}") from None


@contextlib.contextmanager
def stepper(*command):
    with running(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def step(line=""):
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(line + "\n")
                process.stdin.flush()
            return read_number(process)

        yield step


def kernel(build):
    return stepper(os.path.join(build, "bench/kernel"))


def torch_program(name, *numbers):
    must_import("torch", "python3-torch")
    return stepper(sys.executable, os.path.join(HERE, name), *map(str, numbers))


def torch_rows(width, rows):
    return torch_program("torch_rows.py", width, rows)


def simdjson(build, body):
    program = os.path.join(build, "bench/peers/simdjson_read")
    if not os.path.exists(program):
        raise Skip("simdjson is not here (libsimdjson-dev)")
    (path,) = body.pieces
    return stepper(program, path)
