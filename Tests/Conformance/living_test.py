"""What people live through, with the default settings, against the second Hub."""

import os
import random
import signal
import sqlite3

import pytest

from desk import (
    BUSY,
    CALM,
    CHAT,
    DOWN,
    HARDWARE,
    IDLE,
    LONG_AGO,
    MONDAY,
    NIGHTS,
    NOBODY,
    SECRET,
    TUESDAY,
    UP,
    Desk,
    chat,
    desk,
    hub,
    known,
    names,
)
from second_hub import Answer, Gate, after_doing, cut, drop_after_doing, page, page_after_doing, refuse


def test_ten_forgotten_gpus_on_the_first_run_where_only_eight_free_ones_are_allowed(desk, hub):
    desk.rules(IDLE)
    kinds = ["t4-small", "a100-large", "l4x1", "a10g-small", "l40sx1"]
    for name, hardware in zip(names(10), kinds * 2):
        hub.add(name, hardware, log=LONG_AGO, metrics=[CALM])
    free = []

    def quota(call, answer):
        if len(free) == 8:
            return Answer(403, {"error": "at most 8 Spaces may run on cpu-basic"})
        free.append(call.path)
        return answer()

    hub.fault("POST", HARDWARE, quota, times=None)
    said = desk.run(status=1)
    assert "idle since 2026-10-30 10:00" in said and "`otherwise: pause`" in said
    left = [space.requested for space in hub.spaces.values() if space.requested != "cpu-basic"]
    assert left == ["t4-small", "t4-small"], "the dearest go first"


def test_an_upgrade_by_hand_after_a_boundary_is_left_until_the_next(desk, chat):
    desk.run()
    desk.by_hand(MONDAY + "10:30:00Z", "a100-large")
    assert "changed by hand" in desk.row(desk.run(at=MONDAY + "11:00:00Z"))
    assert "changed by hand" in desk("status")
    desk.run(at=MONDAY + "18:59:00Z")
    assert desk.sent() == [UP]
    assert "rule evening of 2026-11-02 19:00" in desk.run(at=MONDAY + "19:01:00Z")
    assert desk.sent() == [DOWN]


def test_an_upgrade_by_hand_before_a_boundary_is_not(desk, chat):
    desk.run()
    desk.run(at=MONDAY + "18:50:00Z")
    desk.by_hand(MONDAY + "18:55:00Z", "a100-large")
    desk.run(at=MONDAY + "19:05:00Z")
    assert desk.sent() == [UP, DOWN]


def test_a_pause_by_the_owner_is_the_owners(desk, chat, hub):
    desk.run()
    chat.stage = "PAUSED"
    for at in (MONDAY + "11:00:00Z", MONDAY + "19:01:00Z", TUESDAY + "08:01:00Z"):
        assert "paused by somebody else" in desk.run(at=at)
    assert desk.sent() == [UP]
    chat.start(hub.now)
    assert "as it should be" in desk.run(at=TUESDAY + "09:00:00Z")


def test_state_running_ends_a_pause_once_a_boundary(desk, hub):
    desk.rules(NIGHTS)
    chat = hub.add("acme/chat", "t4-small", stage="PAUSED")
    desk.run()
    assert "restart" in desk.row(desk.run(at=TUESDAY + "08:01:00Z"))
    desk("observe")
    desk.at(TUESDAY + "08:10:00Z")
    desk("observe")
    chat.stage = "PAUSED"
    for at in (TUESDAY + "09:00:00Z", TUESDAY + "18:00:00Z"):
        assert "left alone" in desk.row(desk.run(at=at))
    assert desk.sent() == ["acme/chat/restart null"]


def test_a_failure_on_the_cpu_overnight_is_over_in_the_morning(desk, hub):
    hub.add("acme/chat", "t4-small", sleep=1800, fails_on=("cpu-basic",))
    desk.run(at=MONDAY + "19:01:00Z")
    said = desk.run(at=MONDAY + "19:05:00Z")
    assert "RUNTIME_ERROR" in said and "it fails on cpu-basic, which spaceplan gave it" in said
    desk.run(at=TUESDAY + "08:00:00Z")
    assert desk.sent() == [DOWN, UP]
    assert "RUNNING t4-small" in desk.run(at=TUESDAY + "08:05:00Z")


def test_three_days_down_are_made_good_by_one_run(desk, chat):
    desk.run()
    said = desk.run(at="2026-11-05T20:00:00Z")
    assert "rule evening of 2026-11-05 19:00" in said and "passed over, as no run came in time" in said
    assert desk.sent() == [UP, DOWN]


@pytest.mark.parametrize("stage", ["SLEEPING", "STOPPED"])
def test_a_sleeping_space_is_not_asked_whether_it_is_idle(desk, hub, stage):
    desk.rules(IDLE)
    hub.add("acme/chat", "a100-large", stage=stage, sleep=3600)
    assert "asleep, so it costs nothing" in desk.run()
    assert not [call for call in hub.calls if call.path.endswith(("logs/run", "metrics"))]
    assert desk.sent() == []


def test_a_rename_is_followed_and_told(desk, chat, hub):
    desk.rules(CHAT.replace('"acme/*"', "acme/chat"))
    desk.run()
    hub.rename("acme/chat", "acme/talk")
    said = desk.run(at=MONDAY + "10:05:00Z")
    assert "acme/chat was renamed to acme/talk" in said
    assert "as it should be" in desk.row(said, "acme/talk")
    desk.run(at=MONDAY + "19:01:00Z")
    assert desk.sent() == [UP, DOWN.replace("chat", "talk")]
    assert {space for space, *_ in desk.journal()} == {"acme/talk"}


def test_a_check_tells_a_rename(desk, chat, hub):
    desk.rules(CHAT.replace('"acme/*"', "acme/chat"))
    desk.run()
    hub.rename("acme/chat", "acme/talk")
    assert "acme/talk" in desk("check")


def test_a_token_that_sees_less_than_yesterday_moves_nothing(desk, hub):
    for name in names(3):
        hub.add(name)
    desk.run()
    hub.tokens[SECRET] = {"acme/s0"}
    said = desk.run("--quiet", at=MONDAY + "10:05:00Z")
    assert "acme/s1 is gone" in said and "acme/s2 is gone" in said
    desk.run(at=MONDAY + "10:10:00Z")
    asked = [call.path for call in hub.calls if call.path.endswith("s1/runtime") and call.status == 404]
    assert len(asked) == 1
    hub.tokens[SECRET] = None
    assert "0 changes done for 3 Spaces; 1.20 USD an hour" in desk.run(at=MONDAY + "10:15:00Z")
    assert len(hub.changes) == 3


def test_a_policy_that_was_removed_is_told_with_what_it_costs(desk, chat):
    desk.run()
    desk.rules(NOBODY)
    row = desk.row(desk.run(at=TUESDAY + "10:00:00Z"))
    assert "no policy is for it any more" in row and "0.40" in row
    assert desk.sent() == [UP]


# Is anybody there?


def silent(call, answer):
    return Answer(body=": keep-alive\n\n", type="text/event-stream")


@pytest.mark.parametrize("log", [refuse(403), refuse(404), silent], ids=["403", "404", "empty"])
def test_what_cannot_be_known_is_not_idle(desk, hub, log):
    desk.rules(IDLE)
    hub.add("acme/chat", "a100-large", log=LONG_AGO)
    hub.fault("GET", "*/logs/run", log, times=None)
    assert "counts as in use" in desk.run()
    assert desk.sent() == []


def test_a_page_of_html_is_not_an_empty_log(desk, hub):
    desk.rules(IDLE)
    hub.add("acme/chat", "a100-large", metrics=[CALM])
    desk("observe")
    hub.fault("GET", "*/logs/run", page(200), times=None)
    desk.run(at=MONDAY + "12:30:00Z")
    assert desk.sent() == []


def test_one_busy_replica_is_enough(desk, hub):
    desk.rules(IDLE)
    hub.add("acme/chat", "a100-large", replicas=2, log=LONG_AGO, metrics=[CALM, BUSY | {"replica": "other"}])
    assert "its metrics show work" in desk.run()
    assert desk.sent() == []


def test_a_log_that_never_ends_is_left_after_five_silent_seconds(desk, hub):
    desk.rules(IDLE)
    hub.endless = True
    for name in names(4):
        hub.add(name, "a100-large", log=LONG_AGO, metrics=[CALM])
    assert "4 changes done" in desk.run()


# One planner, killed or not


@pytest.mark.parametrize("done_first", [False, True], ids=["before it is done", "after it was done"])
def test_killed_at_any_call_nothing_is_lost_and_nothing_twice(hub, tmp_path, done_first):
    for number in range(20):
        desk = Desk(tmp_path / str(number), hub)
        desk.folder.mkdir()
        desk.rules(CHAT)
        hub.spaces.clear(), hub.forget()
        for name in names(2):
            hub.add(name)
        desk.at(MONDAY + "10:00:00Z")
        gate = hub.fault("*", "*", Gate(done_first), after=number)
        planner = desk.start("run")
        if not gate.reached_before_end_of(planner):
            break
        planner.send_signal(signal.SIGKILL)
        planner.communicate()
        gate.open()
        desk.run(at=MONDAY + "10:05:00Z")
        desk.run(at=MONDAY + "10:10:00Z")
        assert {space.requested for space in hub.spaces.values()} == {"t4-small"}
        paths = sorted(call.path for call in hub.changes)
        assert paths == [f"/api/spaces/{name}/hardware" for name in names(2)]
        settings = [("hardware", "t4-small"), ("sleep", "1800")]
        assert sorted(desk.journal()) == [(name, *setting) for name in names(2) for setting in settings]
        with sqlite3.connect(desk.folder / "spaceplan.sqlite") as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert number >= 6, "each call of a run was tried"


def test_a_second_planner_says_who_is_at_it_and_leaves(desk, chat, hub):
    gate = hub.fault("POST", HARDWARE, Gate())
    first = desk.start("run")
    assert gate.reached_before_end_of(first)
    assert f"process {first.pid}" in desk.run(status=75)
    gate.open()
    first.communicate()
    assert first.returncode == 0
    assert desk.sent() == [UP]


def test_random_days_of_hands_and_faults_send_nothing_needless(desk, hub):
    seed = int(os.environ.get("SEED", "20261102"))
    print("seed", seed)
    chance = random.Random(seed)
    for name in names(3):
        hub.add(name)
    faults = [refuse(400), refuse(409), after_doing(500), cut, drop_after_doing, page_after_doing]
    needless = []

    def watch(call, answer):
        space = hub.spaces[call.path.removeprefix("/api/spaces/").removesuffix("/hardware")]
        if call.body.get("flavor") == space.requested and "sleepTimeSeconds" not in call.body:
            needless.append(str(call))
        return chance.choice(faults)(call, answer) if chance.random() < 0.2 else answer()

    hub.fault("POST", HARDWARE, watch, times=None)
    hour = 0
    for _ in range(60):
        hour += chance.choice([1, 1, 3, 9])
        desk.at(f"2026-11-{2 + hour // 24:02d}T{hour % 24:02d}:{chance.randrange(60):02d}:00Z")
        if chance.random() < 0.3:
            hardware = chance.choice(["a100-large", "l4x1", "cpu-basic"])
            desk.by_hand(desk.now, hardware, chance.choice(names(3)))
        command = chance.choice([["run"], ["run"], ["observe"], ["run", "--dry-run"]])
        before = len(hub.changes)
        desk.start(*command).communicate()
        assert command == ["run"] or len(hub.changes) == before
    hub.faults.clear()
    desk.run(at="2026-12-20T19:30:00Z")
    assert {space.requested for space in hub.spaces.values()} == {"cpu-basic"}
    assert needless == []
