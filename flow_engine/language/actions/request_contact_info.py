"""``request_contact_info``: ask for the phone number."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, LocalisedText


class RequestContactInfo(ActionConstruct):
    """Asks for the customer's phone number, with a button for it where the channel has one.

    The answer is a message of the type ``contacts``.

    ```yaml
    - action: request_contact_info
      body: "Under which number can we reach you?"
    ```
    """

    action: Literal["request_contact_info"]
    body: LocalisedText
