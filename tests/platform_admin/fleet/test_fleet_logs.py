"""``manage.py fleet logs``."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from platform_admin.errors import ConflictError
from platform_admin.fleet.command_line.logs import added, follow_logs
from platform_admin.fleet.drivers.log_file import LogFile
from platform_admin.fleet.models import Deployment
from platform_admin.tenants.models import Tenant
from tests.platform_admin.fleet.test_fleet_command import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(luna: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LogFile:
    """That of luna, which is deployed; nothing is written yet."""
    monkeypatch.setitem(os.environ, "FLEET_FOLDER", str(tmp_path))
    told("fleet", "deploy", luna.slug)
    return LogFile(tmp_path / "tenants" / luna.slug / "logs")


def write(log: LogFile, *lines: str) -> None:
    for line in lines:
        log.write(line)
    log.close()


def printed(*arguments: str) -> str:
    output = io.StringIO()
    call_command("fleet", "logs", *arguments, stdout=output)
    return output.getvalue()


def test_the_last_lines_are_shown_as_they_were_written(log: LogFile) -> None:
    write(log, *(f"line {number}" for number in range(200)))
    assert printed("luna", "--lines", "2") == "line 198\nline 199\n"
    assert printed("luna").splitlines() == [f"line {number}" for number in range(100, 200)]
    assert told("fleet", "logs", "luna", "--lines", "1") == ({"tenant": "luna", "lines": ["line 199"]}, 0)


def test_where_nothing_is_kept_that_is_said(log: LogFile) -> None:
    del log
    assert printed("luna") == "Nothing that luna's runtime wrote is kept: it has not run yet, or was removed.\n"
    assert told("fleet", "logs", "luna") == ({"tenant": "luna", "lines": []}, 0)


def refused(*arguments: str) -> tuple[str, int]:
    with pytest.raises(CommandError) as refusal:
        call_command("fleet", "logs", *arguments)
    return str(refusal.value), refusal.value.returncode


def test_who_is_not_there_or_not_deployed_is_named_with_what_to_do(luna: Tenant) -> None:
    assert refused("nobody")[1] == 1
    assert "nobody" in refused("nobody")[0]
    assert refused("luna") == ("luna is not deployed. Deploy it: manage.py fleet deploy luna", 1)


ELSEWHERE: dict[str, dict[str, str]] = {
    "another driver runs it": {"driver": "docker"},
    "it runs on another machine": {"place": "frontdesk@far"},
}


@pytest.mark.parametrize("where", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_of_a_runtime_elsewhere_it_is_said_where(luna: Tenant, log: LogFile, where: dict[str, str]) -> None:
    write(log, "of another time")
    Deployment.objects.for_tenant(luna).update(**where)
    text, code = refused("luna")
    assert code == 1
    assert text.startswith(f"luna runs on {where.get('driver', 'process')} at {where.get('place', 'no place yet')}, ")


@pytest.mark.parametrize("count", ["0", "-1", "many", "²"])
def test_a_number_of_lines_is_a_whole_one_above_0(log: LogFile, count: str) -> None:
    del log
    assert "a whole number above 0" in refused("luna", f"--lines={count}")[0]


def test_what_has_no_end_is_no_object(log: LogFile) -> None:
    write(log, "something")
    assert refused("luna", "--follow", "--json") == ("--follow has no end to make one object of: leave out --json.", 2)


@dataclass
class Between:
    """What happens between two looks, and Ctrl-C after the last."""

    steps: list[Callable[[], None]]
    pauses: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if not self.steps:
            raise KeyboardInterrupt
        self.steps.pop(0)()


def test_followed_each_line_is_shown_once_as_it_comes(luna: Tenant, log: LogFile) -> None:
    write(log, "first", "second", "third")
    shown: list[str] = []
    steps: list[Callable[[], None]] = [
        lambda: write(log, "fourth"),
        lambda: None,
        lambda: write(log, *(f"line {number}" for number in range(999))),  # "fourth" is the oldest of a look now
        lambda: write(log, "last", "last"),
    ]
    between = Between(steps)
    follow_logs(luna, lines=2, show=shown.append, wait=between)
    assert shown == ["second", "third", "fourth", *(f"line {number}" for number in range(999)), "last", "last"]
    assert between.pauses == [1.0] * 5


def test_a_file_of_somebody_else_is_refused_in_words(
    luna: Tenant, log: LogFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(log, "secret")

    def not_ours(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", not_ours)  # root, as whom tests may run, reads everything
    with pytest.raises(ConflictError, match="for its owner only"):
        follow_logs(luna, show=lambda _: None)
    assert refused("luna")[0].startswith(str(tmp_path))


ADDITIONS: dict[str, tuple[list[str], list[str], list[str]]] = {
    "nothing was there": ([], ["a"], ["a"]),
    "nothing came": (["a", "b"], ["a", "b"], []),
    "one came": (["a", "b"], ["a", "b", "c"], ["c"]),
    "the same came again": (["a"], ["a", "a"], ["a"]),
    "the oldest went": (["a", "b"], ["b", "c"], ["c"]),
    "all that was there went": (["a", "b"], ["c", "d"], ["c", "d"]),
    "it was made anew": (["a", "b", "c"], ["d"], ["d"]),
    "everything went": (["a"], [], []),
}


@pytest.mark.parametrize(("before", "now", "came"), ADDITIONS.values(), ids=ADDITIONS.keys())
def test_what_came_between_two_looks(before: list[str], now: list[str], came: list[str]) -> None:
    assert added(before, now) == came
