"""Which repetition of a send a kill excuses, on lives written by hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tests.crash.counterparts import AcceptedSend
from tests.crash.reader import OutboxRow, StateFile
from tests.crash.repetitions import Kills, unexcused

ID = "m1"


@dataclass(frozen=True)
class Ended:
    """A life: how often the Graph API accepted the message in it, and what its end left in the file."""

    accepted: int
    left: str
    taken_at: int | None = None


@dataclass(frozen=True)
class Case:
    lives: list[Ended]
    found: list[str] = field(default_factory=list)
    reported_at: int | None = None


TWICE = "m1 was accepted twice in life {}"
NOT_CUT_OFF = "m1 was accepted again in life {1}; no kill had cut off the answer in life {0}"
BLIND = "m1 was accepted again in life {}, although a report of it had been stored"

CASES = {
    "sent once": Case([Ended(1, "sent", 10)]),
    "a kill cut off the answer, and it was sent again": Case([Ended(1, "sending", 10), Ended(1, "sent", 30)]),
    "two kills cut off two answers, and it was sent twice more": Case(
        [Ended(1, "sending", 10), Ended(1, "sending", 30), Ended(1, "sent", 50)]
    ),
    "lives went by in which it waited": Case(
        [Ended(1, "sending", 10), Ended(0, "unknown", 10), Ended(0, "unknown", 10), Ended(1, "sent", 30)]
    ),
    "killed before the request had left, then sent once": Case([Ended(0, "sending", 10), Ended(1, "sent", 30)]),
    "killed before the request had left, then sent twice in one life": Case(
        [Ended(0, "sending", 10), Ended(2, "sent", 30)], [TWICE.format(1)]
    ),
    "killed before the request had left, then sent in two lives": Case(
        [Ended(0, "sending", 10), Ended(1, "sent", 30), Ended(1, "sent", 50)], [NOT_CUT_OFF.format(1, 2)]
    ),
    "one answer cut off, and it was sent twice more in the next life": Case(
        [Ended(1, "sending", 10), Ended(2, "sent", 30)], [TWICE.format(1)]
    ),
    "sent twice in the life whose end cut off an answer": Case([Ended(2, "sending", 10)], [TWICE.format(0)]),
    "the answer was stored, and it was sent again": Case(
        [Ended(1, "sent", 10), Ended(1, "sent", 30)], [NOT_CUT_OFF.format(0, 1)]
    ),
    "counted as never sent after it was accepted": Case(
        [Ended(1, "pending", 10), Ended(1, "sent", 30)], [NOT_CUT_OFF.format(0, 1)]
    ),
    "a report had been stored before it was taken up again": Case(
        [Ended(1, "sending", 10), Ended(1, "sent", 30)], [BLIND.format(1)], reported_at=20
    ),
    "the report came while it was sent again": Case(
        [Ended(1, "sending", 10), Ended(1, "sent", 30)], reported_at=31
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_each_answer_cut_off_excuses_one_repetition(case: Case) -> None:
    kills, sent = Kills(), []
    for number, life in enumerate(case.lives):
        sent += [AcceptedSend(ID, "34600", "hola", number)] * life.accepted
        kills.note(StateFile("ok", (), (OutboxRow(ID, "34600", "hola", life.left, life.taken_at),)), number)
    reported = {} if case.reported_at is None else {ID: case.reported_at}
    assert list(unexcused(sent, kills, reported)) == case.found


def test_what_happened_to_another_message_excuses_nothing() -> None:
    kills = Kills()
    kills.note(StateFile("ok", (), (OutboxRow("m2", "34600", "hola", "sending", 10),)), 0)
    sent = [AcceptedSend(ID, "34600", "hola", 0), AcceptedSend(ID, "34600", "hola", 1)]
    assert list(unexcused(sent, kills, {})) == [NOT_CUT_OFF.format(0, 1)]
