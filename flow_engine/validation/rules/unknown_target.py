"""``F101``: a state that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Word
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest


def _find(outline: Outline) -> Iterator[Fault]:
    if not outline.has_states:
        return
    for word in _references(outline):
        if word.text not in outline.states:
            yield Fault(word.path, f"There is no state '{word.text}'.", suggest(word.text, outline.states))


def _references(outline: Outline) -> Iterator[Word]:
    candidates = [outline.root.word("initial_state")]
    candidates += [state.part.word("fallback") for state in outline.states.values()]
    candidates += [transition.word("target") for transition in outline.transitions()]
    yield from (word for word in candidates if word is not None)


RULE = Rule(
    code="F101",
    name="unknown-target",
    severity=Severity.ERROR,
    reason="A conversation cannot go where there is no state.",
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
        target: MENUE # here
    fallback: MENU
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
        target: MENU
    fallback: MENU
""",
    find=_find,
)
