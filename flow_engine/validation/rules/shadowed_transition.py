"""``F121``: a transition behind one that always wins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.diagnostics import Severity
from flow_engine.validation.limits import MAX_TRANSITIONS
from flow_engine.validation.outline import Outline, Part
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for state in outline.every_state():
        yield from _shadowed(state.transitions)
    for graph in outline.graphs():
        yield from _shadowed(graph.global_transitions)


def _shadowed(transitions: tuple[Part, ...]) -> Iterator[Fault]:
    for index, later in enumerate(transitions[:MAX_TRANSITIONS]):
        if any(_covers(earlier, later) for earlier in transitions[:index]):
            hint = "Move it up, or delete it."
            yield Fault(later.path, "An earlier transition always wins over this one.", hint)


def _covers(earlier: Part, later: Part) -> bool:
    """Whatever takes ``later`` takes ``earlier`` first. Equal payloads are F104 unless ``later`` asks for more."""
    if any(earlier.has(key) for key in _NARROW):
        return False
    types, wanted = _types(earlier), _types(later)
    if types and not (wanted and wanted <= types):
        return False
    payload, prefix = earlier.text("on_payload"), earlier.text("on_payload_prefix")
    if payload is not None:
        asks_for_more = later.has("condition") or later.has("on_payload_prefix") or wanted != types
        return prefix is None and payload == later.text("on_payload") and asks_for_more
    if prefix is not None:
        begins = later.text("on_payload") or later.text("on_payload_prefix")
        return begins is not None and begins.startswith(prefix)
    return bool(types)


_NARROW: Final = ("condition", "on_text", "on_pattern", "on_referral")
"""Conditions of which nobody knows beforehand what they leave over."""


def _types(transition: Part) -> frozenset[str]:
    value = transition.members.get("on_type")
    items = value if isinstance(value, list) else [value]
    return frozenset(item for item in items if isinstance(item, str))


RULE = Rule(
    code="F121",
    name="shadowed-transition",
    severity=Severity.WARNING,
    reason="Transitions are tried in order; a later one that an earlier one covers is never taken.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours or stop."
    transitions:
      - on_payload_prefix: "h"
        target: MENU
      - on_payload: "hello" # here
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
      - on_payload: "hello"
        target: MENU
      - on_payload_prefix: "h"
        target: MENU
    fallback: MENU
""",
    find=_find,
)
