"""``send_interactive_buttons``: ask with a few buttons."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flow_engine.language.construct import ActionConstruct, Construct, LocalisedText, Payload
from flow_engine.language.keywords import Keywords


class Button(Construct):
    """``id`` comes back as the payload of the tap; ``title`` is what people read.

    ``synonyms`` count as its title when typed.
    """

    id: Payload
    title: LocalisedText
    synonyms: Keywords | None = None


class SendInteractiveButtons(ActionConstruct):
    """Sends a text with reply buttons under it; WhatsApp shows up to three.

    ```yaml
    - action: send_interactive_buttons
      body: "Shall I book it?"
      buttons:
        - id: "confirm_yes"
          title: "Yes, please"
        - id: "confirm_no"
          title: "No"
    ```
    """

    action: Literal["send_interactive_buttons"]
    body: LocalisedText
    buttons: Annotated[tuple[Button, ...], Field(min_length=1)]
    header: LocalisedText | None = None
    footer: LocalisedText | None = None
