"""A real process of ours for the length of a ``with`` block, its output kept for the failure message."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx2

from tests.e2e.meta_bodies import ROOT

PATIENCE_S = 60.0
"""Two cores shared with a whole test run; more than this is a fault."""

_POLL_S = 0.05


def clean_environment(**extra: str) -> dict[str, str]:
    """What a process needs to run at all, and nothing that configures ours by accident."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, **extra}


class Child:
    """``python ARGUMENTS`` in the program's root. Killed at the end of the block if it still runs."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], log: Path, *, program: Path = ROOT
    ) -> None:
        self._arguments = arguments
        self._environment = environment
        self._log = log
        self._program = program
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self._arguments, cwd=self._program, env=dict(self._environment), stdout=log, stderr=log
            )

    async def start_as(self, program: Path) -> None:
        """As another version, after this one has ended."""
        self._program = program
        await self.start()

    async def kill(self) -> None:
        """``kill -9``, wherever it stands."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def until_answers(self, url: str, **wanted: Any) -> dict[str, Any]:
        """The JSON at ``url`` once it answers 200 and holds ``wanted``."""
        deadline = time.monotonic() + PATIENCE_S
        async with httpx2.AsyncClient(trust_env=False) as http:
            while time.monotonic() < deadline:
                assert self._process is not None
                assert self._process.returncode is None, f"ended early:\n{self.output()}"
                try:
                    answer = await http.get(url)
                except httpx2.TransportError:
                    answer = None
                if answer is not None and answer.status_code == 200:
                    body: dict[str, Any] = answer.json()
                    if wanted.items() <= body.items():
                        return body
                await asyncio.sleep(_POLL_S)
        raise AssertionError(f"{url} did not answer with {wanted}:\n{self.output()}")

    def output(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""


async def run(
    arguments: Sequence[str], environment: Mapping[str, str], *, stdin: str = "", program: Path = ROOT
) -> str:
    """Run to the end; standard output. Anything but exit code 0 fails the test with what was printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=program,
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(stdin.encode())
    assert process.returncode == 0, f"{arguments} ended with {process.returncode}:\n{out.decode()}{err.decode()}"
    return out.decode()
