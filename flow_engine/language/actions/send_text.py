"""``send_text``: say something."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, LocalisedText


class SendText(ActionConstruct):
    """Sends one plain text message.

    ```yaml
    - action: send_text
      text: "See you on {{ data.selected_date | date: 'long' }}!"
    ```
    """

    action: Literal["send_text"]
    text: LocalisedText
