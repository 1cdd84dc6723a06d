"""What the writer is handed, and how it answers."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flow_engine.quick_init import quick_init

ANSWERS_AT_ONCE = 16
"""Writes answered per round of the event loop. Each wakes a turn of some 0.3 ms, and all that a round wakes run before
anything else does: with whole batches the loop stood still for 75 ms, with 16 for 17; with 8 turns got slower."""

type Work[Result] = Callable[[sqlite3.Connection], Result]

type Together[Item, Result] = Callable[[sqlite3.Connection, Sequence[Item]], Sequence[Result]]
"""The same work for many at once: (connection, items) → one result each, in their order."""

type IsOneStatement[Item] = Callable[[Sequence[Item]], bool]
"""Whether so much is written by a single statement, which is a transaction by itself."""


def never(_items: Sequence[object]) -> bool:
    """It takes more than one."""
    return False


@quick_init
@dataclass(frozen=True, slots=True)
class Job:
    """One write. ``together`` does many of its kind at once, ``work`` this one alone."""

    work: Work[object]
    answer: asyncio.Future[object]
    together: Together[object, object] | None = None
    item: object = None
    is_one_statement: IsOneStatement[object] = never


@dataclass(frozen=True, slots=True)
class Failed:
    """The result of a job that stored nothing."""

    error: Exception


def resolve(loop: asyncio.AbstractEventLoop, batch: list[Job], results: list[object], first: int = 0) -> None:
    """Answer on the event loop, from ``first`` on, a few now and the rest in its next rounds."""
    last, turns = first, 0
    while last < len(batch) and turns < ANSWERS_AT_ONCE:
        turns += batch[last].together is None
        last += 1
    if last < len(batch):
        loop.call_soon(resolve, loop, batch, results, last)
    for job, result in zip(batch[first:last], results[first:last], strict=True):
        if job.answer.done():  # the caller was cancelled while it waited
            continue
        if isinstance(result, Failed):
            job.answer.set_exception(result.error)
        else:
            job.answer.set_result(result)
