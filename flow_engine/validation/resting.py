"""Whether a conversation rests in a state, and what a message that fits nothing does there."""

from __future__ import annotations

from typing import Final

from flow_engine.validation.outline import StateOutline

_LEAD_ON: Final = frozenset({"go_to", "call", "end"})
_OFFERS: Final = frozenset(
    {
        "send_interactive_buttons",
        "send_interactive_list",
        "send_dynamic_options",
        "request_location",
        "request_contact_info",
    }
)
"""Actions that leave a question open."""


def rests_after(state: StateOutline, index: int) -> bool:
    """Whether the conversation may still be in ``state`` once the action at ``index`` and those behind it are done."""
    return not any(action.text("action") in _LEAD_ON and not action.has("when") for action in state.on_enter[index:])


def is_entered_again(state: StateOutline) -> bool:
    """Whether a message that fits nothing enters the state anew. One without a fallback does, unless it asks again."""
    fallback = state.part.text("fallback")
    return fallback == state.name or not state.part.has("fallback")


def asks_again(state: StateOutline) -> bool:
    """Whether a message that fits nothing is answered with the open question or taken as an answer."""
    if state.part.has("collect"):
        return True
    return not state.part.has("fallback") and any(action.text("action") in _OFFERS for action in state.on_enter)
