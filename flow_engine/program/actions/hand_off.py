from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class HandOff:
    """``hand_off``: a person goes on, and the bot keeps silent for this contact.

    Emits what is said (``text``, or the sentence ``paused_note``), one ``HandOff`` and, with ``resume_after_s``,
    the ``StartTimer`` that ends the silence.
    """

    kind: ClassVar[str] = "hand_off"

    reason: Template
    text: Template | None
    resume_after_s: int | None


def read(fields: Fields) -> HandOff:
    resume = None if fields.optional("resume") in (None, "never") else fields.child("resume")
    return HandOff(
        reason=fields.template("reason"),
        text=fields.optional_template("text"),
        resume_after_s=None if resume is None else resume.optional_whole_number("after"),
    )
