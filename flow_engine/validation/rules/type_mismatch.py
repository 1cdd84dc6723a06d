"""``F137``: an operation on values that do not go together."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.expressions import expressions
from flow_engine.validation.misfits import misfits
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.shapes import data_shapes


def _find(outline: Outline) -> Iterator[Fault]:
    data = data_shapes(outline)
    for word, nodes in expressions(outline):
        for misfit in dict.fromkeys(misfit for node in nodes for misfit in misfits(node, data)):
            if not misfit.absent:
                yield Fault(word.path, misfit.message, "Compare like with like: 8 is a number, '8' a text.")


RULE = Rule(
    code="F137",
    name="type-mismatch",
    severity=Severity.ERROR,
    reason="A number is never equal to a text and never larger than one, so the answer is the same for everybody.",
    wrong="""\
id: shop
initial_state: SIZE
states:
  SIZE:
    collect:
      type: integer
      text: "How many of you will come?"
      save_as: guests
      target: NOTED
    fallback: SIZE
  NOTED:
    on_enter:
      - action: send_text
        when: "data.guests == '8'" # here
        text: "That is a lot!"
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
      target: NOTED
    fallback: SIZE
  NOTED:
    on_enter:
      - action: send_text
        when: "data.guests == 8"
        text: "That is a lot!"
      - action: send_text
        text: "A table for {{ data.guests }}. Type more for another."
    transitions:
      - on_payload: "more"
        target: SIZE
""",
    find=_find,
)
