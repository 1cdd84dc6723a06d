"""A real CalDAV server: Radicale, as a process of its own on loopback, with two users and calendars made on demand."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx2

USER, PASSWORD = "ana", "app-password-of-ana"
STRANGER = ("ben", "app-password-of-ben")
STARTS_WITHIN_S = 30
_CALENDAR = (
    '<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>'
    "<d:displayname>Citas</d:displayname></d:prop></d:set></c:mkcalendar>"
)


@dataclass
class Radicale:
    """``url`` has no slash at its end."""

    url: str
    numbers: Iterator[int]

    def calendar(self) -> str:
        """The address of a new calendar of ``USER``."""
        address = f"{self.url}/{USER}/calendar-{next(self.numbers)}/"
        with self.http() as http:
            answer = http.request("MKCALENDAR", address, content=_CALENDAR)
        assert answer.status_code == 201, answer.text
        return address

    def http(self) -> httpx2.Client:
        """The user's own client: what they do in their calendar program."""
        return httpx2.Client(auth=(USER, PASSWORD), trust_env=False)


@contextmanager
def running_radicale(folder: Path) -> Iterator[Radicale]:
    """Runs for the length of the block."""
    users = folder / "users"
    users.write_text(f"{USER}:{PASSWORD}\n{STRANGER[0]}:{STRANGER[1]}\n", encoding="utf-8")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [
        *(sys.executable, "-m", "radicale", "--config", ""),
        *("--server-hosts", f"127.0.0.1:{port}"),
        *("--auth-type", "htpasswd", "--auth-htpasswd-filename", str(users), "--auth-htpasswd-encryption", "plain"),
        *("--auth-delay", "0", "--storage-filesystem-folder", str(folder / "collections"), "--logging-level", "error"),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, url)
        yield Radicale(url, count(1))
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx2.get(url, trust_env=False)
        except httpx2.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"Radicale did not start (exit status {process.poll()})")
