"""``F105``: a transition without any condition."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part
from flow_engine.validation.rule import Fault, Rule

_TRIGGERS = ("on_payload", "on_payload_prefix", "on_text", "on_pattern", "on_type", "on_referral", "condition")
_KNOWN = frozenset((*_TRIGGERS, "extract_suffix_as", "set_data", "target", "return"))


def _find(outline: Outline) -> Iterator[Fault]:
    for transition in outline.transitions():
        if not any(transition.has(key) for key in _TRIGGERS) and not _has_unknown_keys(transition):
            message = "The transition says nowhere when it is taken."
            yield Fault(transition.path, message, f"Add one of {', '.join(_TRIGGERS)}.")


def _has_unknown_keys(transition: Part) -> bool:
    """A misspelt key is reported as such; it may well be the condition that seems to be missing."""
    return not _KNOWN.issuperset(transition.members)


RULE = Rule(
    code="F105",
    name="untriggered-transition",
    severity=Severity.ERROR,
    reason="It would be taken whatever the customer says, and nothing after it ever.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours or stop."
    transitions:
      - target: MENU # here
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
