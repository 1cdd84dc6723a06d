"""``F117``: a call that does not fit the inputs and outputs of its sub-flow."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest


def _find(outline: Outline) -> Iterator[Fault]:
    for call in outline.actions():
        flow = outline.flows.get(call.text("flow") or "") if call.text("action") == "call" else None
        if flow is not None:
            yield from _check(call, flow.root)


def _check(call: Part, flow: Part) -> Iterator[Fault]:
    declared = _names(flow, "inputs")
    given = call.members.get("inputs", {})
    if isinstance(given, dict) and declared is not None:
        for name in given:
            if name not in declared:
                message = f"The sub-flow '{call.text('flow')}' has no input '{name}'."
                yield Fault((*call.path, "inputs", name), message, suggest(name, declared), at_key=True)
        for name in declared:
            if name not in given:
                message = f"The sub-flow '{call.text('flow')}' needs the input '{name}'."
                yield Fault((*call.path, "flow"), message, f"Add '{name}: …' under inputs.")
    produced = _names(flow, "outputs")
    for outputs in call.inner("outputs"):
        words = (outputs.word(name) for name in outputs.members)
        for word in words:
            if word is not None and produced is not None and word.text not in produced:
                message = f"The sub-flow '{call.text('flow')}' has no output '{word.text}'."
                yield Fault(word.path, message, suggest(word.text, produced))


def _names(flow: Part, key: str) -> list[str] | None:
    """What the sub-flow names under ``key``; None where that cannot be read."""
    names = flow.members.get(key, [])
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else None


RULE = Rule(
    code="F117",
    name="call-mismatch",
    severity=Severity.ERROR,
    reason="A sub-flow sees only the inputs it names, and gives back only the outputs it names.",
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
          size: chosn # here
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
