"""One parent process that has loaded a runtime and is forked for each tenant; its side of the talk.

What is said, and why it is Linux only, stands in runtime/nursery.py.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from platform_admin.fleet.drivers.child import NotStartedError
from platform_admin.fleet.drivers.warm_child import Born, Ended, News, Unborn, WarmChild

BIRTH_PATIENCE_S: Final = 30.0
"""Loading takes a second; this is a machine that swaps. After it the parent is given up."""

END_PATIENCE_S: Final = 5.0
LONGEST_PACKET: Final = 512


class WarmParent:
    """A running one. It sees ``environment`` alone, and none of its children's. Raises ``OSError`` as Popen does."""

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._process = subprocess.Popen(
                    command,
                    env=environment,
                    cwd=folder,
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,  # errors go where ours go: it has no tenant to tell them for
                    start_new_session=True,
                )
            except OSError:
                self._control.close()
                raise
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._awaiting: dict[int, queue.SimpleQueue[News]] = {}
        self._gone = False
        self._listener = threading.Thread(target=self._listen, name="warm parent", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def gone(self) -> bool:
        return self._gone

    def bear(self, environment: Mapping[str, str], *, folder: Path, born: Callable[[int], None]) -> WarmChild:
        """Raises ``NotStartedError``. The child begins after ``born`` has returned; without us it never does."""
        news: queue.SimpleQueue[News] = queue.SimpleQueue()
        with ExitStack() as kept, ExitStack() as handed_over:
            read_output, write_output = os.pipe()
            read_birth, write_birth = os.pipe()
            output = kept.enter_context(os.fdopen(read_output, encoding="utf-8", errors="replace"))
            birth = handed_over.enter_context(os.fdopen(write_birth, "w", encoding="utf-8"))
            try:
                self._ask(news, write_output, read_birth)
            finally:
                os.close(write_output)
                os.close(read_birth)
            told = self._first_news(news)
            child = WarmChild(told.process, output=output, news=news)
            born(told.pid)
            with contextlib.suppress(BrokenPipeError):  # it has ended already, which will be seen
                birth.write(json.dumps({"environment": dict(environment), "folder": str(folder)}))
                birth.flush()
            kept.pop_all()
            return child

    def retire(self) -> None:
        """Nobody else is born of it; it ends after its last child."""
        with contextlib.suppress(OSError):
            self._control.send(b"last")

    def close(self) -> None:
        """Have it gone; children live on."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(END_PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._listener.join()

    def _ask(self, news: queue.SimpleQueue[News], write_output: int, read_birth: int) -> None:
        with self._lock:
            if self._gone:
                raise NotStartedError(self._last_words())
            number = next(self._numbers)
            self._awaiting[number] = news
            try:
                descriptors = [write_output, read_birth]
                socket.send_fds(self._control, [str(number).encode()], descriptors, socket.MSG_DONTWAIT)
            except OSError as error:
                del self._awaiting[number]
                raise NotStartedError(f"the warm parent takes no requests: {error.strerror}") from error

    def _first_news(self, news: queue.SimpleQueue[News]) -> Born:
        try:
            told = news.get(timeout=BIRTH_PATIENCE_S)
        except queue.Empty:
            self._process.kill()  # what it does late anyway ends by itself: nobody tells it what to be
            raise NotStartedError(f"the warm parent did not answer for {BIRTH_PATIENCE_S:.0f} s") from None
        match told:
            case Born():
                return told
            case Unborn():
                raise NotStartedError(f"the warm parent cannot fork: {told.reason}")
            case Ended() | None:
                raise NotStartedError(self._last_words())

    def _last_words(self) -> str:
        status = self._process.poll()
        return f"the warm parent ended with status {status}; what it said is in the orchestrator's own log"

    def _listen(self) -> None:
        with self._control, contextlib.suppress(OSError):
            while True:
                packet, descriptors, _, _ = socket.recv_fds(self._control, LONGEST_PACKET, 1, socket.MSG_CMSG_CLOEXEC)
                if not packet:
                    break
                self._hand_on(packet.decode(), descriptors)
        self._process.wait()
        with self._lock:
            self._gone = True
            for news in self._awaiting.values():
                news.put(None)
            self._awaiting.clear()

    def _hand_on(self, packet: str, descriptors: Sequence[int]) -> None:
        what, number, rest = packet.split(" ", 2)
        with self._lock:
            news = self._awaiting[int(number)] if what == "born" else self._awaiting.pop(int(number))
        match what:
            case "born":
                news.put(Born(int(rest), descriptors[0]))
            case "unborn":
                news.put(Unborn(rest))
            case _:
                news.put(Ended(int(rest)))
