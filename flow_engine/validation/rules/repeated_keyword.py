"""``F157``: a keyword that an earlier transition already takes."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.answers import fold
from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part, words_within
from flow_engine.validation.rule import Fault, Rule
from flow_engine.vocabulary import JSON


def _find(outline: Outline) -> Iterator[Fault]:
    for state in outline.every_state():
        yield from _repeated(state.transitions)
    for graph in outline.graphs():
        yield from _repeated(graph.global_transitions)


def _repeated(transitions: tuple[Part, ...]) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for transition in transitions:
        own = [
            (language, fold(word.text), word)
            for language, value in _by_language(transition)
            for word in words_within(value, (*transition.path, "on_text", *language))
        ]
        for language, folded, word in own:
            if (str(language), folded) in seen and not transition.has("condition"):
                message = f"'{word.text}' is taken by an earlier transition."
                yield Fault(word.path, message, "Take it out of one of them.")
        if not any(transition.has(key) for key in _NARROW):
            seen |= {(str(language), folded) for language, folded, _ in own}


def _by_language(transition: Part) -> list[tuple[tuple[str, ...], JSON]]:
    """The words with the way to them: the language, if they stand under one."""
    value = transition.members.get("on_text")
    return [((language,), words) for language, words in value.items()] if isinstance(value, dict) else [((), value)]


_NARROW = ("condition", "on_type", "on_payload", "on_payload_prefix", "on_pattern", "on_referral")


RULE = Rule(
    code="F157",
    name="repeated-keyword",
    severity=Severity.WARNING,
    reason="Transitions are tried in order, so the word never leads to the later one.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours or place."
    transitions:
      - on_text: [hours, open]
        target: HOURS
      - on_text: [place, Open!] # here
        target: MENU
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
      - action: send_text
        text: "Hello! Type hours or place."
    transitions:
      - on_text: [hours, open]
        target: HOURS
      - on_text: [place, where]
        target: MENU
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
""",
    find=_find,
)
