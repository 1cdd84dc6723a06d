"""``F118``: a sub-flow that calls itself."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.cycles import on_cycles
from flow_engine.validation.outline import Outline, Part
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    called = {name: list(_calls(flow)) for name, flow in outline.flows.items()}
    nested = on_cycles({name: {target for _, target in calls} for name, calls in called.items()})
    for name in outline.flows:
        for call, target in called[name] if name in nested else ():
            if target in nested:
                message = f"The sub-flow '{name}' calls itself here, directly or through others."
                yield Fault((*call.path, "flow"), message, "Use go_to, or call it from outside.")


def _calls(flow: Outline) -> Iterator[tuple[Part, str]]:
    for action in flow.actions():
        target = action.text("flow")
        if action.text("action") == "call" and target is not None:
            yield action, target


RULE = Rule(
    code="F118",
    name="recursive-sub-flow",
    severity=Severity.ERROR,
    reason="Calls nest only so far; a sub-flow that calls itself, if only by way of another, ends in an error.",
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
          - action: call
            flow: ask_size # here
            inputs:
              name: "{{ data.name }}"
        transitions:
          - on_payload: "small"
            set_data:
              chosen: "small"
            target: "@end"
        fallback: ASK
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
