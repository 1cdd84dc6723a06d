"""``F104``: the same payload twice where only one can win."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part, options
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for state in outline.every_state():
        yield from _repeated(state.transitions)
    for graph in outline.graphs():
        yield from _repeated(graph.global_transitions)
    for action in outline.actions():
        yield from _repeated_options(action)
    for collect in outline.collects():
        yield from _repeated_options(collect)


def _repeated(transitions: tuple[Part, ...]) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for transition in transitions:
        payload = transition.word("on_payload")
        if payload is None:
            continue
        others = sorted((key, str(transition.members.get(key))) for key in _ALSO_REQUIRED)
        guard = (payload.text, str(others))
        if guard in seen:
            message = f"'{payload.text}' already leads on from here; this transition is never taken."
            yield Fault(payload.path, message, "Delete one of the two, or give one a condition.")
        seen.add(guard)


def _repeated_options(action: Part) -> Iterator[Fault]:
    seen: set[str] = set()
    for option in options(action):
        identity = option.word("id")
        if identity is None:
            continue
        if identity.text in seen:
            yield Fault(
                identity.path, f"The id '{identity.text}' stands twice in one message.", "Give each its own id."
            )
        seen.add(identity.text)


_ALSO_REQUIRED = ("on_payload_prefix", "on_text", "on_pattern", "on_referral", "on_type", "condition")


RULE = Rule(
    code="F104",
    name="duplicate-payload",
    severity=Severity.ERROR,
    reason="Only the first of two such transitions is ever taken; of two such buttons nobody knows which was tapped.",
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
        target: MENU
      - on_payload: "hours" # here
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
        text: "Hello! Type hours or stop."
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
