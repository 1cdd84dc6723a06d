"""Which turn is being worked on, for every log line that is written meanwhile, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_TURN: Final[ContextVar[str | None]] = ContextVar("turn", default=None)


@contextmanager
def working_on(turn: str) -> Iterator[None]:
    """Lines written in this block, and in tasks it starts, carry ``turn``."""
    token = _TURN.set(turn)
    try:
        yield
    finally:
        _TURN.reset(token)


def present_turn() -> str | None:
    """The turn of the running task; ``None`` outside of one."""
    return _TURN.get()
