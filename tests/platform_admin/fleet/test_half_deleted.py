"""Local runtimes that somebody half deleted by hand are whole again, and none is left without a supervisor."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import override

import pytest

from platform_admin.fleet.driver import RuntimeState, SecretFile, WantedRuntime
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.drivers.program import Program, ProgramChild
from tests.platform_admin.fleet.runtime_programs import HAS_SOMEBODY_HOLD_ITS_OUTPUT, SERVES_UNTIL_ASKED_TO_STOP
from tests.platform_admin.fleet.watching_a_runtime import QUICK, WAIT_S, Log, alive, pid_of, wait_until
from tests.platform_admin.fleet.ways_to_start import WAYS, starter


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture(params=WAYS)
def driver(request: pytest.FixtureRequest, tmp_path: Path, log: Log) -> Iterator[ProcessDriver]:
    way = starter(request.param, SERVES_UNTIL_ASKED_TO_STOP)
    driver = ProcessDriver(tmp_path, starter=way, policy=QUICK, on_line=log)
    yield driver
    driver.close()


@pytest.fixture
def wanted() -> WantedRuntime:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    token = SecretFile("RUNTIME_TOKEN_FILE", "runtime_token", "very secret\n")
    return WantedRuntime("luna", secrets=(token,), port=port)


def test_a_runtime_whose_folder_and_process_are_gone_is_started_and_noted_again(
    driver: ProcessDriver, wanted: WantedRuntime, log: Log, tmp_path: Path
) -> None:
    driver.apply(wanted)
    log.wait_for("serving")
    first = pid_of(tmp_path / "luna" / "state")
    shutil.rmtree(tmp_path / "luna")
    os.kill(first, signal.SIGKILL)
    log.wait_for("serving", times=2)
    driver.apply(wanted)
    second = pid_of(tmp_path / "luna" / "state")
    assert (alive(first), alive(second)) == (False, True)
    assert driver.seen()["luna"].fingerprint == wanted.fingerprint
    driver.stop("luna")
    assert not alive(second)


@pytest.mark.parametrize("part", ["state", "secrets"])
def test_a_part_that_is_deleted_under_a_running_runtime_is_seen_and_put_back(
    driver: ProcessDriver, wanted: WantedRuntime, log: Log, tmp_path: Path, part: str
) -> None:
    driver.apply(wanted)
    log.wait_for("serving")
    shutil.rmtree(tmp_path / "luna" / part)
    seen = driver.seen()["luna"]
    assert (seen.state, seen.fingerprint) == (RuntimeState.RUNNING, "")
    driver.apply(wanted)
    log.wait_for("serving", times=2 if part == "state" else 1)
    wait_until((tmp_path / "luna" / "state" / "runtime.pid").exists)
    assert (tmp_path / "luna" / "secrets" / "runtime_token").read_text() == "very secret\n"
    assert driver.seen()["luna"].fingerprint == wanted.fingerprint


class Counting(Program):
    """Knows whom it started; ``refusals`` are raised first."""

    def __init__(self, *refusals: OSError) -> None:
        super().__init__((sys.executable, "-c", SERVES_UNTIL_ASKED_TO_STOP))
        self.started: list[int] = []
        self._refusals = list(refusals)

    @override
    def start(self, environment: Mapping[str, str], *, folder: Path, born: Callable[[int], None]) -> ProgramChild:
        if self._refusals:
            raise self._refusals.pop()

        def count(pid: int) -> None:
            self.started.append(pid)
            born(pid)

        return super().start(environment, folder=folder, born=count)


def test_a_runtime_that_cannot_be_noted_is_not_left_to_itself_and_is_tried_again(
    wanted: WantedRuntime, log: Log, tmp_path: Path
) -> None:
    (tmp_path / "luna" / "state" / "runtime.pid").mkdir(parents=True)
    way = Counting()
    driver = ProcessDriver(tmp_path, starter=way, policy=QUICK, on_line=log)
    driver.apply(wanted)
    wait_until(lambda: len(way.started) > 2)
    told = f"{tmp_path}/luna/state/runtime.pid cannot be written: Is a directory"
    wait_until(lambda: driver.status("luna").reason == told)
    (tmp_path / "luna" / "state" / "runtime.pid").rmdir()
    log.wait_for("serving")
    last = pid_of(tmp_path / "luna" / "state")
    assert [pid for pid in way.started if alive(pid)] == [last]
    driver.close()


class StartsAHolder(Program):
    """Noted once the other process has its output."""

    def __init__(self) -> None:
        super().__init__((sys.executable, "-c", HAS_SOMEBODY_HOLD_ITS_OUTPUT))

    @override
    def start(self, environment: Mapping[str, str], *, folder: Path, born: Callable[[int], None]) -> ProgramChild:
        def late(pid: int) -> None:
            wait_until(Path(environment["STATE_DIR"], "holder").exists)
            born(pid)

        return super().start(environment, folder=folder, born=late)


def test_one_that_cannot_be_noted_is_given_up_though_another_process_holds_its_output(
    wanted: WantedRuntime, tmp_path: Path
) -> None:
    state = tmp_path / "luna" / "state"
    (state / "runtime.pid").mkdir(parents=True)
    driver = ProcessDriver(tmp_path, starter=StartsAHolder(), policy=replace(QUICK, first_pause_s=WAIT_S))
    driver.apply(wanted)
    try:
        told = f"{state}/runtime.pid cannot be written: Is a directory"
        wait_until(lambda: driver.status("luna").reason == told)
        driver.stop("luna")
        assert alive(int((state / "holder").read_text()))
    finally:
        os.kill(int((state / "holder").read_text()), signal.SIGKILL)
        driver.close()


def test_a_machine_that_has_no_process_left_is_asked_again(wanted: WantedRuntime, log: Log, tmp_path: Path) -> None:
    way = Counting(OSError(errno.EAGAIN, os.strerror(errno.EAGAIN)), OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)))
    driver = ProcessDriver(tmp_path, starter=way, policy=QUICK, on_line=log)
    driver.apply(wanted)
    log.wait_for("serving")
    assert (driver.status("luna").state, driver.status("luna").restarts) == (RuntimeState.RUNNING, 2)
    driver.close()
