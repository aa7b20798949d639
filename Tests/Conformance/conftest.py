"""A simulated Hub for each test, and the official client pointed at it."""

import json
import os
import signal
import subprocess
import urllib.request

import pytest

# Read by the client when it is imported; nothing on this machine may leak into the tests.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ.pop("HF_TOKEN", None)

from huggingface_hub import HfApi  # noqa: E402

FLEET = [
    {"id": "acme/chat", "hardware": "t4-medium", "sleepTime": 3600, "variables": {"MODEL": "small"}},
    {"id": "acme/new", "stage": "BUILDING", "build": 120},
    {"id": "acme/asleep", "hardware": "t4-small", "stage": "SLEEPING"},
    {"id": "acme/page", "sdk": "static"},
    {"id": "acme/broken", "stage": "BUILD_ERROR"},
    {"id": "acme/hidden", "private": True},
    {"id": "labs/other"},
]


class Hub:
    """A running spaceplan-hub."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [os.environ["SPACEPLAN_HUB"], *options], stdout=subprocess.PIPE, text=True
        )
        line = self.process.stdout.readline()
        assert line.startswith("spaceplan-hub listening on http://127.0.0.1:"), line
        self.endpoint = line.split()[-1]
        self.api = self.client("some-token")

    def client(self, token):
        return HfApi(endpoint=self.endpoint, token=token)

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.endpoint}/_simulator/{path}", data, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def move(self, seconds):
        return self.control("POST", "clock", {"seconds": seconds})

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        rest = self.process.stdout.read()
        assert self.process.wait(timeout=10) == 0
        assert rest == "", "nothing follows the first line of standard output"


@pytest.fixture
def start_hub():
    hubs = []

    def start(*options):
        hubs.append(Hub(*options))
        return hubs[-1]

    yield start
    for hub in hubs:
        hub.stop()


@pytest.fixture
def hub(start_hub, tmp_path):
    fleet = tmp_path / "fleet.json"
    fleet.write_text(json.dumps(FLEET))
    return start_hub("--fleet", str(fleet))


@pytest.fixture
def api(hub):
    return hub.api
