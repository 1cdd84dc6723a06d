"""One orchestrator leads. On SQLite the lock is a file's, on PostgreSQL (`make test-postgres`) a session's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection

from platform_admin.fleet.leadership import FileLeadership, Leadership, PostgresLeadership, leadership

HOLDS_A_FILE = """
import pathlib, sys
from platform_admin.fleet.leadership import FileLeadership
print(FileLeadership(pathlib.Path(sys.argv[1])).holds(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def two(tmp_path: Path, db: None) -> Iterator[tuple[Leadership, Leadership]]:
    path = tmp_path / "lock"
    postgres = connection.vendor == "postgresql"
    both: tuple[Leadership, Leadership] = (
        (PostgresLeadership(7), PostgresLeadership(7)) if postgres else (FileLeadership(path), FileLeadership(path))
    )
    yield both
    for one in both:
        one.release()


def test_only_one_of_two_leads_and_the_other_takes_over(two: tuple[Leadership, Leadership]) -> None:
    first, second = two
    assert [first.holds(), second.holds(), first.holds(), second.holds()] == [True, False, True, False]
    first.release()
    assert [second.holds(), first.holds()] == [True, False]


def test_a_leader_that_is_killed_leads_no_more(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLDS_A_FILE, str(path)]
    mine = FileLeadership(path)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        assert not mine.holds()
        other.kill()
    assert mine.holds()
    mine.release()


def test_the_database_at_hand_decides_which_lock_it_is(db: None) -> None:
    wanted = PostgresLeadership if connection.vendor == "postgresql" else FileLeadership
    assert isinstance(leadership(of="docker here"), wanted)


@pytest.fixture
def made() -> Iterator[Callable[[str], Leadership]]:
    with ExitStack() as held:

        def make(of: str) -> Leadership:
            lead = leadership(of=of)
            held.callback(lead.release)
            return lead

        yield make


def test_orchestrators_of_another_driver_or_place_are_not_in_the_way(
    db: None, made: Callable[[str], Leadership], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if connection.vendor == "sqlite":  # that of tests is in memory, where nobody could be in anybody's way
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "control-plane.sqlite3"))
    leaders = [made(of) for of in ("docker one", "docker two", "process one", "docker one")]
    assert [lead.holds() for lead in leaders] == [True, True, True, False]


@pytest.mark.postgres
def test_a_leader_whose_session_is_ended_knows_it_before_it_does_anything_more(db: None) -> None:
    first, second = PostgresLeadership(7), PostgresLeadership(7)
    assert [first.holds(), second.holds()] == [True, False]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 7"
        )
        assert cursor.fetchall() == [(True,)]
    assert [second.holds(), first.holds()] == [True, False]
    first.release()
    second.release()
