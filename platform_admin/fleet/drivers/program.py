"""Starts a command line as a process."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path


class ProgramChild:
    """``Child`` over a process of ours."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def lines(self) -> Iterator[str]:
        assert self._process.stdout is not None  # noqa: S101 - asked for below; narrows the type
        with self._process.stdout as output:
            for line in output:
                yield line.rstrip("\n")

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def ended_within(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def code(self) -> int:
        return self._process.wait()


class Program:
    """``Starter`` of one command line."""

    def __init__(self, command: Sequence[str]) -> None:
        self.name = command[0]
        self._command = tuple(command)

    def start(self, environment: Mapping[str, str], *, folder: Path, born: Callable[[int], None]) -> ProgramChild:
        process = subprocess.Popen(
            self._command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            # Its own session: Ctrl-C in our terminal reaches us alone, and we stop the child in order.
            start_new_session=True,
        )
        try:
            born(process.pid)
        except BaseException:  # nobody would know of it, nor end it
            with process:  # closes its output unread: what it has started itself may hold the other end for ever
                process.kill()
            raise
        return ProgramChild(process)

    def close(self) -> None:
        """Nothing is kept."""
