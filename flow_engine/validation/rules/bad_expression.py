"""``F103``: a template or condition that does not compile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flow_engine.diagnostics import Severity
from flow_engine.errors import ExpressionError
from flow_engine.expressions import compile_condition, compile_template
from flow_engine.validation.expressions import conditions, templates
from flow_engine.validation.outline import Outline, Word
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for word in templates(outline):
        yield from _compile(compile_template, word)
    for word in conditions(outline):
        yield from _compile(compile_condition, word)


def _compile(compiler: Callable[[str], object], word: Word) -> Iterator[Fault]:
    try:
        compiler(word.text)
    except ExpressionError as error:
        yield Fault(word.path, error.message, error.hint, offset=error.column - 1)


RULE = Rule(
    code="F103",
    name="bad-expression",
    severity=Severity.ERROR,
    reason="A text that cannot be worked out would reach the customer broken.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello {{ contact.name | uper }}!" # here
    transitions:
      - on_payload: "hours"
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
        text: "Hello {{ contact.name | upper }}!"
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
