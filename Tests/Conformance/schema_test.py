"""Whatever `check` accepts, the schemas do, as another program's validator reads them."""

import json
import os
import random
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[2]
SEEDS = range(120)


class Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: dates are texts, and yes and on are no truth values."""


Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", yaml.resolver.re.compile("^(true|false)$"), "tf")


def spaceplan(*arguments, folder=None):
    # Relative to no folder of the caller's, and without a Hub.
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere"}
    return subprocess.run(
        [os.environ["SPACEPLAN"], *arguments], cwd=folder, env=environment, capture_output=True, text=True)


def validator(kind):
    schema = json.loads(spaceplan("schema", kind).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("kind", ["schedules", "pricing"])
def test_examples(kind):
    files = sorted((ROOT / kind).glob("*.yaml"))
    assert files
    for file in files:
        validator(kind).validate(yaml.load(file.read_text(), Core))


@pytest.mark.parametrize("text, place", [
    ("version: 1\npolices: []", ""), ("version: 2", "version"), ("policies: []", ""),
    ("version: 1\npolicies: [{ name: a, spaces: [acme] }]", "spaces"),
    ("version: 1\npolicies: [{ name: a, spaces: [a/b], default: { hardwear: t4-small } }]", "default"),
    ("version: 1\npolicies: [{ name: a, spaces: [a/b], default: { sleep: 30 } }]", "default"),
    ("version: 1\npolicies: [{ name: a, spaces: [a/b], drift: never }]", "drift"),
    ("version: 1\npolicies: [{ name: a, spaces: [a/b], protect: yes }]", "protect"),
    ("version: 1\npolicies: [{ name: a, spaces: [a/b], granted: }]", "granted"),
    ("version: 1\npolicies: [{ name: a, spaces: [a/b], split: {} }]", "split"),
    ("version: 1\npolicies: [{ name: a, spaces: [a/b], exceptions: [{ name: x, set: {} }] }]", "exceptions"),
])
def test_mistakes_are_found(text, place):
    errors = list(validator("schedules").iter_errors(yaml.load(text, Core)))
    assert errors and place in [str(part) for part in errors[0].absolute_path] + [""]


VALUES = [
    "", "~", "true", "\"true\"", "yes", "1", "\"1\"", "2", "1001", "0.5", "-1", "30m", "1h30m", "2w", "never",
    "cpu-basic", "t4-small", "[t4-small, l4x1]", "[]", "{}", "{ hardware: t4-small }", "{ sleep: 1h, replicas: 2 }",
    "2026-11-02", "2026-11-02T10:00", "12-25", "[12-25, 2026-12-24]", "\"0 8 * * MON\"", "\"@daily\"", "report",
    "enforce", "pause", "running", "UTC", "Europe/Paris", "acme/chat", "[acme/chat]", "[\"acme/*\"]",
    "office-hours", "[office-hours, weekend-off]", "{ monthly: 12.50 }", "{ monthly: \"300\", over: report }",
    "{ after: 2h, set: { state: paused } }", "10m", "holidays.ics",
    "downgrade", "refuse-upgrades", "{ monthly: 3, over: downgrade }", "[{ owner: acme, monthly: 3 }]",
    "[{ name: a, url: \"https://a.example/\" }]", "[{ name: a, url_from: URL, format: slack }]",
    "\"http://a.example\"", "SECRET", "json", "-3",
]
KEYS = [
    "name", "spaces", "zone", "default", "templates", "rules", "exceptions", "calendar", "idle", "drift", "protect",
    "otherwise", "variables", "budget", "cron", "set", "every", "starting", "ready", "from", "until", "days",
    "hardware", "within", "sleep", "state", "replicas", "after", "kind", "version", "accounts", "policies",
    "budgets", "notify", "monthly", "over", "owner", "priority", "url", "url_from", "secret_from", "format",
]


def replaced(node, pick):
    """A copy in which some values are others, and some keys are missing or new."""
    if isinstance(node, dict):
        members = {key: replaced(value, pick) for key, value in node.items() if pick.random() > 0.01}
        if pick.random() < 0.02:
            members[pick.choice(KEYS)] = Verbatim(pick.choice(VALUES))
        return members
    if pick.random() < 0.03:
        return Verbatim(pick.choice(VALUES))
    return [replaced(value, pick) for value in node] if isinstance(node, list) else node


class Verbatim(str):
    """A value as it is written in the file."""


def written(node):
    if isinstance(node, Verbatim):
        return node or "null"
    if isinstance(node, dict):
        return "{ " + ", ".join(f"{key}: {written(value)}" for key, value in node.items()) + " }"
    if isinstance(node, list):
        return "[" + ", ".join(written(value) for value in node) + "]"
    return json.dumps(node)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_check_accepts_the_schema_does(seed, tmp_path):
    pick = random.Random(seed)
    source = pick.choice(sorted((ROOT / "schedules").glob("*.yaml")))
    folder = tmp_path / "schedules"
    folder.mkdir()
    (folder / "holidays.ics").write_text((ROOT / "schedules" / "holidays.ics").read_text())
    text = written(replaced(yaml.load(source.read_text(), Core), pick))
    (folder / "rules.yaml").write_text(text)
    check = spaceplan("check", "--offline", "--format", "json", folder=tmp_path)
    assert check.returncode in (0, 65), check.stderr
    if check.returncode == 0:
        validator("schedules").validate(yaml.load(text, Core))


def test_a_report_is_as_its_schema_says(tmp_path):
    (tmp_path / "looks.csv").write_text(
        "observed_at,space,stage,hardware,requested_hardware,sleep_time,replicas,storage\n"
        "2026-09-20T00:00:00Z,acme/a,RUNNING,t4-small,t4-small,3600,1,small\n"
        "2026-10-03T12:00:00Z,acme/a,RUNNING,tomorrow-x1,tomorrow-x1,3600,2,small\n"
        "2026-10-04T12:00:00Z,acme/a,PAUSED,,t4-small,,1,small\n"
        "2026-10-05T00:00:00Z,labs/b,RUNNING,a10g-small,a10g-small,,1,\n"
        "2026-10-06T00:00:00Z,labs/b,SLEEPING,,a10g-small,,1,\n")
    (tmp_path / "actions.csv").write_text(
        "at,space,kind,from,to,outcome,reason\n2026-10-04T11:00:00Z,acme/a,pause,RUNNING,PAUSED,done,rule\n")
    imported = spaceplan(
        "import", "history", "--observations", "looks.csv", "--actions", "actions.csv", folder=tmp_path)
    assert imported.returncode == 0, imported.stderr
    schema = validator("report")
    for by in [[], ["--by", "owner"], ["--by", "policy,month"]]:
        report = spaceplan(
            "report", "--month", "2026-10", "--format", "json", "--now", "2026-11-02", *by, folder=tmp_path)
        assert report.returncode == 0, report.stderr
        document = json.loads(report.stdout)
        schema.validate(document)
        assert [space["space"] for space in document["spaces"]] == ["acme/a", "labs/b"]
    assert [group["keys"] for group in document["groups"]] == [[None, "2026-10"]]
    assert document["groups"][0]["cost"] == document["cost"]
