"""``F136``: a keyword that takes away what a button says."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.answers import fold
from flow_engine.diagnostics import Severity
from flow_engine.validation.limits import MAX_TRANSITIONS
from flow_engine.validation.outline import Outline, Part, StateOutline, options, words_within
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for graph in outline.graphs():
        nearby = _Keywords((*graph.global_transitions, *(outline.global_transitions if graph is not outline else ())))
        for state in graph.states.values():
            own = _Keywords(state.transitions)
            for identity, title in _labels(state):
                yield from _captured(identity, title, own, nearby)


class _Keywords:
    """Transitions in their order, and the first that each folded word takes."""

    def __init__(self, ways: tuple[Part, ...]) -> None:
        self.ways = ways[:MAX_TRANSITIONS]
        self.first: dict[str, int] = {}
        for index, way in enumerate(self.ways):
            for word in _words(way):
                self.first.setdefault(word, index)

    def led_by(self, identity: str) -> int | None:
        """The first that a tap takes."""
        return next((index for index, way in enumerate(self.ways) if _takes(way, identity)), None)


def _labels(state: StateOutline) -> Iterator[tuple[str, str]]:
    for action in state.on_enter:
        for option in options(action):
            identity = option.text("id")
            for title in words_within(option.members.get("title"), ()):
                if identity is not None and "{{" not in identity + title.text:
                    yield identity, title.text


def _captured(identity: str, title: str, own: _Keywords, nearby: _Keywords) -> Iterator[Fault]:
    """The first keyword that equals the title, if it stands before what the tap takes and leads elsewhere."""
    typed = fold(title)
    tap, keyword = own.led_by(identity), own.first.get(typed)
    where = own
    if tap is None and keyword is None:
        tap, keyword, where = nearby.led_by(identity), nearby.first.get(typed), nearby
    meant = where.ways[tap] if tap is not None else _elsewhere(identity, where, nearby)
    if keyword is None or meant is None or (tap is not None and tap <= keyword):
        return
    way = where.ways[keyword]
    if way.text("target") != meant.text("target"):
        key = "on_text" if way.has("on_text") else "on_payload"
        message = f"Typing '{title}' is taken by this keyword, not by the button '{identity}'."
        yield Fault((*way.path, key), message, "Put the transition of the button first, or take the word out.")


def _elsewhere(identity: str, where: _Keywords, nearby: _Keywords) -> Part | None:
    """The transition of a tap that only a global one answers."""
    tap = None if where is nearby else nearby.led_by(identity)
    return None if tap is None else nearby.ways[tap]


def _takes(way: Part, identity: str) -> bool:
    payload, prefix = way.text("on_payload"), way.text("on_payload_prefix")
    return payload == identity or (prefix is not None and identity.startswith(prefix))


def _words(way: Part) -> set[str]:
    """Folded words that take the way by themselves; a condition may keep it shut."""
    if any(way.has(key) for key in ("condition", "on_type", "on_pattern", "on_referral", "on_payload_prefix")):
        return set()
    words = [word.text for key in ("on_text", "on_payload") for word in words_within(way.members.get(key), ())]
    return {folded for word in words if (folded := fold(word))}


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
