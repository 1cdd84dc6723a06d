from __future__ import annotations

from dataclasses import dataclass

from flow_engine.program.keywords import Keywords, read_keywords
from flow_engine.program.pattern import Pattern, read_pattern
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class Wording:
    """The conditions of a transition that look at what was written, or at the advertisement it answers.

    They stand apart from the others because most transitions have none, and are not asked for one.
    """

    on_text: Keywords | None
    on_pattern: Pattern | None
    on_referral: bool


def read_wording(fields: Fields) -> Wording | None:
    """``None`` for a transition without any of them."""
    wording = Wording(
        on_text=read_keywords(fields, "on_text"),
        on_pattern=read_pattern(fields, "on_pattern"),
        on_referral=fields.optional("on_referral") is True,
    )
    has_any = wording.on_text is not None or wording.on_pattern is not None or wording.on_referral
    return wording if has_any else None
