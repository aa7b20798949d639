"""Where somebody types commands: a folder with rules and a real database, and a Hub in this process.

The Hub's clock is also the program's, as `--now` counts on loopback.
"""

import csv
import json
import os
import subprocess

import pytest

from second_hub import SecondHub, instant

SECRET = "hf_secret"
MONDAY, TUESDAY = "2026-11-02T", "2026-11-03T"
HARDWARE = "*/hardware"

CHAT = """version: 1
zone: UTC
policies:
  - name: chat
    spaces: ["acme/*"]
    default: { hardware: cpu-basic }
    rules:
      - { name: morning, cron: "0 8 * * *", set: { hardware: t4-small, sleep: 30m } }
      - { name: evening, cron: "0 19 * * *", set: { hardware: cpu-basic } }
"""
IDLE = """version: 1
zone: UTC
policies:
  - name: forgotten
    spaces: ["acme/*"]
    idle: { after: 2h, set: { hardware: cpu-basic } }
"""
NIGHTS = """version: 1
zone: UTC
policies:
  - name: nights
    spaces: ["acme/*"]
    rules:
      - { name: night, cron: "0 19 * * *", set: { state: paused } }
      - { name: day, cron: "0 8 * * *", set: { hardware: t4-small, state: running } }
"""
NOBODY = """version: 1
zone: UTC
accounts:
  - { name: acme, kind: organization }
policies: []
"""
CALM = {"cpu_usage_pct": 0, "rx_bps": 0, "tx_bps": 0, "gpus": {"d9": {"utilization": 0}}, "replica": "j6"}
BUSY = CALM | {"gpus": {"d9": {"utilization": 97}}}

UP = 'acme/chat/hardware {"flavor": "t4-small", "sleepTimeSeconds": 1800}'
DOWN = 'acme/chat/hardware {"flavor": "cpu-basic"}'

known = pytest.mark.xfail(strict=True, reason="known to be wrong")


def names(count):
    return [f"acme/s{number}" for number in range(count)]


def lines(*texts):
    return [(instant(text + ":00Z"), "GET / 200") for text in texts]


LONG_AGO = lines("2026-10-30T09:00", "2026-10-30T09:10", "2026-10-30T10:00")


class Desk:
    """A folder with rules and a database, and a Hub: where somebody types commands."""

    def __init__(self, folder, hub):
        self.folder, self.hub, self.token = folder, hub, SECRET
        self.at(MONDAY + "10:00:00Z")

    def at(self, now):
        self.now = now
        self.hub.at(now)

    def rules(self, text, file="spaces.yaml"):
        (self.folder / "schedules").mkdir(exist_ok=True)
        (self.folder / "schedules" / file).write_text(text)

    def start(self, *words, **variables):
        plain = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TZ": "UTC", "SPACEPLAN_NOW": self.now}
        given = plain | {"HF_ENDPOINT": self.hub.endpoint, "HF_TOKEN": self.token} | variables
        return subprocess.Popen(
            [os.environ["SPACEPLAN"], *words],
            cwd=self.folder,
            env={name: value for name, value in given.items() if value is not None},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words, status=0, **variables):
        """Runs a command, and gives back all that it says."""
        process = self.start(*words, **variables)
        out, err = process.communicate(timeout=60)
        assert process.returncode == status, f"{words} ended with {process.returncode}\n{out}{err}"
        assert SECRET not in out + err, "the token is never printed"
        return out + err

    def run(self, *words, at=None, status=0):
        if at:
            self.at(at)
        return self("run", *words, status=status)

    def row(self, said, space="acme/chat"):
        return next(line for line in said.splitlines() if line.startswith(space + " "))

    def sent(self):
        """The changes since the last time, as text."""
        changes = [(call.path.removeprefix("/api/spaces/"), call.body) for call in self.hub.changes]
        self.hub.calls.clear()
        return [f"{path} {json.dumps(body, sort_keys=True)}" for path, body in changes]

    def journal(self):
        """All actions that count as done, as (space, kind, to)."""
        rows = csv.DictReader(self("export", "history", "--actions", "-").splitlines())
        return [(row["space"], row["kind"], row["to"]) for row in rows if row["outcome"] == "done"]

    def by_hand(self, at, hardware, space="acme/chat"):
        self.at(at)
        self.hub.spaces[space].live(self.hub.now).request(hardware, ..., self.hub.now)


@pytest.fixture
def hub():
    hub = SecondHub()
    yield hub
    hub.stop()


@pytest.fixture
def desk(hub, tmp_path):
    desk = Desk(tmp_path, hub)
    desk.rules(CHAT)
    return desk


@pytest.fixture
def chat(hub):
    return hub.add("acme/chat")
