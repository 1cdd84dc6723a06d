"""``F108``: writing what the engine computes."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.data_names import COMPUTED, writes
from flow_engine.validation.outline import Outline, Path
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for write in writes(outline):
        if write.text in COMPUTED:
            message = f"'{write.text}' is computed by the engine and cannot be set."
            yield Fault(write.path, message, "Choose another name.", at_key=_is_key(write.text, write.path))


def _is_key(name: str, path: Path) -> bool:
    return path[-1] == name


RULE = Rule(
    code="F108",
    name="computed-name",
    severity=Severity.ERROR,
    reason="The engine works out data.today and data.now for every message; what a flow writes there is lost.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours or stop."
    transitions:
      - on_payload: "hours"
        set_data:
          today: "monday" # here
        target: MENU
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours or stop."
    transitions:
      - on_payload: "hours"
        set_data:
          wanted_day: "monday"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
