"""Which of the held releases a turn runs on. Pure: (snapshot, who, what is held) → (release, snapshot).

A test contact runs the staged release. A conversation in a state that the live release has not is treated as that
release says: it finishes on the one it ran on, is moved, or begins anew (which the engine does by itself).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from flow_engine.bundle.rollout import InFlight, WhatToDo
from flow_engine.conversation_state import ConversationState
from flow_engine.program import Program
from runtime.active_config import ActiveConfig, HeldReleases
from runtime.leased import Leased


@dataclass(frozen=True, slots=True)
class Conversation:
    """``names`` are all ids the contact is known by; ``serial`` is the release of the last step, ``None`` before it."""

    names: Collection[str]
    snapshot: ConversationState | None
    serial: int | None


@dataclass(frozen=True, slots=True)
class ReleaseChoice:
    """The release to run on, and the conversation as that release shall find it."""

    release: Leased[ActiveConfig]
    snapshot: ConversationState | None


def choose_release(held: HeldReleases, conversation: Conversation, now: datetime) -> ReleaseChoice:
    """``held`` has a live release."""
    snapshot = conversation.snapshot
    if held.staged is not None and not held.staged.value.test_contacts.isdisjoint(conversation.names):
        return ReleaseChoice(held.staged, snapshot)
    if held.live is None:
        raise RuntimeError("no configuration is active yet")
    live = held.live.value
    gone = None if snapshot is None else next(_unknown_states(snapshot, live.program), None)
    word = None if gone is None else live.people_in_flight.get(gone)
    if snapshot is None or word is None:
        return ReleaseChoice(held.live, snapshot)
    if word.do is WhatToDo.FINISH:
        older = held.older_release(conversation.serial, now)
        if older is not None and next(_unknown_states(snapshot, older.value.program), None) is None:
            return ReleaseChoice(older, snapshot)
    return ReleaseChoice(held.live, _moved(snapshot, word, live.program))


def _moved(snapshot: ConversationState, word: InFlight, program: Program) -> ConversationState:
    """In the other state, with nothing open: its question was not asked there, and what was called is left behind."""
    if word.do is not WhatToDo.MOVE or word.to is None or word.to not in program.states:
        return snapshot
    return snapshot.moved_to(word.to)


def _unknown_states(snapshot: ConversationState, program: Program) -> Iterator[str]:
    for state in _states_of(snapshot):
        if state not in program.states and state not in program.renamed_states:
            yield state


def _states_of(snapshot: ConversationState) -> Iterator[str]:
    """Every state that the conversation stands in or will come back to."""
    if snapshot.state is not None:
        yield snapshot.state
    waiting = snapshot.waiting
    if waiting is not None and waiting.frame is not None and waiting.frame.kind == "state":
        yield waiting.frame.name
    yield from (call.state for call in snapshot.calls)
    interrupted = snapshot.interrupted
    if interrupted is not None:
        yield interrupted.state
        yield from (call.state for call in interrupted.calls)
