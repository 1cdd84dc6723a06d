"""``send_reaction``: react with an emoji."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, Text


class SendReaction(ActionConstruct):
    """Puts ``emoji`` on the customer's last message; where the channel has no reactions, it is sent as a text.

    ```yaml
    - action: send_reaction
      emoji: "👍"
    ```
    """

    action: Literal["send_reaction"]
    emoji: Text
