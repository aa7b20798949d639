"""The program against a second, independent Hub, with all that may go wrong on the way.

What is known to be wrong in the program is marked so, and must fail until it is mended.
"""

import pytest

from desk import (
    CALM,
    CHAT,
    HARDWARE,
    IDLE,
    LONG_AGO,
    MONDAY,
    NIGHTS,
    TUESDAY,
    UP,
    Desk,
    chat,
    desk,
    hub,
    known,
    names,
)
from second_hub import (
    Answer,
    SecondHub,
    after_doing,
    cut,
    drop,
    drop_after_doing,
    page,
    page_after_doing,
    redirect,
    refuse,
)

# The README's steps


def test_the_steps_of_the_readme(hub, tmp_path):
    desk = Desk(tmp_path, hub)
    hub.add("acme/chat", "a10g-small")
    assert "so far it changes nothing" in desk("init")
    starter = tmp_path / "schedules" / "spaces.yaml"
    assert "acme/chat: RUNNING a10g-small" in starter.read_text()
    assert sum(call.path == "/api/whoami-v2" for call in hub.calls) == 1
    desk("check"), desk("run"), desk("status")
    assert desk.sent() == []

    desk.rules(CHAT)
    desk("check")
    desk.at(MONDAY + "10:05:00Z")
    assert "a10g-small → t4-small" in desk("run", "--dry-run", "--exit-code", status=2)
    assert desk.sent() == []
    assert "1 change done" in desk("run")
    assert desk.sent() == [UP]
    assert "rule morning of 2026-11-02 08:00" in desk("status")
    assert desk.run("--quiet", at=MONDAY + "10:10:00Z") == ""
    assert desk.sent() == []
    assert "`acme/chat`" in desk("report", "--month", "2026-11")
    assert desk.journal() == [("acme/chat", "hardware", "t4-small"), ("acme/chat", "sleep", "1800")]


def test_a_dry_run_sends_nothing_but_reads(desk, hub):
    desk.rules(CHAT.replace("acme/*", "acme/r*") + IDLE.split("policies:\n")[1].replace("acme/*", "acme/i*"))
    desk.rules(NIGHTS.replace("acme/*", "acme/p*"), "nights.yaml")
    hub.add("acme/r", "a100-large")
    hub.add("acme/i", "a100-large", log=LONG_AGO, metrics=[CALM])
    hub.add("acme/p", "t4-small")
    desk.at(MONDAY + "19:30:00Z")
    assert "3 changes pending" in desk("run", "--dry-run")
    assert not hub.changes
    assert "3 changes done" in desk.run(at=MONDAY + "19:31:00Z")
    assert len(hub.changes) == 3


def test_the_starter_files_stand_the_strictest_check(hub, tmp_path):
    desk = Desk(tmp_path, hub)
    hub.add("acme/chat")
    desk("init")
    desk("check", "--strict")


# Reads that go wrong


def test_pages_are_all_read(desk, hub):
    for name in names(5):
        hub.add(name, "t4-small", sleep=1800)
    hub.page_size = 2
    assert "for 5 Spaces" in desk.run()
    assert len([call for call in hub.calls if call.path == "/api/spaces"]) == 3


def test_a_rate_limit_in_the_middle_of_paging_is_waited_for(desk, hub):
    for name in names(5):
        hub.add(name, "t4-small", sleep=1800)
    hub.page_size = 2
    hub.fault("GET", "/api/spaces", refuse(429, RateLimit='"api";r=0;t=0'), after=1)
    assert "for 5 Spaces" in desk.run()
    statuses = [call.status for call in hub.calls if call.path == "/api/spaces"]
    assert statuses == [200, 429, 200, 200]


@pytest.mark.parametrize(
    "fault", [page(200), page(502), refuse(500), cut, drop], ids=["html", "502", "500", "cut", "drop"]
)
def test_a_list_that_fails_once_is_asked_for_again(desk, chat, hub, fault):
    hub.fault("GET", "/api/spaces", fault)
    assert "1 change done" in desk.run()
    assert desk.sent() == [UP]


def test_a_page_that_leads_in_a_circle_ends(desk, chat, hub):
    def circle(call, answer):
        answer = answer()
        answer.headers["Link"] = f'<{hub.endpoint}/api/spaces?author=acme&cursor=0>; rel="next"'
        return answer

    hub.fault("GET", "/api/spaces", circle, times=None)
    assert "circle" in desk.run(status=69)
    assert len(hub.calls) == 2


def test_one_owner_out_of_reach_leaves_the_others_theirs(desk, chat, hub):
    desk.rules(CHAT.replace("acme", "labs").replace("name: chat", "name: labs"), "labs.yaml")

    def labs_refused(call, answer):
        return refuse(403)(call, answer) if call.query["author"] == ["labs"] else answer()

    hub.fault("GET", "/api/spaces", labs_refused, times=None)
    assert "owner labs could not be listed" in desk.run(status=1)
    assert desk.sent() == [UP]


@pytest.mark.parametrize(
    "extra",
    [
        {"stage": "HIBERNATING"},
        {"replicas": ...},
        {"replicas": {"requested": 1}},
        {"storage": ...},
        {"devMode": ..., "domains": ...},
        {"hardware": {"requested": "t4-small"}},
        {"errorMessage": "\x1b[31mred", "resources": [1, {"a": None}], "sdk": "docker", "hotReloading": {}},
    ],
    ids=lambda extra: "-".join(extra),
)
def test_unknown_and_missing_keys_are_borne(desk, hub, extra):
    hub.add("acme/chat", "t4-small", sleep=1800, extra=extra)
    said = desk.run()
    assert "as it should be" in desk.row(said)
    assert "\x1b" not in said
    assert desk.sent() == []


@pytest.mark.parametrize("hardware", [{"hardware": None}, {"hardware": ...}], ids=["null", "missing"])
def test_what_runs_on_nothing_known_is_left_alone(desk, hub, hardware):
    hub.add("acme/chat", "t4-small", extra=hardware | {"gcTimeout": ...})
    assert "left alone" in desk.run()
    assert desk.sent() == []


@pytest.mark.parametrize("never", [None, -1, ...], ids=["null", "-1", "left out"])
def test_each_way_to_say_never_is_never(desk, hub, never):
    desk.rules(CHAT.replace("30m", "never"))
    hub.add("acme/chat", "t4-small", extra={"gcTimeout": never})
    assert "as it should be" in desk.run()
    assert desk.sent() == []


def test_what_never_sleeps_gets_its_sleep_time(desk, hub):
    hub.add("acme/chat", "t4-small")
    assert "1 change done" in desk.run()
    assert desk.sent() == ['acme/chat/sleeptime {"seconds": 1800}']
    assert "as it should be" in desk.run(at=MONDAY + "10:10:00Z")
    assert desk.sent() == []


def test_hardware_never_seen_is_kept_and_asked_for(desk, hub):
    desk.rules(CHAT.replace("t4-small", "b300x16"))
    hub.add("acme/chat")
    assert "there is no price for hardware 'b300x16'" in desk("check")
    assert "cpu-basic → b300x16" in desk.run()
    assert hub.spaces["acme/chat"].requested == "b300x16"
    said = desk.run(at=MONDAY + "10:10:00Z")
    assert "RUNNING b300x16" in said and "as it should be" in said


def test_a_warning_of_the_hub_is_shown_once_a_topic_in_its_own_words(desk, chat, hub):
    hub.warning = "deprecation; this token will stop working"
    said = desk("run")
    assert said.count("this token will stop working") == 1
    assert "HubWarning(" not in said


def test_prices_that_cannot_be_had_hold_up_no_change(desk, chat, hub):
    """A look at the prices is a courtesy; it is neither repeated nor waited for."""
    hub.fault("GET", "/api/spaces/hardware", refuse(429, RateLimit='"api";r=0;t=0'), times=None)
    desk.run()
    assert len([call for call in hub.calls if call.path == "/api/spaces/hardware"]) == 1


# Changes that go wrong


@pytest.mark.parametrize(
    "fault",
    [after_doing(500), after_doing(504), drop_after_doing, cut, page_after_doing],
    ids=["500", "504", "drop", "cut", "html"],
)
def test_a_change_that_was_done_is_not_sent_again_whatever_the_hub_answers(desk, chat, hub, fault):
    hub.fault("POST", HARDWARE, fault)
    assert "1 change done" in desk.run()
    desk.run(at=MONDAY + "10:05:00Z")
    assert desk.sent() == [UP]
    assert desk.journal() == [("acme/chat", "hardware", "t4-small"), ("acme/chat", "sleep", "1800")]


def test_a_restart_that_was_done_is_not_sent_again(desk, hub):
    desk.rules(NIGHTS)
    hub.add("acme/chat", "t4-small")
    desk.run(at=MONDAY + "19:01:00Z")
    hub.fault("POST", "*/restart", after_doing(500))
    desk.run(at=TUESDAY + "08:01:00Z")
    desk.run(at=TUESDAY + "08:06:00Z")
    assert desk.sent() == ["acme/chat/pause null", "acme/chat/restart null"]


@pytest.mark.parametrize("refusal", [400, 403, 404, 409, 412])
def test_one_refusal_stops_nobody_else_and_is_tried_at_the_next_run(desk, hub, refusal):
    for name in names(3):
        hub.add(name)
    hub.fault("POST", "*/s1/hardware", refuse(refusal, "not now"))
    said = desk.run(status=1)
    assert "refused" in desk.row(said, "acme/s1") and f"{refusal} " in said and "not now" in said
    assert [hub.spaces[name].requested for name in names(3)] == ["t4-small", "cpu-basic", "t4-small"]
    desk.run(at=MONDAY + "10:05:00Z")
    assert len(hub.changes) == 4
    assert hub.spaces["acme/s1"].requested == "t4-small"


def test_who_has_to_pay_first_is_asked_once(desk, hub):
    for name in names(3):
        hub.add(name)
    hub.fault("POST", HARDWARE, refuse(402, "payment required"), times=None)
    said = desk.run(status=1)
    assert "acme has to pay first" in said
    assert len(hub.changes) == 1


def test_a_token_that_may_only_read_ends_with_not_allowed(desk, chat, hub):
    hub.role = "read"
    assert "Check the rights (write) of the token from HF_TOKEN" in desk.run(status=77)


def test_a_rate_limit_for_a_change_is_waited_for(desk, chat, hub):
    hub.fault("POST", HARDWARE, refuse(429, RateLimit='"api";r=0;t=0'))
    assert "1 change done" in desk.run()
    assert [call.status for call in hub.changes] == [429, 200]


def capacity(*full):
    def does(call, answer):
        return Answer(400, {"error": "out of capacity"}) if call.body["flavor"] in full else answer()

    return does


def test_the_next_of_a_list_is_asked_for_where_the_first_is_refused(desk, chat, hub):
    desk.rules(CHAT.replace("hardware: t4-small", "hardware: [a100-large, l4x1]"))
    hub.fault("POST", HARDWARE, capacity("a100-large"), times=None)
    desk.run()
    assert hub.spaces["acme/chat"].requested == "l4x1"
    assert "a100-large was refused" in desk.run(at=MONDAY + "10:05:00Z")
    assert len(hub.changes) == 2


def test_what_was_refused_is_not_counted_as_done(desk, chat, hub):
    desk.rules(CHAT.replace("hardware: t4-small", "hardware: [a100-large, l4x1, a10g-small]"))
    hub.fault("POST", HARDWARE, capacity("a100-large", "l4x1", "a10g-small"), times=None)
    assert "0 of " in desk.run(status=1)


def test_the_look_after_a_change_is_recorded(desk, chat):
    desk.run()
    looks = desk("export", "history", "--observations", "-")
    assert "acme/chat,APP_STARTING,t4-small" in looks


# The token


@pytest.fixture
def elsewhere():
    other = SecondHub()
    yield other
    other.stop()


@pytest.mark.parametrize("path", ["/api/spaces", "*/hardware", "*/logs/run"])
def test_the_token_goes_to_no_other_host(desk, hub, elsewhere, path):
    desk.rules(CHAT + "    idle: { after: 10m, set: { hardware: cpu-basic } }\n")
    chat = hub.add("acme/chat", "t4-small", sleep=7200)
    desk("observe")
    desk.at(MONDAY + "10:15:00Z")

    def lead_away(call, answer):
        return redirect(elsewhere.endpoint + call.path)(call, answer)

    hub.fault("*", path, lead_away, times=None)
    desk.start("run").communicate()
    assert any(call.status == 307 for call in hub.calls)
    assert not any("authorization" in call.headers for call in elsewhere.calls)
    assert not elsewhere.changes
    assert chat.requested == "t4-small"


def test_a_next_page_on_another_host_is_not_followed(desk, hub, elsewhere):
    for name in names(2):
        hub.add(name)

    def lead_away(call, answer):
        answer = answer()
        answer.headers["Link"] = f'<{elsewhere.endpoint}/api/spaces?author=acme&cursor=1>; rel="next"'
        return answer

    hub.fault("GET", "/api/spaces", lead_away)
    desk.run(status=69)
    assert not elsewhere.calls and not hub.changes


def test_a_hub_without_billing_usage_is_told_with_the_way_out(hub, tmp_path):
    desk = Desk(tmp_path, hub)
    hub.add("acme/chat", "a10g-small")
    desk.rules(CHAT)
    desk("observe")
    told = desk("reconcile", "--month", "2026-11", status=69)
    assert "404 not found" in told and "--usage FILE" in told
