from __future__ import annotations

from dataclasses import dataclass

from flow_engine.conversation_state import ConversationState
from flow_engine.effects import Effect
from flow_engine.quick_init import quick_init
from flow_engine.trace import TraceEntry


@quick_init
@dataclass(frozen=True)
class Step:
    """What one event led to: the next snapshot, what is to be done, and why.

    The driver keeps the snapshot and performs the effects in order; nothing has happened yet.
    """

    snapshot: ConversationState
    effects: tuple[Effect, ...]
    trace: tuple[TraceEntry, ...]
