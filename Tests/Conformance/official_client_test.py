"""The official client can't tell the simulated Hub from the real one."""

import os
import subprocess
from datetime import datetime, timezone

import pytest
from huggingface_hub import SpaceHardware, SpaceStage, SpaceStorage, Volume
from huggingface_hub.errors import BadRequestError, DisabledRepoError, HfHubHTTPError, RepositoryNotFoundError


def test_runtime(api):
    runtime = api.get_space_runtime("acme/chat")
    assert runtime.stage == SpaceStage.RUNNING
    assert runtime.hardware == runtime.requested_hardware == SpaceHardware.T4_MEDIUM
    assert runtime.sleep_time == 3600
    assert runtime.storage is None and runtime.volumes is None and runtime.dev_mode is False
    assert runtime.raw["replicas"] == {"current": 1, "requested": 1}


def test_runtime_while_nothing_runs(api):
    new = api.get_space_runtime("acme/new")
    assert (new.stage, new.hardware, new.requested_hardware) == ("BUILDING", None, "cpu-basic")
    assert new.sleep_time == 172800
    page = api.get_space_runtime("acme/page")
    assert (page.stage, page.hardware, page.requested_hardware) == ("RUNNING", None, None)
    assert page.sleep_time is None


def test_list_with_runtime(api):
    spaces = list(api.list_spaces(author="acme", expand=["runtime"]))
    assert [space.id for space in spaces] == [
        "acme/asleep", "acme/broken", "acme/chat", "acme/hidden", "acme/new", "acme/page"]
    assert {space.runtime.stage for space in spaces} == {"SLEEPING", "BUILD_ERROR", "RUNNING", "BUILDING"}
    assert all(space.private is None for space in spaces)
    both = list(api.list_spaces(author="acme", expand=["runtime", "private"]))
    assert [space.id for space in both if space.private] == ["acme/hidden"]


def test_list_in_pages(hub, api):
    hub.control("POST", "spaces", [{"id": f"many/space-{number:04}"} for number in range(450)])
    spaces = list(api.list_spaces(author="many", expand=["runtime"], limit=1000))
    assert [space.id for space in spaces] == [f"many/space-{number:04}" for number in range(450)]
    assert len(list(api.list_spaces(author="many", limit=130))) == 130


def test_list_leaves_out_what_may_not_be_seen(hub):
    ids = [space.id for space in hub.client(False).list_spaces(author="acme")]
    assert "acme/chat" in ids and "acme/hidden" not in ids


def test_space_info(api):
    info = api.space_info("acme/chat", expand=["runtime"])
    assert info.id == "acme/chat" and info.runtime.hardware == "t4-medium"
    assert api.space_info("acme/page").sdk == "static"


def test_request_hardware(hub, api):
    runtime = api.request_space_hardware("acme/chat", SpaceHardware.A10G_SMALL, sleep_time=600)
    assert (runtime.stage, runtime.hardware, runtime.sleep_time) == ("APP_STARTING", "a10g-small", 600)
    hub.move(60)
    assert api.get_space_runtime("acme/chat").stage == "RUNNING"
    kept = api.request_space_hardware("acme/chat", SpaceHardware.L4X1)
    assert kept.sleep_time == 600
    with pytest.warns(UserWarning):
        basic = api.request_space_hardware("acme/chat", SpaceHardware.CPU_BASIC, sleep_time=600)
    assert basic.sleep_time == 172800
    assert api.request_space_hardware("acme/chat", SpaceHardware.L4X1).sleep_time is None


def test_sleep_time(hub, api):
    assert api.set_space_sleep_time("acme/chat", 900).sleep_time == 900
    hub.move(899)
    assert api.get_space_runtime("acme/chat").stage == "RUNNING"
    hub.move(1)
    assert api.get_space_runtime("acme/chat").stage == "SLEEPING"
    hub.control("POST", "visits", {"space": "acme/chat"})
    hub.move(1)
    hub.control("POST", "visits", {"space": "acme/chat"})
    assert api.set_space_sleep_time("acme/chat", -1).sleep_time in (None, -1)
    with pytest.warns(UserWarning):
        assert api.set_space_sleep_time("acme/new", 60).sleep_time == 172800


def test_pause_and_restart(hub, api):
    paused = api.pause_space("acme/chat")
    assert (paused.stage, paused.hardware, paused.requested_hardware) == ("PAUSED", None, "t4-medium")
    hub.control("POST", "visits", {"space": "acme/chat"})
    hub.move(100_000)
    assert api.get_space_runtime("acme/chat").stage == "PAUSED"
    assert api.restart_space("acme/chat").stage == "APP_STARTING"
    hub.move(60)
    assert api.restart_space("acme/new", factory_reboot=True).stage == "RUNNING_BUILDING"
    assert api.restart_space("acme/broken").stage == "BUILD_ERROR"


def test_static_spaces_cannot_be_changed(api):
    with pytest.raises(BadRequestError):
        api.pause_space("acme/page")


def test_wait_for_space(hub, api):
    hub.move(300)
    assert api.wait_for_space("acme/new", timeout=1).stage == "RUNNING"


def test_variables(hub, api):
    assert api.get_space_variables("acme/chat")["MODEL"].value == "small"
    variables = api.add_space_variable("acme/chat", "DEVICE", "cuda", description="where")
    assert sorted(variables) == ["DEVICE", "MODEL"]
    assert variables["DEVICE"].description == "where"
    assert variables["DEVICE"].updated_at == datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert api.get_space_runtime("acme/chat").stage == "APP_STARTING"
    assert sorted(api.delete_space_variable("acme/chat", "MODEL")) == ["DEVICE"]
    assert sorted(api.delete_space_variable("acme/chat", "MODEL")) == ["DEVICE"]


def test_secrets(api):
    api.add_space_secret("acme/chat", "KEY", "hidden", description="what for")
    secrets = api.get_space_secrets("acme/chat")
    assert secrets["KEY"].description == "what for"
    assert not hasattr(secrets["KEY"], "value")
    api.delete_space_secret("acme/chat", "KEY")
    assert api.get_space_secrets("acme/chat") == {}


def test_dev_mode_storage_and_volumes(api):
    assert api.enable_space_dev_mode("acme/chat").dev_mode is True
    assert api.disable_space_dev_mode("acme/chat").dev_mode is False
    api.set_space_volumes("acme/chat", [Volume(type="model", source="acme/m", mount_path="/m")])
    [volume] = api.get_space_runtime("acme/chat").volumes
    assert (volume.source, volume.mount_path) == ("acme/m", "/m")
    api.delete_space_volumes("acme/chat")
    with pytest.raises(BadRequestError):
        api.delete_space_volumes("acme/chat")


def test_logs(hub, api):
    hub.control("POST", "faults", {"kind": "end", "path": "*/logs/*"})
    hub.control("POST", "visits", {"space": "acme/asleep"})
    hub.move(90)
    lines = list(api.fetch_space_logs("acme/asleep"))
    assert lines[0].startswith("===== Application Startup at 2026-01-01 00:00")
    assert lines[-1] == "GET / 200 OK\n"
    assert any("ERROR" in line for line in api.fetch_space_logs("acme/broken", build=True))


def test_a_log_goes_on_while_somebody_reads_it(hub, api):
    seen = []
    for line in api.fetch_space_logs("acme/chat", follow=True):
        seen.append(line)
        if line.startswith("Running"):
            hub.control("POST", "visits", {"space": "acme/chat"})
        if line.startswith("GET"):
            break
    assert seen[-1] == "GET / 200 OK\n"


def test_logs_of_what_does_not_run(api):
    with pytest.raises(BadRequestError):
        list(api.fetch_space_logs("acme/asleep"))


def test_hardware_list(api):
    t4 = next(hardware for hardware in api.list_spaces_hardware() if hardware.name == "t4-small")
    assert (t4.cpu, t4.ram, t4.accelerator.model) == ("4 vCPU", "15 GB", "T4")
    assert (t4.unit_cost_micro_usd, t4.unit_cost_usd, t4.unit_label) == (6667, 0.006667, "minute")


def test_prices_from_a_folder(start_hub, tmp_path):
    (tmp_path / "prices.yaml").write_text(
        "version: 1\ncurrency: USD\n"
        "billing: { rounding: up, stages: [{ from: 2025-01-01, billable: [RUNNING] }] }\n"
        "hardware: { tpu: { prices: [{ from: 2025-01-01, per_hour: 6 }] } }\n")
    hub = start_hub("--pricing", str(tmp_path))
    hub.control("POST", "spaces", [{"id": "acme/chat", "hardware": "tpu"}])
    hub.move(61)
    assert hub.control("GET", "bill") == [
        {"space": "acme/chat", "hardware": "tpu", "seconds": 61, "minutes": 2, "cost": "0.2"}]
    assert [hardware.name for hardware in hub.api.list_spaces_hardware()] == ["tpu"]


def test_whoami(api):
    me = api.whoami()
    assert me["type"] == "user"
    assert [org["name"] for org in me["orgs"]] == ["acme", "labs"]
    assert me["auth"]["accessToken"]["role"] == "write"


def test_a_space_that_is_not_there(hub, api):
    with pytest.raises(RepositoryNotFoundError) as error:
        api.get_space_runtime("acme/nothing")
    assert error.value.response.status_code == 404
    assert error.value.request_id
    with pytest.raises(RepositoryNotFoundError) as error:
        hub.client(False).get_space_runtime("acme/hidden")
    assert error.value.response.status_code == 401


def test_the_token_is_checked(start_hub):
    hub = start_hub("--token", "right")
    hub.control("POST", "spaces", [{"id": "acme/chat"}])
    assert hub.client("right").whoami()["name"]
    with pytest.raises(HfHubHTTPError) as error:
        hub.client("wrong").get_space_runtime("acme/chat")
    assert not isinstance(error.value, RepositoryNotFoundError)
    assert error.value.response.status_code == 401
    with pytest.raises(HfHubHTTPError, match="Invalid user token"):
        hub.client("wrong").whoami()


def test_a_role_that_may_not_write(hub, api):
    hub.control("POST", "account", {"owner": "labs", "role": "read"})
    assert api.get_space_runtime("labs/other").stage == "RUNNING"
    with pytest.raises(HfHubHTTPError, match="403 Forbidden"):
        api.pause_space("labs/other")


def test_a_disabled_space(hub, api):
    hub.control("POST", "faults", {
        "path": "*/acme/chat/*", "kind": "status", "status": 403,
        "error": "Access to this resource is disabled."})
    with pytest.raises(DisabledRepoError):
        api.get_space_runtime("acme/chat")


def test_rate_limits(hub, api):
    hub.control("POST", "faults", {"kind": "rate-limit", "seconds": 55, "times": 1})
    with pytest.raises(HfHubHTTPError, match="Retry after 55 seconds"):
        api.get_space_runtime("acme/chat")
    # The client waits as it is told, and lists again.
    hub.control("POST", "faults", {"kind": "rate-limit", "seconds": 0, "times": 1})
    assert len(list(api.list_spaces(author="labs"))) == 1


def test_a_renamed_space_is_followed(hub, api):
    hub.control("POST", "spaces/rename", {"from": "acme/chat", "to": "acme/talk"})
    assert api.get_space_runtime("acme/chat").hardware == "t4-medium"
    assert api.request_space_hardware("acme/chat", "l4x1").requested_hardware == "l4x1"
    assert api.space_info("acme/chat").id == "acme/talk"


def test_a_deleted_space_is_gone(hub, api):
    hub.control("DELETE", "spaces/acme/chat")
    with pytest.raises(RepositoryNotFoundError):
        api.get_space_runtime("acme/chat")


def test_unclear_failures(hub, api):
    hub.control("POST", "faults", {"path": "*/pause", "kind": "apply-then-fail", "times": 1})
    with pytest.raises(HfHubHTTPError):
        api.pause_space("acme/chat")
    assert api.get_space_runtime("acme/chat").stage == "PAUSED"


def test_the_clock_is_the_date(start_hub):
    hub = start_hub("--clock", "2026-11-02T10:00:00Z")
    hub.control("POST", "spaces", [{"id": "acme/chat"}])
    with pytest.raises(RepositoryNotFoundError) as error:
        hub.api.get_space_runtime("acme/nothing")
    assert error.value.response.headers["date"] == "Mon, 02 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    "options, message",
    [
        (["--clock", "noon"], "'noon' is not an instant with a zone, such as 2026-11-02T10:00:00Z"),
        (["--port", "70000"], "--port"),
        (["--fleet", "/nonexistent.json"], "/nonexistent.json is no file that can be read"),
        (["--pricing", "/nonexistent"], "/nonexistent is no folder that can be read"),
    ],
)
def test_wrong_options_are_told(options, message):
    done = subprocess.run([os.environ["SPACEPLAN_HUB"], *options], capture_output=True, text=True, timeout=10)
    assert done.returncode != 0
    assert message in done.stderr
    assert done.stdout == ""
