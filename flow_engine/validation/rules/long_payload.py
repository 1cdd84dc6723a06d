"""``F160``: an id that is too long for a button of the channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, options
from flow_engine.validation.rule import Fault, Rule

ROOM_FOR_STAMP: Final = 6
"""Characters behind an id: ``~`` and a number in base 36, enough for sixty million questions."""


def _find(outline: Outline) -> Iterator[Fault]:
    limits = outline.surroundings.capabilities
    for part in (*outline.actions(), *outline.collects()):
        most = limits.button_id_chars if part.has("buttons") else limits.row_id_chars
        for option in options(part):
            identity = option.word("id")
            if identity is None or "{{" in identity.text or not most:
                continue
            length = len(identity.text.encode()) if limits.ids_in_bytes else len(identity.text)
            if length + ROOM_FOR_STAMP > most:
                message = f"The id has {length} characters; with the engine's own, {outline.surroundings.channel} takes"
                yield Fault(identity.path, f"{message} {most}.", "Shorten it.")


RULE = Rule(
    code="F160",
    name="long-payload",
    severity=Severity.INFO,
    reason="The engine adds some characters to each id; what is too long then is sent as a numbered text.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Shall I book it?"
        buttons:
          - id: "order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_order_" # here
            title: "Yes"
    transitions:
      - on_type: button
        target: MENU
    fallback: MENU
""",  # noqa: E501  # an id that is too long
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Shall I book it?"
        buttons:
          - id: "yes"
            title: "Yes"
    transitions:
      - on_payload: "yes"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
