"""``F150``: more choices than the channel shows at once."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part, options
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    limits, channel = outline.surroundings.capabilities, outline.surroundings.channel
    for part in (*outline.actions(), *outline.collects()):
        count = sum(1 for _ in options(part))
        if part.has("buttons") and 0 < limits.max_buttons < count <= limits.max_rows:
            yield _fault(part, "buttons", f"{channel} shows {limits.max_buttons} buttons; these {count} become a list.")
        elif 0 < limits.max_rows < count:
            key = next(key for key in ("buttons", "sections", "options") if part.has(key))
            yield _fault(part, key, f"{channel} shows {limits.max_rows} choices; these {count} come on several pages.")


def _fault(part: Part, key: str, message: str) -> Fault:
    return Fault((*part.path, key), message, at_key=True)


RULE = Rule(
    code="F150",
    name="many-choices",
    severity=Severity.INFO,
    reason="Too many buttons are sent as a list, and too many rows on several pages.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Which day?"
        buttons: # here
          - id: "day_a"
            title: "Monday"
          - id: "day_b"
            title: "Tuesday"
          - id: "day_c"
            title: "Wednesday"
          - id: "day_d"
            title: "Thursday"
    transitions:
      - on_payload_prefix: "day_"
        target: MENU
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Which day?"
        buttons:
          - id: "day_a"
            title: "Monday"
          - id: "day_b"
            title: "Tuesday"
          - id: "day_c"
            title: "Wednesday"
    transitions:
      - on_payload_prefix: "day_"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
