"""``kill -9`` at random moments: what was acknowledged is worked on exactly once, in order."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.runtime.inbox.crash_child import BOOK_EVERY, contact, replies

ROOT = Path(__file__).parents[3]
KILLS = 5
MANY = 100_000
"""More messages than a child can accept before it is killed."""


@contextmanager
def child(folder: Path, first: int, count: int, *tapped: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.runtime.inbox.crash_child", str(folder), str(first), str(count), *tapped]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def accepted_until_killed(folder: Path, first: int, alive_s: float) -> int:
    """Let a child accept from ``first`` on and kill it; the last number it acknowledged."""
    with child(folder, first, MANY) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline())]
        time.sleep(alive_s)
        process.kill()
        # A last line may have been cut in half by the kill.
        acknowledged += [int(line) for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    return acknowledged[-1]


def drained(folder: Path, first: int = 0, count: int = 0, *tapped: str) -> int:
    """Let a child finish everything; its exit code."""
    with child(folder, first, count, *tapped) as process:
        process.communicate(timeout=60)
        return process.returncode


class File:
    """What is in the state file, read by somebody who is not the runtime."""

    def __init__(self, folder: Path) -> None:
        connection = sqlite3.connect(folder / "state.db")
        self.integrity = connection.execute("PRAGMA integrity_check").fetchone()[0]
        self.inbox = connection.execute("SELECT message_id, contact_id, state FROM inbox ORDER BY seq").fetchall()
        self.outbox = connection.execute(
            "SELECT id, contact_id, json_extract(output, '$.body'), state, unknowns FROM outbox ORDER BY seq"
        ).fetchall()
        connection.close()


@pytest.mark.parametrize("seed", [20260302])
def test_nothing_acknowledged_is_lost_and_nothing_is_done_twice_over_five_kills(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    last = -1
    for _ in range(KILLS):
        # Begin a few numbers earlier: the provider delivers again what it believes lost.
        last = max(last, accepted_until_killed(tmp_path, max(0, last - 10), chance.uniform(0.02, 0.5)))
    assert drained(tmp_path) == 0

    file = File(tmp_path)
    stored = [int(message_id.removeprefix("m")) for message_id, _, _ in file.inbox]
    assert file.integrity == "ok"
    assert set(range(last + 1)) <= set(stored)
    assert {state for _, _, state in file.inbox} == {"done"}

    expected: dict[str, list[str]] = defaultdict(list)
    for number in stored:
        expected[contact(number)] += replies(number)
    said: dict[str, list[str]] = defaultdict(list)
    for _, contact_id, body, _, _ in file.outbox:
        said[contact_id].append(body)
    assert said == expected
    assert {state for _, _, _, state, _ in file.outbox} == {"sent"}

    sends = (tmp_path / "sends.log").read_text().splitlines()
    times_sent = Counter(sends)
    perhaps_twice = {message_id for message_id, _, _, _, unknowns in file.outbox if unknowns}
    assert set(times_sent) == {message_id for message_id, *_ in file.outbox}
    assert {message_id for message_id, times in times_sent.items() if times > 1} <= perhaps_twice
    whose = {message_id: contact_id for message_id, contact_id, *_ in file.outbox}
    for contact_id in expected:
        left = list(dict.fromkeys(message_id for message_id in sends if whose[message_id] == contact_id))
        assert left == [message_id for message_id, owner, *_ in file.outbox if owner == contact_id]

    keys = {line.split()[1] for line in (tmp_path / "calls.log").read_text().splitlines()}
    assert len(keys) == sum(number % BOOK_EVERY == 0 for number in stored)


def test_a_message_that_kills_the_process_is_parked_and_the_next_one_is_answered(tmp_path: Path) -> None:
    deaths = 0
    # -CONTACTS and 0 are the same contact's.
    assert drained(tmp_path, -15, 1) == 9
    while drained(tmp_path, 0, 1) == 9:
        deaths += 1
    file = File(tmp_path)
    # One run died after the first step; three more got nowhere; the last one parked it.
    assert deaths == 3
    assert [(message_id, state) for message_id, _, state in file.inbox] == [("m-15", "dead"), ("m0", "done")]
    assert [body for _, _, body, _, _ in file.outbox] == ["goodbye", "one moment 0", "booked 0"]
    calls = (tmp_path / "calls.log").read_text().splitlines()
    assert len({line for line in calls if line.startswith("die")}) == 1


@pytest.mark.parametrize(
    ("tapped", "said"),
    [
        pytest.param("sub", "after {id}", id="the call answers when it is made again"),
        pytest.param("sub_taken", "after conflict", id="it fails when it is made again, and on_error leads on"),
    ],
)
def test_a_sub_flow_killed_between_its_call_and_the_answer_goes_on_where_it_was(
    tmp_path: Path, tapped: str, said: str
) -> None:
    assert drained(tmp_path, 0, 1, tapped) == 9
    assert File(tmp_path).inbox == [("m0", "c0", "claimed")]
    assert drained(tmp_path) == 0
    calls = (tmp_path / "calls.log").read_text().splitlines()
    assert (len(calls), len(set(calls))) == (2, 1)
    key = calls[0].split()[1]
    file = File(tmp_path)
    assert file.inbox == [("m0", "c0", "done")]
    bodies = [body for _, _, body, _, _ in file.outbox]
    assert bodies == ["before", "inside", said.replace("{id}", key)]
