"""``F152``: an id with a sign that the engine needs for itself."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Word, options
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for word in _payloads(outline):
        if "~" in word.text or word.text.startswith("@"):
            message = f"'{word.text}' holds a sign that is not free: ~, or @ at the beginning."
            yield Fault(word.path, message, "Use letters, digits and _.")


def _payloads(outline: Outline) -> Iterator[Word]:
    candidates = [option.word("id") for part in (*outline.actions(), *outline.collects()) for option in options(part)]
    for transition in outline.transitions():
        candidates += [transition.word("on_payload"), transition.word("on_payload_prefix")]
    yield from (word for word in candidates if word is not None)


RULE = Rule(
    code="F152",
    name="reserved-payload",
    severity=Severity.ERROR,
    reason="Behind ~ the engine notes which question a button belongs to, and ids that begin with @ are its own.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Shall I book it?"
        buttons:
          - id: "yes~1" # here
            title: "Yes"
    transitions:
      - on_type: button
        target: MENU
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Shall I book it?"
        buttons:
          - id: "yes"
            title: "Yes"
    transitions:
      - on_payload: "yes"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
