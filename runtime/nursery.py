"""``python -m runtime.nursery``: a parent that has loaded what a runtime needs and is forked once for each tenant.

The process driver starts it (docs/adr/0034), with one end of a Unix socket pair of packets as its standard input::

    driver → parent   "<number>"               a child is wanted; with two descriptors: where the child writes, and
                                               whence it reads what it is to be
    driver → parent   "last"                   none will be; the parent ends after its last child
    parent → driver   "born <number> <pid>"    with a descriptor of the process (pidfd)
    parent → driver   "unborn <number> <why>"
    parent → driver   "ended <number> <code>"  as in Python's subprocess: negative is the signal
    end of file       the driver is gone, and so is the parent; children live on

What a child is to be is read by the child alone, ``{"environment": {…}, "folder": "…"}`` until end of file: nothing of
any tenant is ever in the parent, nor in its other children. One thread, no event loop, nothing open but the socket
and what wakes it when a child ends. Linux only.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

type Run = Callable[[Sequence[str], Mapping[str, str]], int]
"""Arguments and environment to exit code, as ``runtime.__main__.main``."""

WARM: Final = (
    "anyio.streams.memory",
    "anyio.streams.stapled",
    "apscheduler.executors.asyncio",
    "concurrent.futures.thread",
    "cryptography.fernet",
    "flow_engine.bundle.signing",
    "httpcore2",
    "runtime.__main__",
    "runtime.channels.whatsapp.kind",
    "runtime.channels.whatsapp.router",
    "runtime.control_link",
    "uvicorn.protocols.http.httptools_impl",
    "uvloop",
)
"""What every production tenant loads sooner or later. Anything else is loaded by whoever needs it (docs/adr/0022)."""

LONGEST_PACKET: Final = 64
EXIT_NOT_FIT_TO_FORK: Final = 70
EXIT_UNWANTED: Final = 75
"""The driver died before it said what the child should be (sysexits.h: EX_TEMPFAIL)."""


@dataclass(frozen=True, slots=True)
class Birth:
    """What one child is to be."""

    environment: Mapping[str, str]
    folder: str


class Nursery:
    """Forks on request until it is told to end. ``control`` is the socket to the driver."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._alarm, self._woken = socket.socketpair()
        self._alarm.setblocking(False)
        self._woken.setblocking(False)
        self._numbers: dict[int, str] = {}
        self._is_over = False

    def run(self) -> Birth | None:
        """Returns in the parent, with ``None``, when it is to end; and once in every child, with what it is to be."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._alarm.fileno(), warn_on_full_buffer=False)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        try:
            while not (self._is_over and not self._numbers):
                ready = {descriptor for descriptor, _ in poll.poll()}
                if self._woken.fileno() in ready:
                    self._woken.recv(4096)
                    self._report_ended()
                if self._control.fileno() in ready:
                    packet, descriptors, _, _ = socket.recv_fds(self._control, LONGEST_PACKET, 2)
                    if not packet:
                        return None
                    if packet == b"last":
                        self._is_over = True
                    elif birth := self._fork(packet.decode(), *descriptors):
                        return birth
        except (BrokenPipeError, ConnectionResetError):
            pass
        return None

    def _fork(self, number: str, output: int, birth: int) -> Birth | None:
        try:
            pid = os.fork()
        except OSError as error:
            os.close(output)
            os.close(birth)
            self._control.send(f"unborn {number} {error.strerror}".encode())
            return None
        if pid == 0:
            return self._become_a_child(output, birth)
        os.close(output)
        os.close(birth)
        self._numbers[pid] = number
        process = os.pidfd_open(pid)  # nobody else is waited for, so the id is still the child's
        socket.send_fds(self._control, [f"born {number} {pid}".encode()], [process])
        os.close(process)
        return None

    def _become_a_child(self, output: int, birth: int) -> Birth:
        """Leave everything behind that is the parent's, as a program does that is started anew."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        self._alarm.close()
        self._woken.close()
        self._control.detach()  # descriptor 0, replaced below
        nowhere = os.open(os.devnull, os.O_RDONLY)
        for descriptor, standard in ((nowhere, 0), (output, 1), (output, 2)):
            os.dup2(descriptor, standard)
        os.close(nowhere)
        os.close(output)
        with os.fdopen(birth, encoding="utf-8") as file:
            told = file.read()
        if not told:
            raise SystemExit(EXIT_UNWANTED)
        return Birth(**json.loads(told))

    def _report_ended(self) -> None:
        while self._numbers:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            code = os.waitstatus_to_exitcode(status)
            self._control.send(f"ended {self._numbers.pop(pid)} {code}".encode())


def warm_up() -> None:
    """Have in memory what every production tenant has: its modules, and the certificates it trusts."""
    for module in WARM:
        importlib.import_module(module)
    from connectors.kernel.http_client import ssl_context  # noqa: PLC0415 - this module alone weighs nothing

    ssl_context()


def serve_tenant(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """What ``python -m runtime`` does."""
    from runtime import __main__ as runtime  # noqa: PLC0415 - as above; loaded by now

    sys.argv[:] = [str(runtime.__file__), *arguments]
    return runtime.main(arguments, environment)


def live(run: Run, *, warm: Callable[[], None] = warm_up) -> int:
    """The parent's whole life, and each child's: ``run`` with its environment. Returns the exit code of either."""
    gc.disable()
    warm()
    if (threads := len(list(Path("/proc/self/task").iterdir()))) != 1:
        print(f"runtime.nursery: {threads} threads run; a fork would lose all but one", file=sys.stderr)  # noqa: T201 - said to a person, before logs exist
        return EXIT_NOT_FIT_TO_FORK
    # Not collected first: holes in the pages would be filled by each child, and so copied for it.
    gc.freeze()
    birth = Nursery(socket.socket(fileno=0)).run()
    gc.enable()
    if birth is None:
        return 0
    os.environ.clear()
    os.environ.update(birth.environment)
    time.tzset()
    os.chdir(birth.folder)
    return run((), os.environ)


if __name__ == "__main__":
    sys.exit(live(serve_tenant))
