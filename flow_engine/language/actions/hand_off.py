"""``hand_off``: let a person go on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from flow_engine.language.construct import ActionConstruct, Construct, Duration, LocalisedText, Text


class Resume(Construct):
    """The bot speaks again ``after`` this time, unless it was given the conversation back before."""

    after: Duration


def _never(value: object) -> object:
    """``resume: never`` is the same as no ``resume``."""
    return None if value == "never" else value


class HandOff(ActionConstruct):
    """Tells the staff why, says ``text``, and keeps the bot silent for this contact.

    Without ``text`` the sentence ``paused_note`` is said. The bot speaks again when a person gives the conversation
    back, or when ``resume`` says so; ``never`` leaves it to a person. The conversation is then still in this state and
    says nothing until the next message, which the state's transitions and ``fallback`` take as any other. So give the
    state a ``fallback``: without one it is entered anew, and hands off again. Actions after this one are still done.

    ```yaml
    - action: hand_off
      reason: "A party of {{ data.party_size }}"
      text: "One of us will write to you here in a moment."
      resume:
        after: "12h"
    ```
    """

    action: Literal["hand_off"]
    reason: Text
    text: LocalisedText | None = None
    resume: Annotated[
        Resume | None,
        BeforeValidator(_never, json_schema_input_type=Resume | Literal["never"] | None),
    ] = None
