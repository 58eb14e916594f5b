#!/usr/bin/env python3
"""r08_fronts.py - R8: the hostile requests of R6 through haproxy and nginx.

Every request that came to logitd must be one that the front knows it passed on, once: a request without
the front's name, or with one that came before, is one that was smuggled past the front.  Only a head that
is refused may be nameless, since what is read of it ends where it is wrong."""
import collections
import json

import front
import http_data
import http_rows
from hostile import Server, Suite, shared_data
from swarm import Talk, converse

LIMIT = 20.0
FLAGS = ["--threads", "2", "--log-level", "debug", "--idle-timeout", "5s", "--head-timeout", "5s"]

# Each as strict as it comes, and as lenient as it can be made.
FRONTS = [
    ("haproxy", "strict", ""),
    ("haproxy", "lenient", "option accept-invalid-http-request"),
    ("nginx", "strict", ""),
    ("nginx", "lenient", "ignore_invalid_headers off; underscores_in_headers on; merge_slashes off;"),
]


OURS = "not-by-way-of-the-front"  # the name of a request of our own
REFUSED = {400, 413, 414, 431, 505}  # of a head
GIVEN_UP = {-1, 499}  # by the client, before it was passed on


def requests_behind(server):
    """(name, status) of the requests that logitd's log tells of."""
    return [(line.get("request_id", ""), line.get("http.response.status_code", 0))
            for line in map(json.loads, server.log_lines()) if line.get("body") == "request"]


def through(suite, kind, manner, options, datas):
    what = f"{kind}, {manner}"
    with Server(suite.program, *FLAGS, log=True) as server:
        with front.Front(kind, [server.port], options, client=1) as proxy:
            for finish in (False, True):
                talks = [Talk([data], finish) for _, data in datas]
                converse(proxy.port, talks, LIMIT, 150)
                for (name, _), talk in zip(datas, talks):
                    suite.check(not talk.late, f"{what}: {name}: neither answered nor closed: {talk}")
            proxy.stop()
            passed = proxy.passed()
        suite.check(server.is_well(name=OURS), f"{what}: a plain request is answered afterwards")
        server.stop()
        behind = [one for one in requests_behind(server) if one[0] != OURS]
    suite.check(server.code == 0, f"{what}: it ends well: {server.trouble()}")
    compare(suite, what, passed, behind)


def compare(suite, what, passed, behind):
    names, came = {name for name, _ in passed}, collections.Counter(name for name, _ in behind)
    nameless = [(name, status) for name, status in behind if name not in names]
    absent = [(name, status) for name, status in passed if name not in came]
    twice = [name for name in names if came[name] > 1]
    desync = [one for one in nameless if one[1] not in REFUSED] + twice
    suite.check(len(names) == len(passed), f"{what}: the front tells its requests apart")
    suite.check(not desync, f"{what}: requests that nobody passed on, or came twice: {desync[:5]}")
    suite.check(all(status in REFUSED | GIVEN_UP for _, status in absent),
                f"{what}: passed on and answered, and yet they did not come: {absent[:5]}")
    suite.check(len(nameless) <= len(absent), f"{what}: {len(nameless)} came without a name, "
                                              f"{len(absent)} were passed on and refused unread")
    suite.figure(f"{what}: passed on", len(passed))
    suite.figure(f"{what}: came", sum(came.values()) - len(nameless))
    suite.figure(f"{what}: refused before the name was read", len(absent))
    suite.figure(f"{what}: out of step", len(desync))


def main():
    suite = Suite("R8", "Behind haproxy and nginx",
                  "The hostile requests of R6, through haproxy and nginx, strict and lenient, over shared "
                  "connections. What arrived is compared with what the proxy passed on, request by request.")
    datas = [(name, data) for name, _, data in http_rows.rows()]
    folder = shared_data("http")
    if suite.long and folder:
        datas += [(name, data) for load in (http_data.llhttp, http_data.h2o, http_data.gofuzz)
                  for name, data, _ in load(folder)]
    for kind, manner, options in FRONTS:
        if front.find(kind):
            through(suite, kind, manner, options, datas)
        else:
            suite.skip(f"{kind} is not installed")
    suite.figure("hostile requests", len(datas))
    suite.found("A line of a head that begins with a NUL ended the head. Behind haproxy with "
                "accept-invalid-http-request, the next line was executed as a request. Now such a head is refused.")
    suite.close(f"{len(datas):,} requests through {len(FRONTS)} fronts, twice")


main()
