"""``send_template``: send a message that the channel has approved."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from flow_engine.language.construct import (
    PARAMETER_FORMS,
    ActionConstruct,
    DataName,
    LocalisedText,
    TemplateName,
)


def _form(value: object) -> str:
    return PARAMETER_FORMS[1] if isinstance(value, dict) else PARAMETER_FORMS[0]


class SendTemplate(ActionConstruct):
    """Sends the approved template ``name`` in ``language`` (the provider's code) with its blanks filled.

    ``parameters`` is a list where the blanks are counted and a mapping where they have names. On WhatsApp nothing else
    reaches a customer who has been silent for 24 hours. Where a channel has no templates, ``text`` is said instead,
    or without it what would have filled the blanks.

    ```yaml
    - action: send_template
      name: appointment_reminder
      language: es
      parameters:
        - "{{ contact.name }}"
        - "{{ data.starts_at | date: 'long' }}"
      text: "See you on {{ data.starts_at | date: 'long' }}!"
    ```
    """

    action: Literal["send_template"]
    name: TemplateName
    language: LocalisedText
    parameters: Annotated[
        Annotated[tuple[LocalisedText, ...], Tag(PARAMETER_FORMS[0])]
        | Annotated[dict[DataName, LocalisedText], Tag(PARAMETER_FORMS[1])],
        Discriminator(_form),
    ] = ()
    text: LocalisedText | None = None
