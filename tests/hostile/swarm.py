"""swarm.py - many raw connections at once from one thread, for the suites that talk to a socket by hand.

A Talk is what one client sends, piece by piece, and what it hears until the connection ends or its time
is over.  Clients come from 127.0.0.2 and on, so that no limit of one address is met by accident.
"""
import errno
import selectors
import socket
import time

SOURCES = 250  # addresses


class Talk:
    """`pieces` are sent one after another, each as a write of its own; with `finish` the sending side is
    closed behind the last.  `pause`: seconds between two pieces.  `taste`: how many bytes to read at once
    and how long to wait then, for a client that reads slowly."""

    def __init__(self, pieces, finish=False, pause=0.0, taste=None, tag=None):
        self.pieces, self.finish, self.pause, self.taste, self.tag = pieces, finish, pause, taste, tag
        self.data, self.sent = bytearray(), 0
        self.began = self.ended = None
        self.refused = self.reset = self.late = False

    @property
    def seconds(self):
        return self.ended - self.began

    def __repr__(self):
        end = "late" if self.late else "refused" if self.refused else "reset" if self.reset else "closed"
        return f"{end} after {self.seconds:.2f} s: {bytes(self.data[:400])!r}"


class _Running:
    """A Talk with its socket: what it does next and when."""

    def __init__(self, talk, address, source, limit, buffer):
        self.talk, self.socket = talk, socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.bind((f"127.0.0.{2 + source}", 0))
        talk.began = self.due = time.monotonic()
        self.limit = talk.began + limit
        self.next, self.at = 0, 0
        self.hungry = talk.began
        self.socket.connect_ex(address)

    def interest(self, now):
        reads = selectors.EVENT_READ if not self.talk.taste or now >= self.hungry else 0
        writes = self.next < len(self.talk.pieces) and now >= self.due
        return reads | (selectors.EVENT_WRITE if writes else 0)

    def wakes(self):
        """When it wants to be looked at although nothing came."""
        times = [self.limit]
        if self.next < len(self.talk.pieces):
            times.append(self.due)
        if self.talk.taste:
            times.append(self.hungry)
        return min(times)

    def send(self, now):
        piece = self.talk.pieces[self.next]
        try:
            sent = self.socket.send(piece[self.at:]) if piece else 0
        except BlockingIOError:
            return
        except OSError as error:
            self._broken(error)
            return
        self.at += sent
        self.talk.sent += sent
        if self.at < len(piece):
            return
        self.next, self.at, self.due = self.next + 1, 0, now + self.talk.pause
        if self.next == len(self.talk.pieces) and self.talk.finish:
            self._finish()

    def _broken(self, error):
        """Nothing can be sent any more; what was answered before that may still be read."""
        self.next = len(self.talk.pieces)
        self.talk.refused |= error.errno == errno.ECONNREFUSED

    def _finish(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def receive(self, now):
        """False at the end of the connection."""
        try:
            piece = self.socket.recv(self.talk.taste[0] if self.talk.taste else 65536)
        except BlockingIOError:
            return True
        except OSError as error:
            self.talk.reset = True
            self.talk.refused |= error.errno == errno.ECONNREFUSED
            return False
        self.talk.data += piece
        if self.talk.taste:
            self.hungry = now + self.talk.taste[1]
        return bool(piece)


def converse(port, talks, limit, parallel=200, buffer=0, sources=SOURCES, grain=0.0):
    """Carry out all of them, at most `parallel` at once; each has `limit` seconds.  `buffer`: how much is
    received ahead of what is read; `grain`: seconds between two looks at them, where they are many."""
    selector, running, waiting, number = selectors.DefaultSelector(), {}, list(reversed(talks)), 0
    while waiting or running:
        while waiting and len(running) < parallel:
            one = _Running(waiting.pop(), ("127.0.0.1", port), number % sources, limit, buffer)
            number += 1
            running[one.socket.fileno()] = [one, 0]
        time.sleep(grain)
        _arrange(selector, running)
        now = time.monotonic()
        nap = max(0.0, min((entry[0].wakes() for entry in running.values()), default=now) - now)
        for key, events in selector.select(min(nap, 0.5)):
            _step(selector, running, key.fd, events)
        _expire(selector, running)
    selector.close()
    return talks


def _arrange(selector, running):
    now = time.monotonic()
    for fd, entry in running.items():
        wanted = entry[0].interest(now)
        if wanted == entry[1]:
            continue
        if not entry[1]:
            selector.register(fd, wanted)
        elif not wanted:
            selector.unregister(fd)
        else:
            selector.modify(fd, wanted)
        entry[1] = wanted


def _step(selector, running, fd, events):
    one = running[fd][0]
    now = time.monotonic()
    if events & selectors.EVENT_READ and not one.receive(now):
        _end(selector, running, fd)
    elif events & selectors.EVENT_WRITE and one.next < len(one.talk.pieces):
        one.send(now)


def _expire(selector, running):
    now = time.monotonic()
    for fd in [fd for fd, entry in running.items() if now >= entry[0].limit]:
        running[fd][0].talk.late = True
        _end(selector, running, fd)


def _end(selector, running, fd):
    one, registered = running.pop(fd)
    if registered:
        selector.unregister(fd)
    one.talk.ended = time.monotonic()
    one.socket.close()
