"""Killing a process cannot show a missing sync: the kernel keeps what was written. So its system calls are watched.

Between reading a webhook's body and writing its 200 there must be at least one ``fdatasync``. Messages are delivered
one at a time, so no other message's sync can stand in for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.crash.cannot_judge import CannotJudgeError
from tests.crash.life import Life
from tests.crash.runner import ROOT, free_port
from tests.crash.tenant import APP_SECRET, PHONE_NUMBER_ID, Folder
from tests.fakes import webhook_bodies
from tests.fakes.webhook_bodies import Writer

MESSAGES = 20
PATIENCE_S = 60.0
CALLS = "trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync"

_BODY_READ = re.compile(r"(?:read|recv\w*)(?:\(\d+, | resumed>).*POST /webhook")
_SYNCED = re.compile(r"f(?:data)?sync(?:\(\d+| resumed)[^)]*\)\s*= 0")
_ACKNOWLEDGED = re.compile(r"(?:write\w*|send\w*)\(\d+, .*HTTP/1\.1 200")


@dataclass(frozen=True, slots=True)
class Trace:
    """How many acknowledgements were seen, and which of them came too soon.

    ``trouble`` is why the trace proves nothing, which is nobody's broken promise.
    """

    acknowledgements: int
    violations: tuple[str, ...]
    trouble: str | None = None


async def trace_acknowledgements(mutant: int | None) -> Trace:
    """Start a runtime under strace, deliver some messages, read what it did."""
    if shutil.which("strace") is None:
        return Trace(0, (), "strace is missing: apt-get install strace")
    with tempfile.TemporaryDirectory(prefix="frontdesk-trace-") as folder:
        output = Path(folder) / "calls.txt"
        await _deliver_under_strace(Folder(Path(folder)), output, mutant)
        return judge(output.read_text(encoding="utf-8", errors="replace").splitlines())


def judge(lines: list[str]) -> Trace:
    """What a trace of one process shows. Lines are in the order in which calls returned."""
    acknowledgements = 0
    too_soon: list[str] = []
    for number, synced in _acknowledgements(lines):
        acknowledgements += 1
        if not synced:
            too_soon.append(f"acknowledgement {number} left without an fdatasync since its body was read")
    trouble = None
    if acknowledgements < MESSAGES:
        trouble = f"only {acknowledgements} of {MESSAGES} acknowledgements are in the trace"
    return Trace(acknowledgements, tuple(too_soon), trouble)


def _acknowledgements(lines: list[str]) -> Iterator[tuple[int, bool]]:
    reading, synced, number = False, False, 0
    for line in lines:
        if _BODY_READ.search(line):
            reading, synced = True, False
        elif _SYNCED.search(line):
            synced = True
        elif reading and _ACKNOWLEDGED.search(line):
            number += 1
            yield number, synced
            reading = False


async def _deliver_under_strace(folder: Folder, output: Path, mutant: int | None) -> None:
    folder.furnish("http://127.0.0.1:9")  # no message of this run books
    port = free_port()
    life = Life(str(folder.tenant_file), str(folder.state_dir), port, "http://127.0.0.1:9", mutant)
    command = ["strace", "-f", "-qq", "-s", "64", "-e", CALLS, "-e", "signal=none", "-o", str(output)]
    child = "import sys; from tests.crash.life import Life, live; live(Life.from_line(sys.argv[1]))"
    with folder.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *command,
            sys.executable,
            "-c",
            child,
            life.as_line(),
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_S) as http:
            await _until_ready(http, f"http://127.0.0.1:{port}/ready", process)
            for number in range(MESSAGES):
                await _deliver(http, f"http://127.0.0.1:{port}/webhook", number)
    finally:
        # strace itself does not end before the runtime does, so both are told.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def _deliver(http: httpx2.AsyncClient, url: str, number: int) -> None:
    value = webhook_bodies.text(Writer(PHONE_NUMBER_ID, f"3460000000{number}"), "hola", message_id=f"wamid.T{number}")
    body = webhook_bodies.batch([value])
    headers = {"X-Hub-Signature-256": webhook_bodies.sign(body, APP_SECRET), "Content-Type": "application/json"}
    answer = await http.post(url, content=body, headers=headers)
    if answer.status_code != httpx2.codes.OK:
        raise CannotJudgeError(f"the traced runtime answered {answer.status_code} to a delivery")
    await asyncio.sleep(0.05)  # the turn of this message must not sync for the next one


async def _until_ready(http: httpx2.AsyncClient, url: str, process: asyncio.subprocess.Process) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while process.returncode is None and asyncio.get_running_loop().time() < deadline:
        try:
            if (await http.get(url)).status_code == httpx2.codes.OK:
                return
        except httpx2.TransportError:
            pass
        await asyncio.sleep(0.05)
    raise CannotJudgeError("the traced runtime did not come up")
