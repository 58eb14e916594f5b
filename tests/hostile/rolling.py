"""rolling.py - two servers behind haproxy, stopped and started again one after the other under load."""
import threading
import time

import front
from hostile import Closed, Late, Malformed, Server, Wire, request

SMALL = b'{"tokens":[0,1],"prompt_length":1,"logprobs":[null,-1.5]}'


class Client(threading.Thread):
    """Asks through the front until told to stop, and counts what is not a 200."""

    def __init__(self, port, keep, stop):
        super().__init__(daemon=True)
        self.port, self.keep, self.stop = port, keep, stop
        self.asked, self.lost, self.wire = 0, [], None

    def run(self):
        while not self.stop.is_set():
            self.asked += 1
            try:
                self.wire = self.wire or Wire(("127.0.0.1", self.port), 20.0)
                self.wire.send(request("POST", "/v1/score", SMALL))
                status = self.wire.reply().status
            except (OSError, Closed, Late, Malformed) as error:
                status = type(error).__name__
            if status != 200:
                self.lost.append(status)
            if status != 200 or not self.keep:
                self._leave()
            time.sleep(0.002)
        self._leave()

    def _leave(self):
        if self.wire:
            self.wire.close()
        self.wire = None


def update(program, flags, rounds):
    """(requests, what came instead of a 200, exit codes) over that many rounds of restarts."""
    servers = [Server(program, "--threads", "1", *flags) for _ in range(2)]
    stop, codes = threading.Event(), []
    with front.Front("haproxy", [server.port for server in servers], check=True) as proxy:
        time.sleep(0.5)
        clients = [Client(proxy.port, i % 2 == 0, stop) for i in range(8)]
        for client in clients:
            client.start()
        for i in range(2 * rounds):
            old = servers[i % 2]
            codes.append(old.stop())
            time.sleep(1.3)  # as long as a new container takes, and longer than a lost SYN is waited for
            servers[i % 2] = Server(program, "--threads", "1", *flags, "--port", str(old.port))
            time.sleep(0.6)  # until haproxy sends to it again
        stop.set()
        for client in clients:
            client.join(30)
    codes += [server.stop() for server in servers]
    return sum(c.asked for c in clients), [one for c in clients for one in c.lost], codes


def check(suite):
    """Nothing is lost with a delay that is longer than haproxy takes to notice; without, something is."""
    if not front.find("haproxy"):
        suite.skip("haproxy is not installed")
        return
    rounds = 20 if suite.long else 2
    asked, lost, codes = update(suite.program, ["--drain-delay", "1s"], rounds)
    suite.check(not lost, f"restarts behind haproxy lost {len(lost)} of {asked}: {lost[:10]}")
    suite.check(not any(codes), f"restarts behind haproxy: exit codes {codes}")
    suite.figure("restarts behind haproxy with --drain-delay 1s: requests", asked)
    suite.figure("restarts behind haproxy with --drain-delay 1s: lost", len(lost))
    asked, lost, _ = update(suite.program, ["--drain-delay", "0s"], rounds)
    suite.check(lost, "the control without a delay loses nothing, so that the test shows nothing")
    suite.figure("restarts without: requests", asked)
    suite.figure("restarts without: lost", len(lost))
