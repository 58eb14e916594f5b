"""Connections: keys, retries, keep-alive, threads, a server of one's own."""
import contextlib
import gzip
import http.server
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from support import CLIENT, PROGRAM, ROOT, TOKENS, Running, logitd, rows

ANSWER = b'{"version": "9"}'


class Script(http.server.BaseHTTPRequestHandler):
    """Answers by a list of steps: a status and its head, or what breaks."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        server = self.server
        server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        server.heads.append(self.headers)
        server.ports.append(self.client_address[1])
        step = server.steps.pop(0) if server.steps else 200
        if step == "close":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif step == "half":
            self.answer(200, ANSWER[:5], length=len(ANSWER))
            self.close_connection = True
        elif step == "slow":
            time.sleep(3)
        elif step == "gzip":
            self.answer(200, gzip.compress(ANSWER), {"Content-Encoding": "gzip"})
        elif step == "page":
            self.answer(502, b"<h1>Bad Gateway</h1>")
        else:
            self.answer(step, ANSWER if step == 200 else b'{"detail": "busy", "code": "no_memory"}', {"Retry-After": "0"})

    do_POST = do_GET

    def answer(self, status, body, head=(), length=None):
        self.send_response(status)
        for name, value in dict(head).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def scripted(*steps):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Script)
    server.steps, server.bodies, server.heads, server.ports = list(steps), [], [], []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Retries(unittest.TestCase):
    def ask(self, *steps, **options):
        with scripted(*steps) as (server, url), logitd.Client(url, **options) as client:
            try:
                return client.version(), len(server.heads)
            except logitd.LogitdError as error:
                return error, len(server.heads)

    def test_busy(self):
        self.assertEqual(self.ask(503, 429, 200), ("9", 3))
        error, count = self.ask(503, 503, 503, 503, retries=2)
        self.assertEqual((error.status, error.code, error.detail, count), (503, "no_memory", "busy", 3))

    def test_lost(self):
        self.assertEqual(self.ask("close", 200), ("9", 2))
        error, count = self.ask("close", "close", retries=1)
        self.assertIsInstance(error, logitd.LogitdConnectionError)
        self.assertEqual(count, 2)

    def test_what_is_not_asked_again(self):
        self.assertEqual(self.ask(500, retries=3)[1], 1)
        self.assertEqual(self.ask("half", retries=3)[1], 1)  # an answer had begun
        error, count = self.ask("slow", retries=3, timeout=1)
        self.assertIn("within 1 s", str(error))
        self.assertEqual(count, 1)

    def test_pages_of_proxies(self):
        error, _ = self.ask("page")
        self.assertEqual(error.status, 502)
        self.assertIn("Bad Gateway", str(error))

    def test_bodies_are_sent_again_but_for_iterators(self):
        for logits, asked in ((rows(), 2), (iter(rows()), 1)):
            with scripted(503) as (server, url), logitd.Client(url) as client:
                with self.assertRaises((logitd.LogitdError, AttributeError)):  # the second answer is no score
                    client.score(TOKENS, logits)
                self.assertEqual(len(server.bodies), asked)
                self.assertEqual(len({body[-400:-50] for body in server.bodies}), 1)

    def test_gzip_and_head(self):
        with scripted("gzip") as (server, url), logitd.Client(url + "/", api_key="secret") as client:
            self.assertEqual(client.version(), "9")
            head = server.heads[0]
            self.assertEqual((head["Authorization"], head["Accept-Encoding"]), ("Bearer secret", "gzip"))

    def test_connections_are_kept(self):
        with scripted() as (server, url), logitd.Client(url) as client:
            for _ in range(5):
                client.version()
            self.assertEqual(len(set(server.ports)), 1)

    def test_a_connection_that_was_closed_while_idle(self):
        with scripted(200, "close", 200) as (server, url), logitd.Client(url, retries=0) as client:
            self.assertEqual([client.version(), client.version()], ["9", "9"])
            self.assertEqual(len(set(server.ports)), 2)

    def test_nobody_there(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"127.0.0.1:{unused.getsockname()[1]}"
            with self.assertRaisesRegex(logitd.LogitdConnectionError, "Is logitd running there"):
                logitd.Client(url, retries=0).version()
        with self.assertRaisesRegex(logitd.LogitdConnectionError, "Is the address right"):
            logitd.Client("http://nobody.invalid", retries=0).version()

    def test_addresses(self):
        for url in ("ftp://here", "http://", "https:///path"):
            with self.assertRaisesRegex(ValueError, "is no address"):
                logitd.Client(url)


class Keys(unittest.TestCase):
    def test_keys(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "keys")
            file.write_text("a-key-that-is-long-enough\n")
            with logitd.Server(PROGRAM, api_key_file=file) as server:
                with server.client("a-key-that-is-long-enough") as client:
                    self.assertTrue(client.score(TOKENS, rows()))
                    self.assertTrue(client.objectives())
                for key, words in ((None, "wants a key: Client"), ("wrong", "does not know this api_key")):
                    with self.assertRaisesRegex(logitd.LogitdError, words) as caught, server.client(key) as client:
                        client.score(TOKENS, rows())
                    self.assertEqual((caught.exception.status, caught.exception.code), (401, "unauthorized"))

    def test_a_refusal_before_the_end_of_a_long_body(self):
        tensor = logitd._Tensor("f64", (400, 100_000), lambda: (bytes(1 << 20) for _ in range(306)))
        with logitd.Server(PROGRAM, max_body="1MiB") as server, server.client(retries=0) as client:
            with self.assertRaises(logitd.LogitdError) as caught:
                client.score(list(range(400)), tensor)
        self.assertEqual((caught.exception.status, caught.exception.code), (413, "too_large"))


class Threads(Running, unittest.TestCase):
    def test_threads_share_a_client(self):
        wanted, found = [self.client.score(TOKENS, rows(), n).to_dict() for n in range(5)], {}

        def work(number):
            found[number] = [self.client.score(TOKENS, rows(), n).to_dict() for n in range(5)]

        threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(list(found.values()), [wanted] * 12)

    def test_unix_sockets(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "socket")
            process = subprocess.Popen([PROGRAM, f"--address=unix:{path}"], stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            try:
                with logitd.Client(f"unix:{path}") as client:
                    self.assertEqual(client.score(TOKENS, rows()).joint, self.client.score(TOKENS, rows()).joint)
            finally:
                process.terminate()
                process.wait(30)


class Servers(unittest.TestCase):
    def test_it_is_stopped_after_an_error(self):
        with self.assertRaises(KeyError):
            with logitd.Server(PROGRAM) as server:
                process = server._process
                self.assertIsNone(process.poll())
                raise KeyError
        self.assertIsNotNone(process.poll())
        with self.assertRaises(logitd.LogitdConnectionError):
            logitd.Client(server.url, retries=0).version()

    def test_it_can_be_started_again(self):
        server = logitd.Server(PROGRAM, max_memory=None)  # None is the program's own default
        for _ in range(2):
            before = time.monotonic()
            with server, server:  # the second start finds it running
                self.assertTrue(server.client().version())
            self.assertLess(time.monotonic() - before, 15)
            with self.assertRaisesRegex(RuntimeError, "is not started"):
                server.client()
            server.stop()
        self.assertEqual(len([line for line in server.messages if line.startswith("listening on ")]), 1)

    def test_it_ends_with_python(self):
        code = f"import logitd\nserver = logitd.Server({PROGRAM!r}).start()\nprint(server._process.pid)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CLIENT)
        with self.assertRaises(ProcessLookupError):
            os.kill(int(done.stdout), 0)

    def test_what_it_says_when_it_does_not_start(self):
        with self.assertRaisesRegex(RuntimeError, "--max-memry=3: there is no such flag"):
            logitd.Server(PROGRAM, max_memry=3).start()
        with self.assertRaisesRegex(OSError, "cannot be started"):
            logitd.Server("/nowhere/logitd").start()
        with self.assertRaisesRegex(RuntimeError, "is not started"):
            logitd.Server(PROGRAM).client()

    def test_where_the_program_is(self):
        saved = {name: os.environ.pop(name, None) for name in ("LOGITD", "PATH")}
        try:
            os.environ["PATH"] = "/nowhere"
            if (ROOT / "build" / "logitd").exists():
                self.assertEqual(logitd.Server().program, str(ROOT / "build" / "logitd"))
            os.environ["LOGITD"] = "/some/logitd"
            self.assertEqual(logitd.Server().program, "/some/logitd")
            self.assertEqual(logitd.Server("mine").program, "mine")
        finally:
            os.environ.update({name: value for name, value in saved.items() if value is not None})

    def test_its_messages(self):
        with logitd.Server(PROGRAM) as server:
            self.assertIn(server.url, server.messages[0])
            self.assertIn(server.url, repr(server))
        json.dumps(list(server.messages))


if __name__ == "__main__":
    unittest.main()
