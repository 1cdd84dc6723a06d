"""``send_interactive_list``: ask with a list that opens on a tap."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flow_engine.language.construct import ActionConstruct, Construct, LocalisedText, Payload
from flow_engine.language.keywords import Keywords


class Row(Construct):
    """``id`` comes back as the payload of the tap; ``title`` and ``description`` are what people read.

    ``synonyms`` count as its title when typed.
    """

    id: Payload
    title: LocalisedText
    description: LocalisedText | None = None
    synonyms: Keywords | None = None


class Section(Construct):
    """A group of rows. ``title`` is needed as soon as there are two groups."""

    title: LocalisedText | None = None
    rows: Annotated[tuple[Row, ...], Field(min_length=1)]


class SendInteractiveList(ActionConstruct):
    """Sends a text with a list; WhatsApp shows up to ten rows. ``button`` is what opens it ("See options" without it).

    ```yaml
    - action: send_interactive_list
      body: "How did you like it?"
      button: "Answer"
      sections:
        - rows:
            - id: "rating_good"
              title: "Good"
            - id: "rating_bad"
              title: "Not so good"
    ```
    """

    action: Literal["send_interactive_list"]
    body: LocalisedText
    button: LocalisedText | None = None
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    header: LocalisedText | None = None
    footer: LocalisedText | None = None
