"""``F122``: a button that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part, options, words_within
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    everywhere = tuple(outline.transitions())
    for state in outline.states.values():
        ways = (*state.transitions, *outline.global_transitions)
        for action in state.on_enter:
            yield from _unanswered(action, ways)
    for actions in outline.tasks.values():
        for action in actions:
            yield from _unanswered(action, everywhere)


def _unanswered(action: Part, ways: tuple[Part, ...]) -> Iterator[Fault]:
    for option in options(action):
        identity = option.word("id")
        if identity is None or "{{" in identity.text:
            continue
        if not any(_may_answer(way, identity.text) for way in ways):
            hint = "Add a transition with this on_payload."
            yield Fault(identity.path, f"No transition answers '{identity.text}'.", hint)


def _may_answer(way: Part, payload: str) -> bool:
    """A way without payload and prefix may answer anything; any text equal to the payload counts too."""
    prefix = way.text("on_payload_prefix")
    if prefix is not None:
        return payload.startswith(prefix)
    if not way.has("on_payload") and (way.has("on_type") or way.has("condition")):
        return True
    return any(word.text == payload for word in words_within(dict(way.members), ()))


RULE = Rule(
    code="F122",
    name="unanswered-option",
    severity=Severity.WARNING,
    reason="Whoever taps it is treated as if they had typed something unknown.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "What would you like?"
        buttons:
          - id: "menu_hour" # here
            title: "Opening hours"
    transitions:
      - on_payload: "menu_hours"
        target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "What would you like?"
        buttons:
          - id: "menu_hours"
            title: "Opening hours"
    transitions:
      - on_payload: "menu_hours"
        target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
""",
    find=_find,
)
