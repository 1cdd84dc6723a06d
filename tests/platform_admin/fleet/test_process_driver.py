"""The process driver with real child processes: small Python programs in place of the runtime.

Every test is run over both ways to start one.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from platform_admin.fleet.driver import RuntimeState, SecretFile, SeenRuntime, WantedRuntime
from platform_admin.fleet.drivers.child import Starter
from platform_admin.fleet.drivers.errors import PortTakenError
from platform_admin.fleet.drivers.leftovers import end_leftover
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.drivers.program import Program
from platform_admin.fleet.drivers.supervisor import ChildStatus, RestartPolicy
from platform_admin.fleet.drivers.warm_start import WarmStart
from tests.platform_admin.fleet.runtime_programs import (
    CRASHES_TWICE,
    IGNORES_SIGTERM,
    REFUSES_ITS_CONFIGURATION,
    SERVES_UNTIL_ASKED_TO_STOP,
    SHOWS_ITS_ENVIRONMENT,
)
from tests.platform_admin.fleet.watching_a_runtime import QUICK, WAIT_S, Log, alive, pid_of, wait_until
from tests.platform_admin.fleet.ways_to_start import WAYS, starter

type MakeDriver = Callable[..., tuple[ProcessDriver, Log]]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def driver_of(tmp_path: Path, way: str) -> Iterator[MakeDriver]:
    made: list[ProcessDriver] = []

    def make(program: str, policy: RestartPolicy = QUICK) -> tuple[ProcessDriver, Log]:
        log = Log()
        made.append(ProcessDriver(tmp_path, starter=starter(way, program), policy=policy, on_line=log))
        return made[-1], log

    yield make
    for driver in made:
        driver.close()


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    return tmp_path / "luna" / "state"


@pytest.fixture
def wanted() -> WantedRuntime:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    token = SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", "very secret\n")
    return WantedRuntime("luna", environment={"TENANT_ID": "luna"}, secrets=(token,), port=port)


def test_a_started_runtime_runs_and_a_stopped_one_has_ended_in_order(
    driver_of: MakeDriver, wanted: WantedRuntime, state_dir: Path
) -> None:
    driver, log = driver_of(SERVES_UNTIL_ASKED_TO_STOP)
    driver.apply(wanted)
    log.wait_for("serving")
    assert driver.status("luna") == ChildStatus(RuntimeState.RUNNING)
    pid = pid_of(state_dir)
    driver.stop("luna")
    assert not alive(pid)
    assert log.lines == [("luna", "serving"), ("luna", "stopping in order")]
    assert driver.status("luna") == ChildStatus(RuntimeState.STOPPED)
    assert not (state_dir / "runtime.pid").exists()


def test_starting_twice_is_starting_once(driver_of: MakeDriver, wanted: WantedRuntime, state_dir: Path) -> None:
    driver, log = driver_of(SERVES_UNTIL_ASKED_TO_STOP)
    driver.apply(wanted)
    log.wait_for("serving")
    pid = pid_of(state_dir)
    driver.apply(wanted)
    assert pid_of(state_dir) == pid
    assert driver.logs("luna") == ("serving",)


def test_what_a_runtime_wrote_is_read_by_another_process_and_outlives_both(
    driver_of: MakeDriver, wanted: WantedRuntime, tmp_path: Path
) -> None:
    driver, log = driver_of(SERVES_UNTIL_ASKED_TO_STOP)
    driver.apply(wanted)
    log.wait_for("serving")
    asked, _ = driver_of(SERVES_UNTIL_ASKED_TO_STOP)  # as a command beside the orchestrator
    assert asked.logs("luna") == ("serving",)
    driver.close()
    later, log = driver_of(SERVES_UNTIL_ASKED_TO_STOP)
    later.apply(wanted)
    log.wait_for("serving")
    assert later.logs("luna") == ("serving", "stopping in order", "serving")
    assert later.logs("luna", lines=2) == ("stopping in order", "serving")
    later.remove("luna", keep_volume=True)
    assert later.logs("luna") == ()
    assert [path.name for path in (tmp_path / "luna").iterdir()] == ["state"]


def test_a_changed_wantedification_replaces_the_runtime(
    driver_of: MakeDriver, wanted: WantedRuntime, state_dir: Path
) -> None:
    driver, log = driver_of(SERVES_UNTIL_ASKED_TO_STOP)
    driver.apply(wanted)
    log.wait_for("serving")
    first = pid_of(state_dir)
    driver.apply(replace(wanted, environment={"TENANT_ID": "luna", "GRAPH_VERSION": "v25.0"}))
    log.wait_for("serving", times=2)
    assert not alive(first)
    assert alive(pid_of(state_dir))


def test_a_crashed_runtime_is_started_again(driver_of: MakeDriver, wanted: WantedRuntime) -> None:
    driver, log = driver_of(CRASHES_TWICE)
    driver.apply(wanted)
    log.wait_for("attempt 3")
    assert driver.status("luna") == ChildStatus(RuntimeState.RUNNING, restarts=2)


def test_a_refused_configuration_is_not_tried_again_and_the_reason_is_kept(
    driver_of: MakeDriver, wanted: WantedRuntime
) -> None:
    driver, log = driver_of(REFUSES_ITS_CONFIGURATION)
    driver.apply(wanted)
    wait_until(lambda: driver.status("luna").state is RuntimeState.FAILED)
    assert driver.status("luna").reason == "ended with status 78: TENANT_ID is missing"
    assert log.lines == [("luna", "TENANT_ID is missing")]


@pytest.mark.parametrize(
    ("nowhere", "named"),
    [
        pytest.param(Program(("/nowhere/python",)), "/nowhere/python", id="a command line"),
        pytest.param(WarmStart(("/nowhere/python",)), "the warm parent", id="a warm parent"),
    ],
)
def test_a_program_that_cannot_be_started_is_a_failure_with_a_reason(
    wanted: WantedRuntime, tmp_path: Path, nowhere: Starter, named: str
) -> None:
    driver = ProcessDriver(tmp_path, starter=nowhere, policy=QUICK)
    driver.apply(wanted)
    wait_until(lambda: driver.status("luna").state is RuntimeState.FAILED)
    assert driver.status("luna").reason == f"{named} cannot be started: No such file or directory"
    driver.close()


def test_a_runtime_that_will_not_stop_is_killed_after_the_deadline(
    driver_of: MakeDriver, wanted: WantedRuntime, state_dir: Path
) -> None:
    driver, log = driver_of(IGNORES_SIGTERM, RestartPolicy(stop_deadline_s=0.2))
    driver.apply(wanted)
    log.wait_for("serving")
    pid = pid_of(state_dir)
    driver.stop("luna")
    assert not alive(pid)


def test_a_taken_port_is_refused_by_name_and_nothing_is_started(driver_of: MakeDriver, wanted: WantedRuntime) -> None:
    driver, log = driver_of(SERVES_UNTIL_ASKED_TO_STOP)
    with (
        socket.create_server(("127.0.0.1", wanted.port)),
        pytest.raises(PortTakenError, match=f"Port {wanted.port} is taken"),
    ):
        driver.apply(wanted)
    assert driver.status("luna") == ChildStatus(RuntimeState.STOPPED)
    assert log.lines == []


def test_a_runtime_sees_its_own_settings_and_none_of_the_control_planes(
    driver_of: MakeDriver, wanted: WantedRuntime, state_dir: Path
) -> None:
    os.environ["FRONTDESK_TEST_SECRET"] = "not for runtimes"
    try:
        driver, log = driver_of(SHOWS_ITS_ENVIRONMENT)
        driver.apply(wanted)
        seen = json.loads(log.wait_for_any())
    finally:
        del os.environ["FRONTDESK_TEST_SECRET"]
    assert seen["TENANT_ID"] == "luna"
    assert seen["STATE_DIR"] == str(state_dir)
    assert (seen["HOST"], seen["PORT"]) == ("127.0.0.1", str(wanted.port))
    # What the operating system's locale coercion may add (PEP 538) is no secret.
    assert set(seen) - {"LC_CTYPE"} == set(driver.environment_of(wanted))
    assert (seen["PYTHONOPTIMIZE"], seen["MALLOC_ARENA_MAX"]) == ("2", "1")
    assert not {"SECRET_KEY", "FERNET_KEYS", "DATABASE_URL", "FRONTDESK_TEST_SECRET"} & set(seen)


SUPERVISES_ONE_RUNTIME = f"""
import pathlib, sys
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.process import ProcessDriver
from tests.platform_admin.fleet.ways_to_start import starter
way = starter(sys.argv[3], {SERVES_UNTIL_ASKED_TO_STOP!r})
driver = ProcessDriver(pathlib.Path(sys.argv[2]), starter=way, on_line=lambda *_: print("up", flush=True))
driver.apply(WantedRuntime("luna", port=int(sys.argv[1])))
sys.stdin.read()
"""


@pytest.fixture
def other_supervisor(wanted: WantedRuntime, state_dir: Path, way: str) -> Iterator[subprocess.Popen[str]]:
    """Another process whose driver runs the tenant's runtime."""
    command = [sys.executable, "-c", SUPERVISES_ONE_RUNTIME, str(wanted.port), str(state_dir.parents[1]), way]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "up\n"
        runtime = pid_of(state_dir)
        yield other
        other.kill()
        if alive(runtime):
            os.kill(runtime, signal.SIGKILL)


def test_what_a_killed_supervisor_left_behind_is_ended_before_the_next_start(
    driver_of: MakeDriver, wanted: WantedRuntime, state_dir: Path, other_supervisor: subprocess.Popen[str]
) -> None:
    orphan = pid_of(state_dir)
    other_supervisor.kill()
    other_supervisor.wait(WAIT_S)
    assert alive(orphan)
    driver, log = driver_of(SERVES_UNTIL_ASKED_TO_STOP)
    driver.apply(wanted)
    log.wait_for("serving")
    wait_until(lambda: not alive(orphan))
    assert pid_of(state_dir) != orphan


def test_the_runtime_of_a_living_supervisor_is_left_alone(
    wanted: WantedRuntime, state_dir: Path, other_supervisor: subprocess.Popen[str]
) -> None:
    runtime = pid_of(state_dir)
    assert end_leftover(state_dir / "runtime.pid", deadline_s=0) is False
    assert alive(runtime)
    assert other_supervisor.poll() is None
    assert pid_of(state_dir) == runtime


def test_secrets_are_files_for_their_owner_only_and_stand_nowhere_else(
    driver_of: MakeDriver, wanted: WantedRuntime, state_dir: Path
) -> None:
    driver, log = driver_of(SHOWS_ITS_ENVIRONMENT)
    driver.apply(wanted)
    environment = log.wait_for_any()
    secrets = state_dir.with_name("secrets")
    assert json.loads(environment)["RUNTIME_TOKEN_FILE"] == str(secrets / "runtime_token")
    assert (secrets / "runtime_token").read_text() == "very secret\n"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (secrets, secrets / "runtime_token")] == [0o700, 0o600]
    command_line = Path(f"/proc/{pid_of(state_dir)}/cmdline").read_text()
    assert [where for where in (environment, command_line, repr(driver.seen())) if "very secret" in where] == []


def test_one_that_refused_its_configuration_is_tried_again_with_other_secrets(
    driver_of: MakeDriver, wanted: WantedRuntime
) -> None:
    driver, log = driver_of(REFUSES_ITS_CONFIGURATION)
    driver.apply(wanted)
    wait_until(lambda: driver.seen()["luna"].state is RuntimeState.FAILED)
    driver.apply(wanted)
    assert len(log.lines) == 1
    driver.apply(replace(wanted, secrets=(replace(wanted.secrets[0], content="another\n"),)))
    log.wait_for("TENANT_ID is missing", times=2)


def test_what_a_former_driver_left_is_seen_as_stopped(wanted: WantedRuntime, driver_of: MakeDriver) -> None:
    driver, log = driver_of(SERVES_UNTIL_ASKED_TO_STOP)
    driver.apply(wanted)
    log.wait_for("serving")
    driver.close()
    after, _ = driver_of(SERVES_UNTIL_ASKED_TO_STOP)
    assert after.seen() == {"luna": SeenRuntime("luna", RuntimeState.STOPPED, has_volume=True)}
