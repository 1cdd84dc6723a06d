"""Where a state can lead: transitions, fallback, timeout, answers, jumps and failed calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from flow_engine.validation.outline import Part, StateOutline, Word

TARGET_WORDS: Final = ("@back", "@restart", "@return", "@end")
"""What may stand in the place of a state."""


TRIGGERS: Final = (
    "on_payload",
    "on_payload_prefix",
    "on_text",
    "on_pattern",
    "on_type",
    "on_referral",
)
"""What a transition waits for, its condition aside."""


class By(Enum):
    """What takes a way."""

    TRANSITION = "transition"
    FALLBACK = "fallback"
    TIMEOUT = "timeout"
    ANSWER = "answer"
    TOO_MANY_TRIES = "too many tries"
    JUMP = "jump"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a state. ``part`` is the construct it stands in; ``index`` that of the action, if it is one."""

    by: By
    target: Word
    part: Part
    index: int | None = None


def ways(state: StateOutline) -> Iterator[Way]:
    """Every way out of ``state`` that can be read; ways into itself and to ``@`` words are ways too."""
    for transition in state.transitions:
        yield from _way(By.TRANSITION, transition, "target")
    yield from _way(By.FALLBACK, state.part, "fallback")
    for timeout in state.part.inner("timeout"):
        yield from _way(By.TIMEOUT, timeout, "target")
    for collect in state.part.inner("collect"):
        yield from _way(By.ANSWER, collect, "target")
        yield from _way(By.TOO_MANY_TRIES, collect, "on_max_tries")
    for index, action in enumerate(state.on_enter):
        if action.text("action") == "go_to":
            yield from _way(By.JUMP, action, "target", index)
        yield from _way(By.FAILURE, action, "on_error", index)
        for kinds in action.inner("on_error"):
            for kind in kinds.members:
                yield from _way(By.FAILURE, kinds, kind, index)


def _way(by: By, part: Part, key: str, index: int | None = None) -> Iterator[Way]:
    word = part.word(key)
    if word is not None:
        yield Way(by, word, part, index)
