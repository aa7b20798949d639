"""Wrong input of every kind: it is told what, where and what to do, and nothing changes."""

import sqlite3

import pytest

from desk import CHAT, UP, chat, desk, hub, known


def broken_database(text):
    return lambda folder: (folder / "spaceplan.sqlite").write_bytes(text)


def foreign_database(folder):
    with sqlite3.connect(folder / "spaceplan.sqlite") as database:
        database.execute("CREATE TABLE cookies (name)")


def rules(text):
    return lambda folder: (folder / "schedules" / "spaces.yaml").write_text(text)


def nothing(folder):
    pass


@pytest.mark.parametrize(
    "words, variables, prepare, status, says",
    [
        ("run", {"HF_TOKEN": "hf_wrong"}, nothing, 77, "the token from HF_TOKEN"),
        ("run", {"HF_TOKEN": "two words"}, nothing, 64, "spaces or line breaks inside"),
        ("run", {"HF_TOKEN": None, "HF_TOKEN_PATH": "missing"}, nothing, 74, "HF_TOKEN_PATH names missing"),
        ("run", {"HF_ENDPOINT": "ftp://hub"}, nothing, 64, "HF_ENDPOINT is 'ftp://hub'"),
        ("run", {"HF_ENDPOINT": "http://me:pw@127.0.0.1:1"}, nothing, 64, "user name or password"),
        ("run --now yesterday", {}, nothing, 64, "'yesterday' is not a date or an instant"),
        ("run --now 2026-02-30", {}, nothing, 64, "'2026-02-30' is not a date"),
        ("run", {"SPACEPLAN_NOW": "soon"}, nothing, 64, "SPACEPLAN_NOW: 'soon'"),
        ("run", {"SPACEPLAN_QUIET": "maybe"}, nothing, 64, "it takes 1 or 0"),
        ("run --dryrun", {}, nothing, 64, "Did you mean '--dry-run'?"),
        ("run --max-changes=-1", {}, nothing, 64, "from 0 up"),
        ("run --exit-code", {}, nothing, 64, "goes with --dry-run"),
        ("run --only chat", {}, nothing, 64, "a Space is OWNER/NAME"),
        ("run --schedules nowhere", {}, nothing, 74, "the folder nowhere can't be read"),
        ("run --database nowhere/x.sqlite", {}, nothing, 74, "nowhere/x.sqlite can't be used"),
        ("report", {}, nothing, 74, "there is no database spaceplan.sqlite yet"),
        ("report --month 2026-13", {}, nothing, 64, "'2026-13' is not a month"),
        ("report --zone Mars/Base", {}, nothing, 64, "'Mars/Base' is not an IANA time zone"),
        ("hold acme/chat --pause", {}, nothing, 64, "--for or --until"),
        ("hold acme/chat --pause --until 2020-01-01", {}, nothing, 64, "not after now"),
        ("release acme/chat", {}, nothing, 74, "no database"),
        ("run", {}, rules(CHAT.replace("8 * * *", "61 * * *")), 65, "spaces.yaml:8:"),
        ("run", {}, rules("version: 1\npolicys: []\n"), 65, "did you mean 'policies'?"),
        ("run", {}, rules(""), 65, "the file is empty"),
        ("run", {}, rules(CHAT.replace("zone: UTC", "zone: Paris")), 65, "did you mean Europe/Paris?"),
        ("run", {}, broken_database(b"no database " * 100), 74, "not a database of spaceplan, or is damaged"),
        ("run", {}, foreign_database, 74, "belongs to another program"),
        ("run", {}, lambda folder: (folder / "spaceplan.sqlite").mkdir(), 74, "is a folder"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_wrong_input_is_told_and_changes_nothing(desk, chat, words, variables, prepare, status, says):
    prepare(desk.folder)
    before = {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
    assert says in desk(*words.split(), status=status, **variables)
    assert desk.sent() == []
    assert {path: path.read_bytes() for path in before} == before


def test_a_database_of_a_newer_version_is_not_touched(desk, chat):
    desk("observe")
    file = desk.folder / "spaceplan.sqlite"
    with sqlite3.connect(file) as database:
        database.execute("INSERT INTO grdb_migrations VALUES ('99 of tomorrow')")
    before = file.read_bytes()
    desk.hub.calls.clear()
    for command in ("run", "observe", "status", "report", "holds"):
        assert "written by a newer version of spaceplan" in desk(command, status=74)
    assert desk.hub.calls == [] and file.read_bytes() == before


def test_a_file_that_an_editor_keeps_beside_the_rules_is_not_read(desk, chat):
    (desk.folder / "schedules" / ".#spaces.yaml").symlink_to("somebody@somewhere.1:2")
    desk.run()
    assert desk.sent() == [UP]
