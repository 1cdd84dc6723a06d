"""``F153``: a sub-flow that nothing calls."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    called = {action.text("flow") for action in outline.actions()}
    for name in outline.flows:
        if name not in called:
            yield Fault(("flows", name), f"Nothing calls the sub-flow '{name}'.", "Delete it.", at_key=True)


RULE = Rule(
    code="F153",
    name="unused-sub-flow",
    severity=Severity.WARNING,
    reason="It never runs; usually a call was forgotten.",
    wrong="""\
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
  ask_colour: # here
    initial_state: ASK
    states:
      ASK:
        on_enter:
          - action: send_text
            text: "Red or blue?"
        transitions:
          - on_type: text
            target: "@end"
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
