"""``F122``: a button that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part, options, words_within
from flow_engine.validation.rule import Fault, Rule


@dataclass(frozen=True, slots=True)
class _Answers:
    """What a set of transitions answers. Any text in them counts as a payload, so that a misspelt key hides none."""

    anything: bool
    prefixes: tuple[str, ...]
    payloads: frozenset[str]

    def covers(self, payload: str) -> bool:
        return self.anything or payload in self.payloads or payload.startswith(self.prefixes)


def _find(outline: Outline) -> Iterator[Fault]:
    everywhere = _answers(outline.global_transitions)
    for graph in outline.graphs():
        nearby = _answers(graph.global_transitions)
        for state in graph.states.values():
            if state.part.has("collect"):
                continue  # what is tapped is an answer, and whether it can be used shows when it comes
            here = _answers(state.transitions)
            for action in state.on_enter:
                yield from _unanswered(action, (here, nearby, everywhere))
    anywhere = _answers(tuple(outline.transitions()))
    for actions in outline.tasks.values():
        for action in actions:
            yield from _unanswered(action, (anywhere,))


def _answers(ways: tuple[Part, ...]) -> _Answers:
    prefixes = (way.text("on_payload_prefix") for way in ways)
    return _Answers(
        anything=any(_takes_anything(way) for way in ways),
        prefixes=tuple(prefix for prefix in prefixes if prefix),
        payloads=frozenset(word.text for way in ways for word in words_within(dict(way.members), ())),
    )


def _takes_anything(way: Part) -> bool:
    if way.has("on_payload") or way.has("on_payload_prefix"):
        return False
    return way.has("on_type") or way.has("condition")


def _unanswered(action: Part, answers: tuple[_Answers, ...]) -> Iterator[Fault]:
    for option in options(action):
        identity = option.word("id")
        if identity is None or "{{" in identity.text:
            continue
        if not any(answer.covers(identity.text) for answer in answers):
            hint = "Add a transition with this on_payload."
            yield Fault(identity.path, f"No transition answers '{identity.text}'.", hint)


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
