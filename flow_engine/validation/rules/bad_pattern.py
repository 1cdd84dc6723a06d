"""``F113``: a pattern that RE2 does not take."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.program.pattern import PatternError, compile_pattern
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for transition in outline.transitions():
        pattern = transition.word("on_pattern")
        if pattern is None:
            continue
        try:
            compile_pattern(pattern.text)
        except PatternError as error:
            yield Fault(pattern.path, f"The pattern cannot be used: {error}.", "Write it in the syntax of RE2.")


RULE = Rule(
    code="F113",
    name="bad-pattern",
    severity=Severity.ERROR,
    reason=("Patterns are RE2: without look-around and back-references, so that no message can make one run for ever."),
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Which order do you ask about?"
    transitions:
      - on_pattern: "order (?!0)([0-9]+)" # here
        target: MENU
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Which order do you ask about?"
    transitions:
      - on_pattern: "order ([1-9][0-9]*)"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
