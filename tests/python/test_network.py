"""Connections: keys, retries, keep-alive, threads, a server of one's own."""
import contextlib
import gzip
import http.server
import json
import multiprocessing
import os
import pathlib
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from support import CLIENT, PROGRAM, ROOT, TOKENS, Running, logitd, rows

ANSWER = b'{"version": "9"}'


def heed_signals():
    """For a new process: who starts tests in the background may have these signals ignored, and children inherit that."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


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
        elif step == "moved":
            self.answer(301, b"", {"Location": "https://elsewhere/"})
        elif step == "broken gzip":
            self.answer(200, gzip.compress(ANSWER)[:-6], {"Content-Encoding": "gzip"})
        elif isinstance(step, bytes):
            self.answer(200, step)
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
        self.assertIn("'Bad Gateway'", str(error))

    def test_answers_that_are_none_of_logitd(self):
        """Whatever is at the address, the error is one of the client's, and no KeyError."""
        steps = [(b"<html>", "not one of logitd"), (b"[1]", "not one of logitd"),
                 (b'{"a": 1}', "not one of logitd|broke off"), (b"", "is empty|broke off"),
                 ("moved", "another address: https://elsewhere/"), ("broken gzip", "broke off.*gzip"), ("half", "broke off")]
        for step, words in steps:
            with self.subTest(step), scripted(step, step, step, step) as (_, url), logitd.Client(url) as client:
                for ask in (client.version, lambda: client.score(TOKENS, rows()),
                            lambda: list(client.score_many([{"tokens": [1, 2], "logprobs": [None, -1]}] * 2, progress=False))):
                    with self.assertRaisesRegex(logitd.LogitdError, words):
                        ask()

    def test_errors_in_forms_of_others(self):
        forms = {b'{"error": "no"}': "no", b'{"error": {"message": "no"}}': "no", b'{"errors": ["no"], "detail": "yes"}': "yes",
                 b'{"errors": {"a": 1}, "title": "no"}': "no", b"null": "the answer is empty"}
        for form, words in forms.items():
            self.assertEqual(logitd._problem(400, logitd._json_or_text(form), False).detail, words)

    def test_bodies_are_sent_again_but_for_iterators(self):
        for logits, asked in ((rows(), 2), (iter(rows()), 1)):
            with scripted(503) as (server, url), logitd.Client(url) as client:
                with self.assertRaises(logitd.LogitdError):  # the second answer is no score
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
        for url in ("ftp://here", "http://", "https:///path", "", "http://a b", "http://a:b", "a:99999", "http://[::1", "unix:"):
            with self.assertRaisesRegex(ValueError, "is no address"):
                logitd.Client(url)
        for url in (" http://a:80/x/ ", "a:80/x"):
            self.assertEqual(logitd.Client(url)._connections.prefix, "/x")
        self.assertRaises(ValueError, logitd.Client, timeout=0)
        self.assertRaises(ValueError, logitd.Client, retries=-1)


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

    def test_keys_are_not_told(self):
        """What is wrong with a key, or with an address that has a password, is told without them."""
        secret = "the-secret-key"
        calls = [lambda: logitd.Client(api_key=secret + "\nX: y"), lambda: logitd.Client(api_key=secret + "\u2603"),
                 lambda: logitd.Client(api_key=secret.encode()), lambda: logitd.Client(f"http://me:{secret}@127.0.0.1:8080"),
                 lambda: logitd.Client(f"http://me:{secret}@127.0.0.1:port")]
        for call in calls:
            with self.assertRaises((TypeError, ValueError)) as caught:
                call()
            self.assertNotIn(secret, str(caught.exception))
        self.assertNotIn(secret, repr(logitd.Client(api_key=secret)))

    def test_keys_as_files_have_them(self):
        with scripted() as (server, url):
            for key, head in ((" key\n", "Bearer key"), ("", None), ("\n", None)):
                with logitd.Client(url, api_key=key) as client:
                    client.version()
                self.assertEqual(server.heads.pop()["Authorization"], head)

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

    @unittest.skipUnless(hasattr(os, "fork"), "this system has no fork")
    def test_a_forked_process_has_its_own_connections(self):
        """Else two processes would write to one connection, and read each other's answers."""
        self.assertEqual(self.many_scores(self.client, "before"), "right")
        children = []
        for number in range(3):
            child = os.fork()
            if child == 0:
                os._exit(0 if self.many_scores(self.client, f"child {number}") == "right" else 1)
            children.append(child)
        self.assertEqual(self.many_scores(self.client, "parent"), "right")
        self.assertEqual([os.waitpid(child, 0)[1] for child in children], [0, 0, 0])

    @staticmethod
    def many_scores(client, label):
        for number in range(60):
            name = f"{label} {number}"
            if client.score(TOKENS, rows(), id=name).id != name:
                return "another's answer"
        return "right"

    def test_clients_go_to_other_processes(self):
        client = pickle.loads(pickle.dumps(self.server.client("key", 7, 2)))
        self.assertEqual((client._key, client.timeout, client.retries), ("key", 7, 2))
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            self.assertEqual(pool.apply(self.client.version), self.client.version())

    @unittest.skipUnless(hasattr(signal, "SIGINT") and os.name == "posix", "this system has no signals")
    def test_an_interrupt_does_not_wait_for_answers(self):
        asks = ("c.score([0, 1], [[1.0, 2.0]])", "list(c.score_many([([0, 1], [[1.0, 2.0]])] * 9, progress=False))")
        with socket.create_server(("127.0.0.1", 0)) as silent:
            for ask in asks:
                code = f"import logitd\nc = logitd.Client('127.0.0.1:{silent.getsockname()[1]}')\nprint(1, flush=True)\n{ask}"
                process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                           cwd=CLIENT, text=True, preexec_fn=heed_signals)
                process.stdout.readline()
                silent.accept()[0].recv(10)  # it has asked
                process.send_signal(signal.SIGINT)
                self.assertIn("KeyboardInterrupt", process.communicate(timeout=20)[1])

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

    @unittest.skipUnless(os.name == "posix", "this system has no signals")
    def test_it_ends_with_a_python_that_is_killed(self):
        code = f"import logitd, time\nprint(logitd.Server({PROGRAM!r}).start().url, flush=True)\ntime.sleep(60)"
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGHUP):
            with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=CLIENT,
                                  preexec_fn=heed_signals) as process:
                url = process.stdout.readline().strip()
                process.send_signal(number)
            self.assertTrue(self.ends(url), number)

    @staticmethod
    def ends(url):
        """Whether nobody answers at the address, soon."""
        for _ in range(100):
            try:
                logitd.Client(url, retries=0).version()
            except logitd.LogitdConnectionError:
                return True
            time.sleep(.1)
        return False

    @unittest.skipUnless(os.name == "posix", "this system has no signals")
    def test_an_interrupt_is_for_python_alone(self):
        """Ctrl-C at a terminal, or in a notebook, is sent to the whole group of processes."""
        code = (f"import logitd, time\nserver = logitd.Server({PROGRAM!r}).start()\n"
                "try:\n    print(1, flush=True)\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    time.sleep(.5)\n"
                "print(server.client().version())")
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=CLIENT,
                              start_new_session=True, preexec_fn=heed_signals) as process:
            process.stdout.readline()
            os.killpg(process.pid, signal.SIGINT)
            self.assertTrue(process.communicate(timeout=30)[0])

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
