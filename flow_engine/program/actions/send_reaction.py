from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class SendReaction:
    """``send_reaction``: an emoji on the customer's last message. Emits one ``SendMessage``.

    In a conversation in which the customer has said nothing yet the emoji is a text.
    """

    kind: ClassVar[str] = "send_reaction"

    emoji: Template


def read(fields: Fields) -> SendReaction:
    return SendReaction(
        emoji=fields.template("emoji"),
    )
