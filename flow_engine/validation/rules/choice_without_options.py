"""``F129``: a choice without options, or options without a choice."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for collect in outline.collects():
        kind, options = collect.text("type"), collect.members.get("options")
        if kind == "choice" and not options:
            hint = "Add options: each an id and a title."
            yield Fault((*collect.path, "type"), "There is nothing to choose from.", hint)
        elif kind is not None and kind != "choice" and options:
            path = (*collect.path, "options")
            yield Fault(path, f"An answer of type '{kind}' has no options.", "Make it type: choice.", at_key=True)


RULE = Rule(
    code="F129",
    name="choice-without-options",
    severity=Severity.ERROR,
    reason="A choice is answered by one of its options, and nothing else has any.",
    wrong="""\
id: shop
initial_state: SIZE
states:
  SIZE:
    collect:
      type: choice # here
      text: "Small or large?"
      save_as: size
      target: NOTED
    fallback: SIZE
  NOTED:
    on_enter:
      - action: send_text
        text: "{{ data.size | upper }} it is. Type more for another."
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
      type: choice
      text: "Small or large?"
      save_as: size
      options:
        - id: "s"
          title: "Small"
        - id: "l"
          title: "Large"
      target: NOTED
    fallback: SIZE
  NOTED:
    on_enter:
      - action: send_text
        text: "{{ data.size | upper }} it is. Type more for another."
    transitions:
      - on_payload: "more"
        target: SIZE
""",
    find=_find,
)
