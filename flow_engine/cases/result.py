"""What came of running a case."""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.cases.bubbles import Bubble
from flow_engine.cases.case import Case
from flow_engine.cases.judging import Mismatch
from flow_engine.trace import TraceEntry


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One line of the chat. ``by`` is ``customer``, ``bot`` or ``clock``; ``wrong`` marks the first wrong bubble.

    A bubble that is missing stands as a line of the bot without one. ``trace`` is why what follows this line follows.
    """

    by: str
    text: str
    bubble: Bubble | None = None
    wrong: bool = False
    trace: tuple[TraceEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """``mismatch`` is ``None`` when the case passes. ``trace`` holds every step that ran, for coverage."""

    case: Case
    chat: tuple[ChatLine, ...]
    trace: tuple[TraceEntry, ...]
    mismatch: Mismatch | None

    @property
    def passed(self) -> bool:
        return self.mismatch is None
