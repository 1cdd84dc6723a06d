"""``send_template``: send a message that the channel has approved."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Tag

from flow_engine.language.construct import (
    PARAMETER_FORMS,
    ActionConstruct,
    Construct,
    DataName,
    LocalisedText,
    Payload,
    TemplateName,
    Text,
)
from flow_engine.vocabulary import MediaType


def _form(value: object) -> str:
    return PARAMETER_FORMS[1] if isinstance(value, dict) else PARAMETER_FORMS[0]


class TemplateMedia(Construct):
    """The file in the head of a template."""

    media_type: MediaType
    url: LocalisedText
    filename: Text | None = None


class TemplateButton(Construct):
    """A button of the template, in the template's order; ``title`` is what it reads.

    ``id`` comes back as the payload when a quick reply is tapped; ``suffix`` fills the blank of a link's address.
    """

    title: LocalisedText
    id: Payload | None = None
    suffix: Text | None = None


class SendTemplate(ActionConstruct):
    """Sends the approved template ``name`` in ``language`` (the provider's code) with its blanks filled.

    ``parameters`` is a list where the blanks are counted and a mapping where they have names. ``header`` fills the
    blank of the template's title, ``media`` is its file, ``buttons`` are its buttons. On WhatsApp nothing else reaches
    a customer who has been silent for 24 hours. ``text`` says the same to a customer who has written since, and where
    a channel has no templates; its quick replies go with it. Without ``text`` the template is always sent, and what
    would have filled the blanks is said where there are none.

    ```yaml
    - action: send_template
      name: appointment_reminder
      language: es
      parameters:
        - "{{ contact.name }}"
        - "{{ data.starts_at | date: 'long' }}"
      buttons:
        - id: "cancel_{{ data.event_id }}"
          title: "I cannot come"
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
    header: LocalisedText | None = None
    media: TemplateMedia | None = None
    buttons: tuple[TemplateButton, ...] = ()
