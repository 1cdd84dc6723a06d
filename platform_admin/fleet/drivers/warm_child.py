"""A process that a warm parent forked: no child of ours, so its end is told by its descriptor and by the parent."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import signal
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TextIO

REPORT_PATIENCE_S: Final = 5.0
"""A parent that lives reports within a millisecond; one that is stopped by hand shall not hold us."""


@dataclass(frozen=True, slots=True)
class Born:
    """``process`` is a descriptor (pidfd) that is now the receiver's to close."""

    pid: int
    process: int


@dataclass(frozen=True, slots=True)
class Unborn:
    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    code: int


type News = Born | Unborn | Ended | None
"""What a parent tells of one child; ``None``: the parent is gone."""


class WarmChild:
    """``Child`` over a descriptor of the process: no signal ever meets another one that got its id."""

    def __init__(self, process: int, *, output: TextIO, news: queue.SimpleQueue[News]) -> None:
        self._process = process
        self._output = output
        self._news = news
        # Not before the last user lets go: a closed number would soon be that of another process.
        weakref.finalize(self, os.close, process)

    def lines(self) -> Iterator[str]:
        with self._output as output:
            for line in output:
                yield line.rstrip("\n")

    def send(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, number)

    def ended_within(self, seconds: float | None) -> bool:
        poll = select.poll()
        poll.register(self._process, select.POLLIN)
        return bool(poll.poll(None if seconds is None else seconds * 1000))

    def code(self) -> int | None:
        self.ended_within(None)
        try:
            news = self._news.get(timeout=REPORT_PATIENCE_S)
        except queue.Empty:
            return None
        return news.code if isinstance(news, Ended) else None
