"""``F141``: a validate that does not look at the answer."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.expressions import nodes_of_condition
from flow_engine.validation.outline import Outline
from flow_engine.validation.roots import roots
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for collect in outline.collects():
        condition = collect.word("validate")
        if condition is None:
            continue
        nodes = nodes_of_condition(condition.text)
        if nodes and not any("value" in roots(node) for node in nodes):
            yield Fault(condition.path, "The condition does not look at 'value'.", 'For example "value <= 8".')


RULE = Rule(
    code="F141",
    name="validate-without-value",
    severity=Severity.WARNING,
    reason="The answer itself is called value there; without it every answer is judged alike.",
    wrong="""\
id: shop
initial_state: SIZE
states:
  SIZE:
    collect:
      type: integer
      text: "How many of you will come?"
      save_as: guests
      validate: "data.guests < 9" # here
      target: NOTED
    fallback: SIZE
  NOTED:
    on_enter:
      - action: send_text
        text: "A table for {{ data.guests }}. Type more for another."
    transitions:
      - on_payload: "more"
        target: SIZE
""",
    right="""\
id: shop
initial_state: SIZE
states:
  SIZE:
    collect:
      type: integer
      text: "How many of you will come?"
      save_as: guests
      validate: "value < 9"
      target: NOTED
    fallback: SIZE
  NOTED:
    on_enter:
      - action: send_text
        text: "A table for {{ data.guests }}. Type more for another."
    transitions:
      - on_payload: "more"
        target: SIZE
""",
    find=_find,
)
