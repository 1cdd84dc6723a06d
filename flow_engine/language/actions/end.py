"""``end``: the conversation, or the sub-flow, is over."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct


class End(ActionConstruct):
    """Ends a sub-flow, so that its caller goes on; elsewhere ends the conversation.

    After that the next message begins anew in ``initial_state``. What is in ``data`` stays; how to
    end with nothing in it stands under [recipes](#recipes). Not in tasks.

    ```yaml
    - action: end
    ```
    """

    action: Literal["end"]
