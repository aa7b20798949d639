"""A second Hub, written from hub-api.md alone: it shares no line with the program or with its simulated Hub.

It runs on loopback in the test's own process. A test puts Spaces in, moves the clock, plans faults, and reads
from `calls` what was asked, in the order of arrival.
"""

import datetime
import fnmatch
import json
import select
import socket
import sys
import threading
import urllib.parse
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NEVER = None
FREE_SLEEP = 172800
FREE = "cpu-basic"


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


@dataclass
class Space:
    """What the Hub knows of a Space; `extra` replaces keys of its runtime JSON, and `...` leaves one out."""

    id: str
    hardware: str | None = FREE
    stage: str = "RUNNING"
    requested: str | None = None
    sleep: int | None = NEVER
    replicas: int = 1
    startup: int = 60
    fails_on: tuple = ()
    variables: dict = field(default_factory=dict)
    log: list = field(default_factory=list)  # (instant, line)
    metrics: list = field(default_factory=list)  # each a dictionary
    extra: dict = field(default_factory=dict)
    ready: datetime.datetime | None = None

    def __post_init__(self):
        self.requested = self.requested or self.hardware
        if self.hardware == FREE:
            self.sleep = FREE_SLEEP

    def live(self, now):
        """Lets a start end that was due by now."""
        if self.stage == "APP_STARTING" and self.ready is not None and now >= self.ready:
            self.stage = "RUNTIME_ERROR" if self.hardware in self.fails_on else "RUNNING"
        return self

    def start(self, now):
        self.stage, self.hardware = "APP_STARTING", self.requested
        self.ready = now + datetime.timedelta(seconds=self.startup)

    def request(self, hardware, sleep, now):
        if hardware != self.requested:
            if self.requested == FREE:
                self.sleep = NEVER
            self.requested = hardware
            if self.stage != "PAUSED":
                self.start(now)
        if sleep is not ...:
            self.sleep = NEVER if sleep == -1 else sleep
        if hardware == FREE:
            self.sleep = FREE_SLEEP

    def runtime(self):
        runs = self.stage in {"RUNNING", "RUNNING_BUILDING", "APP_STARTING", "RUNNING_APP_STARTING"}
        replicas = {"requested": self.replicas} | ({"current": self.replicas} if runs else {})
        shape = {
            "stage": self.stage,
            "hardware": {"current": self.hardware if runs else None, "requested": self.requested},
            "storage": None,
            # Left out where it never sleeps: huggingface_hub#1810.
            "gcTimeout": ... if self.sleep is NEVER else self.sleep,
            "replicas": replicas,
            "devMode": False,
            "domains": [{"domain": self.id.replace("/", "-") + ".hf.space", "stage": "READY"}],
        }
        return {key: value for key, value in (shape | self.extra).items() if value is not ...}


@dataclass
class Call:
    """One request, and how it was answered."""

    method: str
    path: str
    query: dict
    body: object
    headers: dict
    status: int | None = None

    @property
    def changes(self):
        return self.method != "GET"

    def __str__(self):
        return f"{self.method} {self.path}" + (f" {json.dumps(self.body)}" if self.body is not None else "")


@dataclass
class Answer:
    """`shown` is how much of the body is sent before the connection is cut; None sends all."""

    status: int = 200
    body: object = None
    headers: dict = field(default_factory=dict)
    type: str = "application/json"
    shown: int | None = None


class Dropped(Exception):
    """The connection ends without an answer."""


# What a fault does: it is given the call and a function that answers it as if nothing were wrong.


def refuse(status, text="no", **headers):
    headers = {key.replace("_", "-"): value for key, value in headers.items()}
    return lambda call, answer: Answer(status, {"error": text}, headers)


def page(status):
    """HTML where JSON was asked for, as proxies and maintenance pages send."""
    return lambda call, answer: Answer(status, "<html><body>Back soon</body></html>", type="text/html")


def page_after_doing(call, answer):
    answer()
    return page(200)(call, answer)


def after_doing(status):
    """The call is done, and answered as if it had failed."""
    return lambda call, answer: (answer(), Answer(status, {"error": "oops"}))[1]


def drop(call, answer):
    raise Dropped


def drop_after_doing(call, answer):
    answer()
    raise Dropped


def cut(call, answer):
    """Half of the answer arrives."""
    answer = answer()
    answer.shown = len(json.dumps(answer.body)) // 2
    return answer


def redirect(location, status=307):
    return lambda call, answer: Answer(status, None, {"Location": location})


class Gate:
    """Holds a call, before or after it is done, until it is opened: the moment to kill a planner."""

    def __init__(self, done_first=False):
        self.done_first = done_first
        self.reached, self.opened, self.passed = (threading.Event() for _ in range(3))

    def __call__(self, call, answer):
        result = answer() if self.done_first else None
        self.reached.set()
        self.opened.wait()
        result = result or answer()
        self.passed.set()
        return result

    def reached_before_end_of(self, process):
        while not self.reached.wait(0.01):
            if process.poll() is not None:
                return self.reached.is_set()
        return True

    def open(self):
        """Lets the call go on, and returns when it is done."""
        self.opened.set()
        self.passed.wait()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A planner that was killed leaves its connections behind; that is nobody's failure."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class SecondHub:
    """`tokens` maps each token to what it may see: None for all, or the ids of Spaces."""

    def __init__(self, now="2026-11-02T10:00:00Z"):
        self.now = instant(now)
        self.tokens = {"hf_secret": None}
        self.role = "write"
        self.owners = {"acme"}
        self.spaces, self.renamed = {}, {}
        self.page_size = 1000
        self.left, self.reset = 2500, 300
        self.warning = None
        self.listing = []
        self.endless = False  # whether streams go on after their events, as those of the true Hub do
        self.calls, self.faults = [], []
        self.lock = threading.RLock()
        self.server = Server(("127.0.0.1", 0), self.handler())
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    # Steering

    def add(self, id, hardware=FREE, **rest):
        self.spaces[id] = Space(id, hardware, **rest)
        return self.spaces[id]

    def rename(self, old, new):
        space = self.spaces.pop(old)
        space.id, self.spaces[new], self.renamed[old] = new, space, new

    def at(self, text):
        with self.lock:
            self.now = instant(text)

    def fault(self, method, path, does, times=1, after=0):
        """Of the calls that match, lets `after` through, and then does this to so many (None for all)."""
        self.faults.append([method, path, does, times, after])
        return does

    @property
    def changes(self):
        with self.lock:
            return [call for call in self.calls if call.changes]

    def forget(self):
        with self.lock:
            self.calls.clear()
            self.faults.clear()

    # Answering

    def fault_of(self, call):
        for fault in self.faults:
            method, path, does, times, after = fault
            if method not in ("*", call.method) or not fnmatch.fnmatch(call.path, path) or times == 0:
                continue
            if after:
                fault[4] -= 1
                continue
            if times is not None:
                fault[3] -= 1
            return does
        return None

    def answer(self, call):
        with self.lock:
            self.calls.append(call)
            does = self.fault_of(call)
        if does is None:
            return self.locked(call)
        return does(call, lambda: self.locked(call))

    def locked(self, call):
        with self.lock:
            return self.serve(call)

    def serve(self, call):
        self.left -= 1
        token = call.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            text = "Invalid credentials in Authorization header"
            return Answer(401, {"error": text}, {"X-Error-Message": text})
        seen = self.tokens[token]
        parts = [urllib.parse.unquote(part) for part in call.path.strip("/").split("/")]
        match call.method, parts:
            case "GET", ["api", "whoami-v2"]:
                orgs = [{"name": name, "roleInOrg": "admin", "plan": "team"} for name in sorted(self.owners)]
                user = {"type": "user", "name": "some-user", "isPro": True, "orgs": orgs}
                return Answer(body=user | {"auth": {"accessToken": {"role": self.role}}})
            case "GET", ["api", "spaces"]:
                return self.list(call, seen)
            case "GET", ["api", "spaces", "hardware"]:
                return Answer(body=self.listing)
            case method, ["api", "spaces", owner, name, *rest]:
                id = f"{owner}/{name}"
                if id in self.renamed:
                    path = "/".join(["/api/spaces", self.renamed[id], *rest])
                    return Answer(307, None, {"Location": path})
                if id not in self.spaces or (seen is not None and id not in seen):
                    return Answer(404, {"error": "not found"}, {"X-Error-Code": "RepoNotFound"})
                if method != "GET" and self.role == "read":
                    return Answer(403, {"error": "this token may only read"})
                return self.space(call, self.spaces[id].live(self.now), rest)
        return Answer(404, {"error": f"no route {call.path}"})

    def list(self, call, seen):
        query = call.query
        expanded = "runtime" in query.get("expand", [])
        found = [
            {"id": id} | ({"runtime": space.live(self.now).runtime()} if expanded else {})
            for id, space in sorted(self.spaces.items())
            if id.split("/")[0] == query["author"][0] and (seen is None or id in seen)
        ]
        size = min(self.page_size, int(query.get("limit", ["1000"])[0]))
        first = int(query.get("cursor", ["0"])[0])
        headers = {}
        if first + size < len(found):
            rest = urllib.parse.urlencode(query | {"cursor": [first + size]}, doseq=True)
            headers["Link"] = f'<{self.endpoint}{call.path}?{rest}>; rel="next"'
        return Answer(body=found[first : first + size], headers=headers)

    def space(self, call, space, rest):
        match call.method, rest:
            case "GET", []:
                return Answer(body={"id": space.id, "runtime": space.runtime()})
            case "GET", ["runtime"]:
                pass
            case "POST", ["hardware"]:
                space.request(call.body["flavor"], call.body.get("sleepTimeSeconds", ...), self.now)
            case "POST", ["sleeptime"]:
                if space.requested != FREE:
                    space.sleep = NEVER if call.body["seconds"] == -1 else call.body["seconds"]
            case "POST", ["pause"]:
                space.stage = "PAUSED"
            case "POST", ["restart"]:
                space.start(self.now)
            case "POST", ["replicas"]:
                space.replicas = call.body["replicas"]
            case "GET", ["variables"]:
                return Answer(body={key: {"value": value} for key, value in space.variables.items()})
            case "GET", ["logs", "run"]:
                lines = [{"data": text + "\n", "timestamp": stamp(at)} for at, text in space.log]
                return stream("", lines)
            case "GET", ["metrics"]:
                return stream("event: metric\n", space.metrics)
            case _:
                return Answer(404, {"error": "no such call"})
        return Answer(body=space.runtime())

    def handler(hub):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def respond(self):
                address = urllib.parse.urlsplit(self.path)
                length = int(self.headers.get("content-length", 0))
                body = self.rfile.read(length)
                call = Call(
                    self.command,
                    address.path,
                    urllib.parse.parse_qs(address.query, keep_blank_values=True),
                    json.loads(body) if body else None,
                    {key.lower(): value for key, value in self.headers.items()},
                )
                try:
                    answer = hub.answer(call)
                except Dropped:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                call.status = answer.status
                text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
                data = b"" if answer.body is None else text.encode()
                try:
                    self.send(answer, data)
                except OSError:
                    self.close_connection = True  # the planner is gone

            def send(self, answer, data):
                self.send_response(answer.status)
                headers = {
                    "Content-Type": answer.type,
                    "Content-Length": len(data),
                    "X-Request-Id": str(uuid.uuid4()),
                    "RateLimit": f'"api";r={max(0, hub.left)};t={hub.reset}',
                    "RateLimit-Policy": '"fixed window";"api";q=2500;w=300',
                }
                if hub.warning:
                    headers["X-HF-Warning"] = hub.warning
                if answer.type == "text/event-stream":
                    # A stream has no length; it ends where the connection does.
                    del headers["Content-Length"]
                    headers["Connection"] = "close"
                for name, value in (headers | answer.headers).items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(data if answer.shown is None else data[: answer.shown])
                if answer.shown is not None:
                    self.close_connection = True
                elif hub.endless and answer.type == "text/event-stream":
                    while not select.select([self.connection], [], [], 15)[0]:
                        self.wfile.write(b"data:\n\n")

            do_GET = do_POST = do_PUT = do_DELETE = respond

            def date_time_string(self, timestamp=None):
                return hub.now.strftime("%a, %d %b %Y %H:%M:%S GMT")

            def log_message(self, *arguments):
                pass

        return Handler


def stream(event, values):
    body = "".join(f"{event}data: {json.dumps(value)}\n\n" for value in values)
    return Answer(body=body, type="text/event-stream")


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
