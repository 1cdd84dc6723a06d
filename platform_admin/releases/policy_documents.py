"""The shapes of ``policies.limits``, ``policies.opt_out`` and ``policies.handoff``, as a runtime takes them.

They travel in the bundle as written, and a runtime refuses the whole bundle for one wrong value; so they are checked
before. A name that no runtime knows would be passed over by it in silence, and is a fault here.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, StrictInt, StrictStr

from flow_engine.answers.folding import fold

MOST: Final = 10**9
"""Above every sensible limit; a runtime takes no more."""

MOST_MINUTES: Final = 30 * 24 * 60
"""A month: a chat that rests longer is over."""


def _is_sayable(word: str) -> str:
    if not fold(word):
        message = f"“{word}” has no letter and no digit, so nobody can write it."
        raise ValueError(message)
    return word


type Number = Annotated[float, Field(strict=True, ge=0, le=MOST)]
type Count = Annotated[StrictInt, Field(ge=0, le=MOST)]
type Word = Annotated[StrictStr, AfterValidator(_is_sayable)]
type WordsByLanguage = dict[str, list[Word]]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LimitsShape(_Shape):
    """``limits``: what comes in and how fast it goes out. Each may be left out; 0 switches it off."""

    burst_window_s: Number = 0
    inbound_per_contact_per_minute: Count = 0
    loop_messages: Count = 0
    loop_window_s: Number = 0
    loop_pause_s: Number = 0
    late_after_s: Number = 0
    max_attempts: Count = 0
    messages_per_s: Number = 0
    pair_interval_s: Number = 0
    pair_burst: Count = 0


class OptOutShape(_Shape):
    """``opt_out``: the words that end messages, and those that undo it, by language."""

    words: WordsByLanguage | None = None
    undo: WordsByLanguage | None = None


class HandoffShape(_Shape):
    """``handoff``: when the bot speaks again after a person wrote; null waits for a person to resume it."""

    resume_after_minutes: Annotated[StrictInt, Field(ge=1, le=MOST_MINUTES)] | None = None
    resume_words: list[Word] = Field(default_factory=list)


type Block = dict[str, JsonValue]


def shaped_as(shape: type[BaseModel]) -> AfterValidator:
    """The block as it was written, once it has this shape: what was left out stays left out, and null stays null."""

    def check(block: Block) -> Block:
        shape.model_validate(block)
        return block

    return AfterValidator(check)
