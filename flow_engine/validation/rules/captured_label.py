"""``F136``: a keyword that takes away what a button says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flow_engine.answers import fold
from flow_engine.diagnostics import Severity
from flow_engine.validation.limits import MAX_TRANSITIONS
from flow_engine.validation.outline import Outline, Part, StateOutline, options, words_within
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for graph in outline.graphs():
        nearby = (*graph.global_transitions, *(outline.global_transitions if graph is not outline else ()))
        for state in graph.states.values():
            ordered = (*state.transitions, *nearby)[:MAX_TRANSITIONS]
            for identity, title in _labels(state):
                yield from _captured(identity, title, ordered)


def _labels(state: StateOutline) -> Iterator[tuple[str, str]]:
    for action in state.on_enter:
        for option in options(action):
            identity = option.text("id")
            for title in words_within(option.members.get("title"), ()):
                if identity is not None and "{{" not in identity + title.text:
                    yield identity, title.text


def _captured(identity: str, title: str, ordered: Sequence[Part]) -> Iterator[Fault]:
    """The first keyword that equals the title, if it stands before what the tap is led by and leads elsewhere."""
    typed = fold(title)
    meant = next((way for way in ordered if _is_led_by(way, identity)), None)
    for way in ordered:
        if meant is None or way is meant:
            return
        if typed and typed in _keywords(way) and way.text("target") != meant.text("target"):
            key = "on_text" if way.has("on_text") else "on_payload"
            message = f"Typing '{title}' is taken by this keyword, not by the button '{identity}'."
            yield Fault((*way.path, key), message, "Put the transition of the button first, or take the word out.")
            return


def _is_led_by(way: Part, identity: str) -> bool:
    payload, prefix = way.text("on_payload"), way.text("on_payload_prefix")
    return payload == identity or (prefix is not None and identity.startswith(prefix))


def _keywords(way: Part) -> set[str]:
    """Folded words that take the way by themselves; a condition may keep it shut."""
    if any(way.has(key) for key in ("condition", "on_type", "on_pattern", "on_referral", "on_payload_prefix")):
        return set()
    words = [word.text for key in ("on_text", "on_payload") for word in words_within(way.members.get(key), ())]
    return {fold(word) for word in words}


RULE = Rule(
    code="F136",
    name="captured-label",
    severity=Severity.WARNING,
    reason="Whoever types what the button says is led elsewhere than whoever taps it.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "Shall I book it?"
        buttons:
          - id: "confirm_yes"
            title: "Yes"
    transitions:
      - on_text: [yes, hours] # here
        target: HOURS
      - on_payload: "confirm_yes"
        target: BOOKED
    fallback: MENU
  BOOKED:
    on_enter:
      - action: send_text
        text: "Booked."
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
        body: "Shall I book it?"
        buttons:
          - id: "confirm_yes"
            title: "Yes"
    transitions:
      - on_text: [hours, open]
        target: HOURS
      - on_payload: "confirm_yes"
        target: BOOKED
    fallback: MENU
  BOOKED:
    on_enter:
      - action: send_text
        text: "Booked."
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
""",
    find=_find,
)
