"""``F146``: a renamed state that still exists under its old name."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    names = {"/".join((*map(str, graph.root.path[1:]), name)) for graph in outline.graphs() for name in graph.states}
    for renamed in outline.root.inner("renamed_states"):
        for old in renamed.members:
            if old in names:
                message = f"The state '{old}' still exists, so nobody is moved."
                yield Fault((*renamed.path, old), message, "Delete the line, or the state.", at_key=True)


RULE = Rule(
    code="F146",
    name="useless-rename",
    severity=Severity.WARNING,
    reason="People are moved only out of a state that is gone; as long as the old name is there, they stay in it.",
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
        target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
renamed_states:
  HOURS: MENU # here
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
      - on_payload: "hours"
        target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
renamed_states:
  OPENING: HOURS
""",
    find=_find,
)
