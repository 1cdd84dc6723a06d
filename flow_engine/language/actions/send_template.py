"""``send_template``: send a message that the channel has approved."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from flow_engine.language.construct import (
    PARAMETER_FORMS,
    ActionConstruct,
    Construct,
    DataName,
    Degrees,
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


class TemplateLocation(Construct):
    """The place on the map in the head of a template; ``latitude`` and ``longitude`` as in ``send_location``."""

    latitude: Degrees
    longitude: Degrees
    name: LocalisedText | None = None
    address: LocalisedText | None = None


class TemplateForm(Construct):
    """What a button that opens a form hands over.

    ``token`` comes back with the answers, to tell this form from others; ``data`` is what its first page shows. Texts
    anywhere in ``data`` are templates. What the customer fills in arrives as a message of type ``form``.
    """

    token: Text | None = None
    data: dict[str, JsonValue] = Field(default_factory=dict)


class TemplateButton(Construct):
    """A button of the template, in the template's order; ``title`` is what it reads.

    ``id`` comes back as the payload when a quick reply is tapped; ``suffix`` fills the blank of a link's address;
    ``code`` is what a tap copies, at most 15 characters; ``form`` belongs to a button that opens one. A button that is
    only shown, such as one that calls a number, has none of them.
    """

    title: LocalisedText
    id: Payload | None = None
    suffix: Text | None = None
    code: Text | None = None
    form: TemplateForm | None = None


class SendTemplate(ActionConstruct):
    """Sends the approved template ``name`` in ``language`` (the provider's code) with its blanks filled.

    ``parameters`` is a list where the blanks are counted and a mapping where they have names. In the template's head
    ``header`` fills the blank of its title, ``media`` is its file or ``location`` its place on the map, whichever it
    has; ``buttons`` are its buttons. On WhatsApp nothing else reaches a customer who has been silent for 24 hours.
    ``text`` says the same to a customer who has written since, and where a channel has no templates; its quick replies
    and a code that ``text`` does not tell go with it. Without ``text`` the template is always sent, and what would have
    filled the blanks is said where there are none.

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
    location: TemplateLocation | None = None
    buttons: tuple[TemplateButton, ...] = ()
