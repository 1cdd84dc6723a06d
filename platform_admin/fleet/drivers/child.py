"""The port between a supervisor and the ways to start a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol


class NotStartedError(Exception):
    """It could not be started now, and may be another time; the message says why."""


class Child(Protocol):
    """A started process. Its verbs may be called from several threads."""

    def lines(self) -> Iterator[str]:
        """What it writes, without line ends, until it and whoever has its output are gone."""

    def send(self, number: int) -> None:
        """Send a signal; nothing happens to one that has ended."""

    def ended_within(self, seconds: float) -> bool:
        """Wait for its end."""

    def code(self) -> int | None:
        """Its exit status after its end (negative: the signal); ``None`` where nobody can tell."""


class Starter(Protocol):
    """``name`` is what cannot be started when it cannot."""

    name: str

    def start(self, environment: Mapping[str, str], *, folder: Path, born: Callable[[int], None]) -> Child:
        """Start a process in ``folder`` that sees ``environment`` alone, in a session of its own.

        Its input is empty; output and errors are one. ``born`` is told its id; if that raises, there is no process.

        Raises:
            OSError: the system refuses.
            NotStartedError: not now.
        """

    def close(self) -> None:
        """Let go of what it keeps for further starts. Who was started lives on."""
