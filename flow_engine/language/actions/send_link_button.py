"""``send_link_button``: offer a web page."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, LocalisedText


class SendLinkButton(ActionConstruct):
    """Sends a text with a button that opens ``url``; where the channel has none, the address stands in the text.

    ```yaml
    - action: send_link_button
      body: "You can pay here."
      title: "Pay"
      url: "https://example.com/pay/{{ data.event_id }}"
    ```
    """

    action: Literal["send_link_button"]
    body: LocalisedText
    title: LocalisedText
    url: LocalisedText
    header: LocalisedText | None = None
    footer: LocalisedText | None = None
