"""What is compared once everything has come to rest, on files written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.crash.broken import Broken, Promise
from tests.crash.checks import AtRest
from tests.crash.counterparts import AcceptedSend
from tests.crash.reader import InboxRow, OutboxRow, StateFile, TaskRow
from tests.crash.repetitions import Kills
from tests.crash.traffic import Written

PHONE = "34600"
START = datetime(2030, 1, 2, 9, tzinfo=UTC)
WORD = Written("w", PHONE, None, ("menu",), {})
BOOKING = Written("b", PHONE, "book_7", ("one moment 7", "booked 7"), {}, START, "reminder:7")
POSTED = {"w": WORD, "b": BOOKING}
MESSAGES = (InboxRow("w", PHONE, "done", 1, 1, None), InboxRow("b", PHONE, "done", 1, 2, None))
FIRED = InboxRow("reminder:7", PHONE, "done", 1, 1, None, is_task=1)
TASK = TaskRow("reminder:7", "fired", 1)
SAID = ("menu", "one moment 7", "booked 7", "remember 7")


def at_rest(
    *inbox: InboxRow,
    said: tuple[str, ...] = SAID,
    tasks: tuple[TaskRow, ...] = (TASK,),
    delivered: tuple[str, ...] = ("w", "b"),
) -> AtRest:
    outbox = tuple(OutboxRow(f"m{place}", PHONE, body, "sent", 1) for place, body in enumerate(said))
    sent = [AcceptedSend(f"m{place}", PHONE, body, 0) for place, body in enumerate(said)]
    file = StateFile("ok", inbox, outbox, tasks=tasks)
    return AtRest(file, POSTED, delivered, sent, {START.isoformat(): [PHONE]}, Kills())


def fired_once(how: str) -> Broken:
    return Broken(Promise.FIRED_ONCE, f"reminder:7 was to be fired once: it is {how} in the inbox")


CASES = {
    "all is well": (at_rest(*MESSAGES, FIRED), []),
    "a task that was marked and never entered the inbox": (
        at_rest(*MESSAGES, said=SAID[:3]),
        [fired_once("fired, counted 1 times and 0 times")],
    ),
    "a task that entered the inbox twice, and was said twice": (
        at_rest(*MESSAGES, FIRED, FIRED, said=(*SAID, "remember 7")),
        [fired_once("fired, counted 1 times and 2 times")],
    ),
    "a task that never fell due": (
        at_rest(*MESSAGES, said=SAID[:3], tasks=(replace(TASK, state="scheduled", fired=0),)),
        [fired_once("scheduled, counted 0 times and 0 times")],
    ),
    "a task that was missed": (
        at_rest(*MESSAGES, said=SAID[:3], tasks=(replace(TASK, state="missed", fired=0),)),
        [fired_once("missed, counted 0 times and 0 times")],
    ),
    "a booking without its task": (
        at_rest(*MESSAGES, said=SAID[:3], tasks=()),
        [Broken(Promise.FIRED_ONCE, "reminder:7 was booked and is not scheduled")],
    ),
    "a task of nobody": (
        at_rest(*MESSAGES, FIRED, tasks=(TASK, TaskRow("reminder:8", "scheduled", 0))),
        [Broken(Promise.FIRED_ONCE, "reminder:8 was scheduled and nobody booked")],
    ),
    "a task that was fired, and whose message is missing": (
        at_rest(*MESSAGES, FIRED, said=SAID[:3]),
        [Broken(Promise.ANSWERED, f"{PHONE} was to hear 4 messages and not 3")],
    ),
    "a reminder that was said before the booking": (
        at_rest(MESSAGES[0], FIRED, MESSAGES[1]),
        [Broken(Promise.IN_ORDER, f"{PHONE} was to hear 'remember 7' as number 1 and not 'one moment 7'")],
    ),
    "messages stored and answered in another order than they were delivered in": (
        at_rest(*MESSAGES, FIRED, delivered=("b", "w")),
        [Broken(Promise.IN_ORDER, f"of {PHONE} was to be stored 'b' as number 0 and not 'w'")],
    ),
    "messages answered in another order than they were stored in": (
        at_rest(*MESSAGES, FIRED, said=("one moment 7", "booked 7", "menu", "remember 7")),
        [Broken(Promise.IN_ORDER, f"{PHONE} was to hear 'menu' as number 0 and not 'one moment 7'")],
    ),
}


@pytest.mark.parametrize(("rest", "broken"), CASES.values(), ids=CASES.keys())
def test_what_does_not_fit_together_is_named(rest: AtRest, broken: list[Broken]) -> None:
    assert list(rest.violations()) == broken
