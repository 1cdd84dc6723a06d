"""``F116``: a sub-flow that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest


def _find(outline: Outline) -> Iterator[Fault]:
    for action in outline.actions():
        word = action.word("flow") if action.text("action") == "call" else None
        if word is not None and word.text not in outline.flows:
            hint = suggest(word.text, outline.flows) or "Define it under flows."
            yield Fault(word.path, f"There is no sub-flow '{word.text}'.", hint)


RULE = Rule(
    code="F116",
    name="unknown-sub-flow",
    severity=Severity.ERROR,
    reason="A call cannot enter a sub-flow that is not there.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours or stop."
      - action: call
        flow: ask_size # here
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: call
        flow: ask_size
        inputs:
          name: "{{ contact.name }}"
        outputs:
          size: chosen
      - action: send_text
        text: "Your size: {{ data.size }}."
    fallback: MENU
flows:
  ask_size:
    inputs: [name]
    outputs: [chosen]
    initial_state: ASK
    states:
      ASK:
        on_enter:
          - action: send_text
            text: "Small or large, {{ data.name }}?"
        transitions:
          - on_payload: "small"
            set_data:
              chosen: "small"
            target: "@end"
        fallback: ASK
""",
    find=_find,
)
