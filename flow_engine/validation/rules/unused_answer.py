"""``F139``: an answer that is asked for and never used."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.data_names import used
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    read = used(outline)
    for collect in outline.collects():
        name = collect.word("save_as")
        if name is not None and name.text not in read:
            yield Fault(name.path, f"Nothing ever uses 'data.{name.text}'.", "Use it, or do not ask.")


RULE = Rule(
    code="F139",
    name="unused-answer",
    severity=Severity.WARNING,
    reason="Customers are asked something for nothing; usually the name is misspelt where it is used.",
    wrong="""\
id: shop
initial_state: SIZE
states:
  SIZE:
    collect:
      type: integer
      text: "How many of you will come?"
      save_as: guests # here
      min: 1
      max: 8
      target: NOTED
    fallback: SIZE
  NOTED:
    on_enter:
      - action: send_text
        text: "Noted. Type more for another."
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
