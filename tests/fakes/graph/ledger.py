"""What the fake remembers: the sends it accepted, the ones it refused, and how it was told to misbehave."""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Literal

type Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """How the next matching calls go wrong.

    ``fail`` answers an error and accepts nothing; ``throttle`` is the failure of a number that is too
    fast; ``hang`` holds the answer back for ``seconds``; ``cut`` drops the connection instead of answering.
    The last two accept the message first unless ``accepted`` is false. ``to`` narrows the fault to one
    customer. ``times`` counts calls; 0 means from now on.
    """

    kind: Literal["fail", "throttle", "hang", "cut"]
    times: int = 1
    status: int = 400
    code: int = 131000
    retry_after: int | None = None
    seconds: float = 3600.0
    accepted: bool = True
    to: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in {"fail", "throttle", "hang", "cut"}:
            raise ValueError(f"unknown kind {self.kind!r}")


@dataclass(frozen=True, slots=True)
class Sent:
    """One accepted message. ``to`` is the number or user id without ``+``; ``body`` the whole request body."""

    seq: int
    wamid: str
    phone_number_id: str
    version: str
    to: str
    body: Object

    def as_json(self) -> Object:
        return {
            "seq": self.seq,
            "wamid": self.wamid,
            "phone_number_id": self.phone_number_id,
            "version": self.version,
            "to": self.to,
            "type": self.body.get("type"),
            "body": self.body,
        }


@dataclass(slots=True)
class Ledger:
    """Lives as long as the server. ``refused`` holds the reasons of calls that were not accepted."""

    sent: list[Sent] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    read: list[Object] = field(default_factory=list)
    _faults: deque[Fault] = field(default_factory=deque)
    _left: deque[int] = field(default_factory=deque)
    _run: str = field(default_factory=lambda: secrets.token_hex(4))
    _seq: int = 0

    def script(self, *faults: Fault) -> None:
        """Let coming calls fail, in this order."""
        self._faults.extend(faults)
        self._left.extend(fault.times for fault in faults)

    def forget(self) -> None:
        """Back to a server that works and has sent nothing."""
        self.sent.clear()
        self.refused.clear()
        self.read.clear()
        self._faults.clear()
        self._left.clear()

    def next_fault(self, to: str) -> Fault | None:
        """The first fault that concerns ``to``; used up after its last time."""
        for index, fault in enumerate(self._faults):
            if fault.to is not None and fault.to.lstrip("+") != to:
                continue
            if fault.times:
                self._left[index] -= 1
                if self._left[index] == 0:
                    del self._faults[index], self._left[index]
            return fault
        return None

    def accept(self, phone_number_id: str, version: str, to: str, body: Object) -> Sent:
        self._seq += 1
        sent = Sent(self._seq, f"wamid.FAKE{self._run}{self._seq:06d}", phone_number_id, version, to, body)
        self.sent.append(sent)
        return sent
