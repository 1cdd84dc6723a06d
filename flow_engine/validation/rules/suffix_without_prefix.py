"""``F106``: a suffix to keep, but no prefix it follows."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for transition in outline.transitions():
        if transition.has("extract_suffix_as") and not transition.has("on_payload_prefix"):
            path = (*transition.path, "extract_suffix_as")
            yield Fault(path, "'extract_suffix_as' needs 'on_payload_prefix'.", "Add the prefix.", at_key=True)


RULE = Rule(
    code="F106",
    name="suffix-without-prefix",
    severity=Severity.ERROR,
    reason="Without on_payload_prefix there is no rest to keep.",
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
        extract_suffix_as: "day" # here
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
      - on_payload_prefix: "hours_"
        extract_suffix_as: "day"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
