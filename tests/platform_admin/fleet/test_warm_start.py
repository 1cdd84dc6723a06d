"""Children of a warm parent: what they share with it, what they do not, and what becomes of them without it."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from platform_admin.fleet.driver import RuntimeState, WantedRuntime
from platform_admin.fleet.drivers.child import NotStartedError, Starter
from platform_admin.fleet.drivers.interpreter import ROOT, interpreter_environment
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.drivers.supervisor import ChildStatus
from platform_admin.fleet.drivers.warm_start import WarmStart
from tests.platform_admin.fleet.process_memory import environ_of, holds
from tests.platform_admin.fleet.runtime_programs import SERVES_UNTIL_ASKED_TO_STOP
from tests.platform_admin.fleet.warm_programs import LEAVES_A_MARK, SHOWS_WHAT_IT_WAS_BORN_WITH, THROWS_DICE
from tests.platform_admin.fleet.watching_a_runtime import QUICK, Log, alive, pid_of, wait_until
from tests.platform_admin.fleet.ways_to_start import BY_COMMAND, BY_FORK, starter, warm_start

ONLY_LUNAS = "only-lunas-9d41"


class Started:
    """What is started without a supervisor."""

    def __init__(self, way: Starter, environment: dict[str, str]) -> None:
        self.pid = 0
        self.child = way.start(environment, folder=ROOT, born=self._note)

    def _note(self, pid: int) -> None:
        self.pid = pid


@pytest.fixture
def cleanup() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def warm(cleanup: ExitStack) -> Callable[[str], WarmStart]:
    def make(program: str) -> WarmStart:
        made = warm_start(program)
        cleanup.callback(made.close)
        return made

    return make


@pytest.fixture
def driver_of(cleanup: ExitStack, tmp_path: Path) -> Callable[[Starter], tuple[ProcessDriver, Log]]:
    def make(way: Starter) -> tuple[ProcessDriver, Log]:
        log = Log()
        driver = ProcessDriver(tmp_path, starter=way, policy=QUICK, on_line=log)
        cleanup.callback(driver.close)
        return driver, log

    return make


type MakeDriver = Callable[[Starter], tuple[ProcessDriver, Log]]
type MakeWarm = Callable[[str], WarmStart]


def wanted(tenant: str, **environment: str) -> WantedRuntime:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return WantedRuntime(tenant, environment={"TENANT_ID": tenant, **environment}, port=port)


def test_a_forked_child_is_born_as_one_that_was_started_anew(cleanup: ExitStack) -> None:
    environment = interpreter_environment(os.environ) | {"STATE_DIR": "/somewhere", "TZ": "Europe/Madrid"}
    shown = {}
    for way in (BY_COMMAND, BY_FORK):
        start = starter(way, SHOWS_WHAT_IT_WAS_BORN_WITH)
        cleanup.callback(start.close)
        child = Started(start, environment).child
        shown[way] = json.loads("".join(child.lines()))
        assert child.code() == 0
    assert shown[BY_FORK] == shown[BY_COMMAND]
    born = shown[BY_FORK]
    assert (born["open"], born["input"], born["folder"]) == (["0", "1", "2"], "/dev/null", str(ROOT))
    assert born["environment"] == environment
    assert born["leads its session"]


def test_the_parent_has_one_thread_its_socket_and_nothing_of_a_tenant_or_the_control_plane(
    driver_of: MakeDriver, warm: MakeWarm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FRONTDESK_TEST_SECRET", "not for runtimes")
    start = warm(LEAVES_A_MARK)
    driver, log = driver_of(start)
    driver.apply(wanted("luna", MARK=ONLY_LUNAS))
    log.wait_for("marked")
    driver.apply(wanted("sol"))
    log.wait_for("marked", times=2)
    (parent,) = start.pids()
    luna, sol = (pid_of(tmp_path / tenant / "state") for tenant in ("luna", "sol"))
    allowed = {*interpreter_environment(os.environ), "LC_CTYPE"}
    # A fork cannot change what /proc shows of its environment: it goes on to show the parent's.
    for pid in (parent, luna, sol):
        assert environ_of(pid) <= allowed
        assert ONLY_LUNAS not in Path(f"/proc/{pid}/cmdline").read_text()
    assert [path.name for path in Path(f"/proc/{parent}/task").iterdir()] == [str(parent)]
    descriptors = sorted(Path(f"/proc/{parent}/fd").iterdir(), key=lambda path: int(path.name))
    kinds = [str(path.readlink()).partition(":")[0] for path in descriptors]
    assert (kinds[0], kinds[1], kinds[3:]) == ("socket", "/dev/null", ["socket", "socket"])
    assert [holds(pid, ONLY_LUNAS) for pid in (luna, parent, sol)] == [True, False, False]
    assert not holds(parent, "not for runtimes")


def test_two_tenants_of_one_parent_share_neither_chance_nor_state(
    driver_of: MakeDriver, warm: MakeWarm, tmp_path: Path
) -> None:
    driver, log = driver_of(warm(THROWS_DICE))
    for tenant in ("luna", "sol"):
        driver.apply(wanted(tenant))
    wait_until(lambda: len(log.lines) == 2)
    thrown = {tenant: json.loads(line) for tenant, line in log.lines}
    assert {tenant: dice.pop() for tenant, dice in thrown.items()} == {
        tenant: str(tmp_path / tenant / "state") for tenant in ("luna", "sol")
    }
    assert set(thrown["luna"]) & set(thrown["sol"]) == set()


def test_without_their_parent_children_live_on_and_can_be_stopped(
    driver_of: MakeDriver, warm: MakeWarm, tmp_path: Path
) -> None:
    start = warm(SERVES_UNTIL_ASKED_TO_STOP)
    driver, log = driver_of(start)
    driver.apply(wanted("luna"))
    log.wait_for("serving")
    child = pid_of(tmp_path / "luna" / "state")
    os.kill(start.pids()[0], signal.SIGKILL)
    wait_until(lambda: start.pids() == ())
    assert alive(child)
    assert driver.status("luna") == ChildStatus(RuntimeState.RUNNING)
    driver.stop("luna")
    assert log.lines == [("luna", "serving"), ("luna", "stopping in order")]
    wait_until(lambda: not alive(child))  # whoever inherited it has to take note of its end


def test_a_child_that_ends_after_its_parent_is_started_again_from_another(
    driver_of: MakeDriver, warm: MakeWarm, tmp_path: Path
) -> None:
    start = warm(SERVES_UNTIL_ASKED_TO_STOP)
    driver, log = driver_of(start)
    driver.apply(wanted("luna"))
    log.wait_for("serving")
    child, parent = pid_of(tmp_path / "luna" / "state"), start.pids()[0]
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: start.pids() == ())
    os.kill(child, signal.SIGKILL)
    log.wait_for("serving", times=2)
    assert driver.status("luna") == ChildStatus(RuntimeState.RUNNING, restarts=1)
    assert pid_of(tmp_path / "luna" / "state") != child
    assert len(start.pids()) == 1
    assert start.pids() != (parent,)


@pytest.mark.parametrize(
    ("program", "code"),
    [
        pytest.param("print('said'); raise SystemExit(78)", 78, id="it leaves with a status"),
        pytest.param("import os; print('said', flush=True); os._exit(9)", 9, id="it leaves at once"),
        pytest.param("import os; print('said', flush=True); os.kill(os.getpid(), 9)", -9, id="it is killed"),
        pytest.param("print('said', flush=True); 1 / 0", 1, id="it fails"),
        pytest.param("import atexit; atexit.register(print, 'said')", 0, id="it comes to its end"),
    ],
)
def test_how_a_child_ended_is_told_by_its_parent(warm: MakeWarm, program: str, code: int) -> None:
    child = Started(warm(program), {}).child
    assert next(iter(child.lines())) == "said"
    assert child.code() == code


def test_how_a_child_ended_is_known_to_nobody_without_its_parent(warm: MakeWarm) -> None:
    start = warm(SERVES_UNTIL_ASKED_TO_STOP)
    started = Started(start, {})
    lines = started.child.lines()
    assert next(lines) == "serving"
    os.kill(start.pids()[0], signal.SIGKILL)
    wait_until(lambda: start.pids() == ())
    assert not started.child.ended_within(0)
    started.child.send(signal.SIGTERM)
    assert list(lines) == ["stopping in order"]
    assert started.child.code() is None
    started.child.send(signal.SIGKILL)  # it is gone, and nobody else is hit


def test_other_code_on_disk_has_another_parent_and_the_old_one_ends_after_its_last_child(cleanup: ExitStack) -> None:
    code = ["old"]
    command = (sys.executable, "-m", "tests.platform_admin.fleet.nursery_of_programs", SERVES_UNTIL_ASKED_TO_STOP)
    start = WarmStart(command, code=lambda: code[0])
    cleanup.callback(start.close)
    first, second = Started(start, {}), Started(start, {})
    (old,) = start.pids()
    code[0] = "new"
    third = Started(start, {})
    assert start.pids()[:-1] == (old,)
    for started in (first, second):
        assert start.pids()[:-1] == (old,)
        lines = started.child.lines()
        assert next(lines) == "serving"
        started.child.send(signal.SIGTERM)
        assert (list(lines), started.child.code()) == (["stopping in order"], 0)
    wait_until(lambda: old not in start.pids())
    assert not alive(old)
    assert len(start.pids()) == 1
    third.child.send(signal.SIGKILL)
    assert (list(third.child.lines()) in (["serving"], []), third.child.code()) == (True, -9)


def test_a_parent_that_cannot_load_is_tried_again_and_its_status_told(driver_of: MakeDriver) -> None:
    driver, _ = driver_of(WarmStart((sys.executable, "-c", "raise SystemExit(3)")))
    driver.apply(wanted("luna"))
    wait_until(lambda: driver.status("luna").restarts >= 2)
    reasons = {driver.status("luna").reason for _ in range(1000)} - {""}
    assert reasons <= {"the warm parent ended with status 3; what it said is in the orchestrator's own log"}
    wait_until(lambda: driver.status("luna").reason.startswith("the warm parent ended with status 3;"))


def test_a_child_whose_supervisor_dies_before_it_is_noted_ends_by_itself(warm: MakeWarm) -> None:
    noted: list[int] = []

    def die(pid: int) -> None:
        noted.append(pid)
        raise InterruptedError

    start = warm(SERVES_UNTIL_ASKED_TO_STOP)
    with pytest.raises(InterruptedError):
        start.start({}, folder=ROOT, born=die)
    wait_until(lambda: not alive(noted[0]))
    assert len(start.pids()) == 1


def test_a_parent_that_hangs_keeps_nobody_from_stopping_its_children(
    driver_of: MakeDriver, warm: MakeWarm, tmp_path: Path
) -> None:
    start = warm(SERVES_UNTIL_ASKED_TO_STOP)
    driver, log = driver_of(start)
    driver.apply(wanted("luna"))
    log.wait_for("serving")
    (parent,) = start.pids()
    os.kill(parent, signal.SIGSTOP)
    try:
        driver.stop("luna")
        assert driver.status("luna") == ChildStatus(RuntimeState.STOPPED)
        assert log.lines[-1] == ("luna", "stopping in order")
        assert not (tmp_path / "luna" / "state" / "runtime.pid").exists()
    finally:
        os.kill(parent, signal.SIGCONT)


def test_a_parent_whose_driver_is_gone_ends(warm: MakeWarm) -> None:
    start = warm(SERVES_UNTIL_ASKED_TO_STOP)
    child = Started(start, {})
    (parent,) = start.pids()
    start.close()
    assert not alive(parent)
    assert not child.child.ended_within(0)
    child.child.send(signal.SIGKILL)
    assert child.child.ended_within(20)
    assert list(child.child.lines()) in (["serving"], [])


def test_a_parent_with_two_threads_does_not_fork(cleanup: ExitStack, capfd: pytest.CaptureFixture[str]) -> None:
    program = (
        "import threading, time; from runtime.nursery import live\n"
        "warm = lambda: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "raise SystemExit(live(lambda *_: 0, warm=warm))"
    )
    start = WarmStart((sys.executable, "-c", program))
    cleanup.callback(start.close)
    with pytest.raises(NotStartedError, match="the warm parent ended with status 70"):
        Started(start, {})
    assert capfd.readouterr().err == "runtime.nursery: 2 threads run; a fork would lose all but one\n"
