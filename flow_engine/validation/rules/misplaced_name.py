"""``F158``: value or item where there is none."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.expressions import expressions
from flow_engine.validation.outline import Outline
from flow_engine.validation.roots import roots
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    places = {"value": {collect.path for collect in outline.collects()}}
    places["item"] = {audience.path for audience in outline.audiences()}
    keys = {"value": "validate", "item": "contact"}
    for word, nodes in expressions(outline):
        named = {root for node in nodes for root in roots(node)}
        for name, key in keys.items():
            if name in named and not (word.path[-1] == key and word.path[:-1] in places[name]):
                hint = f"Did you mean 'data.{name}'?"
                yield Fault(word.path, f"There is no '{name}' here, only in '{key}'.", hint)


RULE = Rule(
    code="F158",
    name="misplaced-name",
    severity=Severity.ERROR,
    reason="Only validate knows the answer as value, and only for_each has an item; elsewhere both are empty.",
    wrong="""\
id: shop
initial_state: SIZE
states:
  SIZE:
    collect:
      type: integer
      text: "How many of you will come?"
      save_as: guests
      min: 1
      max: 8
      target: NOTED
    fallback: SIZE
  NOTED:
    on_enter:
      - action: send_text
        text: "A table for {{ value }} or {{ data.guests }}. Type more." # here
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
      min: 1
      max: 8
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
