"""Messages about budgets: signed as another program signs, and taken at least once by receivers that have bad days."""

import json
import random
import signal
import sqlite3
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks import Webhook

from desk import Desk, desk, hub

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Receiver:
    """Takes messages, or does what `mood` says: gets a message, and gives a status, or None for no answer."""

    def __init__(self):
        self.taken, self.mood = [], lambda message: 204
        self.lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                message = (self.path, dict(self.headers.items()), body)
                with receiver.lock:
                    status = receiver.mood(message)
                if status is None:
                    return
                self.send_response(status)
                if status in (301, 302, 307):
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def take(self, message):
        self.taken.append(message)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.stop()


def rules(receiver, budgets, count=1):
    policies = "".join(
        f"  - {{ name: p{number}, spaces: [acme/s{number}], default: {{ hardware: t4-small, sleep: never }},"
        f" budget: {{ monthly: {budgets[number % len(budgets)]} }} }}\n"
        for number in range(count)
    )
    return f"""version: 1
policies:
{policies}notify:
  - {{ name: finance, url: "{receiver.url}/finance", secret_from: KEY }}
  - {{ name: team, url_from: TEAM, format: slack }}
  - {{ name: game, url: "{receiver.url}/game", format: discord }}
"""


def spent(desk, hub, count):
    """Four days of November on a GPU, at 0.40 an hour: 38.40 a Space."""
    desk.at("2026-11-05T00:00:00Z")
    looks = ["observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas,storage"]
    for number in range(count):
        hub.add(f"acme/s{number}", "t4-small")
        for quarter in range(4 * 96):
            at = datetime.fromtimestamp(1793491200 + quarter * 900, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            looks.append(f"{at},acme/s{number},RUNNING,t4-small,t4-small,,1,")
    (desk.folder / "looks.csv").write_text("\n".join(looks) + "\n")
    desk("import", "history", "--observations", "looks.csv")


def run(desk, receiver, status=0):
    return desk("run", status=status, KEY=KEY, TEAM=receiver.url + "/team")


def waiting(desk):
    with sqlite3.connect(desk.folder / "spaceplan.sqlite") as database:
        return database.execute("SELECT count(*) FROM message WHERE ended_at IS NULL").fetchone()[0]


def test_a_message_is_signed_and_shaped_as_its_receiver_expects(desk, hub, receiver):
    spent(desk, hub, 1)
    desk.rules(rules(receiver, [45]))
    receiver.mood = lambda message: receiver.take(message) or 204
    said = run(desk, receiver)
    assert "80 % of the budget of policy p0 is spent: 38.40 of 45.00 USD in 2026-11" in said
    by_path = {}
    for path, headers, body in receiver.taken:
        by_path.setdefault(path, []).append((headers, body))
    assert sorted(by_path) == ["/finance", "/game", "/team"]
    kinds = []
    for headers, body in by_path["/finance"]:
        headers = {name.lower(): value for name, value in headers.items()}
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), timezone.utc)
        assert at == datetime(2026, 11, 5, tzinfo=timezone.utc)
        assert headers["webhook-signature"] == Webhook(KEY).sign(headers["webhook-id"], at, body)
        message = json.loads(body)
        assert message["id"] == headers["webhook-id"]
        assert message["data"]["monthly"] == "45.000000000" and message["data"]["spent"] == "38.400000000"
        kinds.append(message["type"])
    assert kinds == ["budget.spent", "budget.expected"]
    assert all(set(json.loads(body)) == {"text"} for _, body in by_path["/team"])
    assert all(json.loads(body)["content"] for _, body in by_path["/game"])
    assert KEY not in said
    run(desk, receiver)
    assert len(receiver.taken) == 6, "what was told is not told again"


def test_a_redirect_leads_no_message_elsewhere(desk, hub, receiver):
    spent(desk, hub, 1)
    desk.rules(rules(receiver, [45]))
    paths = []
    receiver.mood = lambda message: paths.append(message[0]) or 307
    assert "finance does not take messages: HTTP 307" in run(desk, receiver)
    assert "/elsewhere" not in paths and waiting(desk) == 6


def test_one_that_hangs_is_asked_again(desk, hub, receiver):
    spent(desk, hub, 1)
    desk.rules(rules(receiver, [45]).replace("  - { name: team", "#").replace("  - { name: game", "#"))
    gate, seen = threading.Event(), []

    def mood(message):
        seen.append(message)
        if len(seen) == 1:
            receiver.lock.release()
            gate.wait(30)
            receiver.lock.acquire()
            return 204
        return receiver.take(message) or 204

    receiver.mood = mood
    run(desk, receiver)
    gate.set()
    assert len(receiver.taken) == 2 and waiting(desk) == 0


@pytest.mark.parametrize("seed", range(6))
def test_every_message_is_taken_whatever_breaks(desk, hub, receiver, seed):
    pick = random.Random(seed)
    spent(desk, hub, 4)
    desk.rules(rules(receiver, [30, 45, 70, 1000], 4))
    process = None

    def mood(message):
        # One that may pass within seconds is waited for, so there are few of them.
        moods = {"take": 8, "kill": 4, "kill after taking": 4, "404": 2, "404 after taking": 2, "500 after taking": 1}
        what = pick.choices(list(moods), moods.values())[0]
        if "tak" in what:
            receiver.take(message)
        if "kill" in what:
            process.send_signal(signal.SIGKILL)
            return None
        return 204 if what == "take" else int(what[:3])

    receiver.mood = mood
    for round in range(100):
        desk.at(f"2026-11-{5 + round // 4:02}T{round % 4 * 6:02}:00:00Z")
        process = desk.start("run", KEY=KEY, TEAM=receiver.url + "/team")
        process.communicate(timeout=60)
        if process.returncode == 0 and not waiting(desk):
            break
    else:
        raise AssertionError(f"seed {seed}: {waiting(desk)} messages wait")
    taken, ids = set(), {}
    for path, headers, body in receiver.taken:
        name = {key.lower(): value for key, value in headers.items()}["webhook-id"]
        assert ids.setdefault((path, body), name) == name, f"seed {seed}"
        taken.add((path[1:], name))
    with sqlite3.connect(desk.folder / "spaceplan.sqlite") as database:
        written = set(database.execute("SELECT receiver, name FROM message"))
    # 30 is spent, 45 four fifths, 70 half, and all but the last are expected to break; for each of three receivers.
    assert len(written) >= 15 and taken == written, f"seed {seed}"
