"""``go_to``: move on without waiting for the customer."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, Target


class GoTo(ActionConstruct):
    """Enters ``target``; the actions after it are left out. Not in tasks, which leave the conversation where it is.

    ```yaml
    - action: go_to
      when: "data.party_size > 8"
      target: LARGE_PARTY
    ```
    """

    action: Literal["go_to"]
    target: Target
