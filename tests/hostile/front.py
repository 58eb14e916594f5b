"""front.py - haproxy and nginx on loopback in front of logitd.

Each front gives every request that it passes on a name of its own (X-Request-Id) and writes it down, so
that what it passed on can be compared with what came behind it."""
import os
import shutil
import socket
import subprocess
import tempfile
import time

HAPROXY = """
global
    maxconn 2000
    nbthread 1
    log stdout format raw local0
defaults
    mode http
    log global
    log-format "passed %ID %s %ST"
    timeout connect 2s
    timeout client {client}s
    timeout http-keep-alive {client}s
    timeout server {server}s
    retries {retries}
    {options}
frontend f
    bind 127.0.0.1:{port}
    unique-id-format %{{+X}}o%pid-%rt-%Ts-%ms
    http-request set-header X-Request-Id %[unique-id]
    default_backend b
backend b
    balance roundrobin
    http-reuse always
    {check}
{servers}
"""

NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 1000; }}
http {{
    log_format names 'passed $request_id $upstream_addr $status';
    access_log {folder}/access names;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    {options}
    upstream b {{
{servers}
        keepalive 16;
    }}
    server {{
        listen 127.0.0.1:{port};
        client_header_timeout {client}s;
        client_body_timeout {client}s;
        keepalive_timeout {client}s;
        location / {{
            proxy_pass http://b;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header X-Request-Id $request_id;
            proxy_request_buffering off;
            proxy_next_upstream off;
            proxy_ignore_client_abort on;
            client_max_body_size 0;
            proxy_read_timeout {server}s;
        }}
    }}
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Front:
    """`kind` is haproxy or nginx; `options` are lines of its configuration.  With `check`, haproxy asks for
    /readyz and sends nothing to who does not say 200."""

    def __init__(self, kind, ports, options="", check=False, client=2, server=10, retries=0):
        self.kind, self.port, self.folder = kind, free_port(), tempfile.mkdtemp(prefix="front")
        self._output = os.path.join(self.folder, "output")
        if kind == "haproxy":
            line = "    server s{n} 127.0.0.1:{port}" + (" check inter 100ms fall 2 rise 1" if check else "")
            text, command = HAPROXY, ["haproxy", "-db", "-f"]
        else:
            line, text, command = "        server 127.0.0.1:{port};", NGINX, ["nginx", "-c"]
        path = os.path.join(self.folder, "configuration")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.format(
                port=self.port, folder=self.folder, options=options, client=client, server=server,
                retries=retries, check="option httpchk GET /readyz" if check else "",
                servers="\n".join(line.format(n=n, port=port) for n, port in enumerate(ports))))
        with open(self._output, "wb") as output:
            self.process = subprocess.Popen([find(kind), *command[1:], path], stdin=subprocess.DEVNULL,
                                            stdout=output, stderr=output)
        self._await()

    def _await(self):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f"{self.kind} does not start: {self.output()}")

    def output(self):
        with open(self._output, encoding="latin-1") as file:
            return file.read()

    def passed(self):
        """(name, status) of the requests that were passed on; call it after stop()."""
        path = os.path.join(self.folder, "access") if self.kind == "nginx" else self._output
        with open(path, encoding="latin-1") as file:
            words = [line.split() for line in file if line.startswith("passed ")]
        return [(word[1], int(word[3])) for word in words if word[2] not in ("-", "<NOSRV>")]

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def find(kind):
    """Where the program is, or None."""
    return shutil.which(kind) or shutil.which(kind, path="/usr/sbin:/usr/local/sbin:/sbin")
