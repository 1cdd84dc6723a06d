"""When the bot takes up again after somebody of the business wrote from the phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from flow_engine.answers.folding import fold
from flow_engine.vocabulary import JSON
from runtime.errors import ConfigurationError

DEFAULT_RESUME_MINUTES: Final = 240
"""Four hours of silence: the half day in which whoever picked up the phone is likely to look at it again."""

MOST_MINUTES: Final = 30 * 24 * 60
"""A month: a chat that rests longer is over."""


@dataclass(frozen=True, slots=True)
class TakeoverRule:
    """``resume_after_s`` counts from the last message of the staff; ``None`` waits for somebody to resume it.

    Staff who write one of ``resume_words`` (folded) and nothing else give the chat back at once.
    """

    resume_after_s: int | None = DEFAULT_RESUME_MINUTES * 60
    resume_words: frozenset[str] = frozenset({"bot"})

    @classmethod
    def from_json(cls, block: JSON) -> Self:
        """``{"resume_after_minutes": 240 | null, "resume_words": ["#bot"]}``; what is missing keeps its default.

        Raises:
            ConfigurationError: it has not that shape.
        """
        if block is None:
            return cls()
        if not isinstance(block, dict):
            raise ConfigurationError(["handoff: must be an object"])
        minutes = block.get("resume_after_minutes", DEFAULT_RESUME_MINUTES)
        if minutes is not None and not (
            isinstance(minutes, int) and not isinstance(minutes, bool) and 1 <= minutes <= MOST_MINUTES
        ):
            raise ConfigurationError([f"handoff.resume_after_minutes: null, or from 1 to {MOST_MINUTES}"])
        words = block.get("resume_words", ["#bot"])
        if not isinstance(words, list) or not all(isinstance(word, str) and fold(word) for word in words):
            raise ConfigurationError(["handoff.resume_words: must be a list of words"])
        return cls(
            None if minutes is None else minutes * 60, frozenset(fold(word) for word in words if isinstance(word, str))
        )

    def gives_back(self, text: str) -> bool:
        """Whether these words of the staff hand the chat back to the bot."""
        return fold(text) in self.resume_words
