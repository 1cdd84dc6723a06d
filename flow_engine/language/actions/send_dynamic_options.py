"""``send_dynamic_options``: ask with a list that a connector has filled."""

from __future__ import annotations

from typing import Literal

from flow_engine.language.construct import ActionConstruct, DataPath, LocalisedText


class SendDynamicOptions(ActionConstruct):
    """Sends the list kept in ``data`` under ``source_key``: items of ``{id, title, description?}``.

    With nothing in it, ``empty_text`` is sent instead and the conversation goes to the fallback of
    the state. ``button`` is what opens the list.

    ```yaml
    - action: send_dynamic_options
      source_key: "available_days"
      text: "Which day suits you?"
      empty_text: "Nothing is free in the next two weeks."
    ```
    """

    action: Literal["send_dynamic_options"]
    source_key: DataPath
    text: LocalisedText
    empty_text: LocalisedText | None = None
    button: LocalisedText | None = None
