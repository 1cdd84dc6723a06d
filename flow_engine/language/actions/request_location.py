"""``request_location``: ask where the customer is."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, LocalisedText


class RequestLocation(ActionConstruct):
    """Asks for the customer's position, with a button for it where the channel has one.

    The answer is a message of the type ``location``.

    ```yaml
    - action: request_location
      body: "Where shall we bring it?"
    ```
    """

    action: Literal["request_location"]
    body: LocalisedText
