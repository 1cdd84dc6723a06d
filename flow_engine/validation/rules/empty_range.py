"""``F119``: a smallest answer that is larger than the largest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule
from flow_engine.vocabulary import JSON


def _find(outline: Outline) -> Iterator[Fault]:
    for collect in outline.collects():
        least, most = collect.members.get("min"), collect.members.get("max")
        if _is_number(least) and _is_number(most):
            wrong = least > most
        else:
            wrong = isinstance(least, str) and isinstance(most, str) and "{{" not in least + most and least > most
        if wrong:
            yield Fault((*collect.path, "min"), f"Nothing lies between {least} and {most}.", "Swap min and max.")


def _is_number(value: JSON) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


RULE = Rule(
    code="F119",
    name="empty-range",
    severity=Severity.ERROR,
    reason="No answer can ever be right.",
    wrong="""\
id: shop
initial_state: SIZE
states:
  SIZE:
    collect:
      type: integer
      text: "How many of you will come?"
      save_as: guests
      min: 10 # here
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
