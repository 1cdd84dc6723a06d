"""The part of the trace that tells of ways around: skipped actions, sub-flows, interruptions, timers and pauses."""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.vocabulary import MessageType


@dataclass(frozen=True, slots=True)
class ActionSkipped:
    """The ``when`` of the action at ``index`` did not hold."""

    name: str
    index: int


@dataclass(frozen=True, slots=True)
class FlowCalled:
    """The sub-flow was entered."""

    flow: str


@dataclass(frozen=True, slots=True)
class FlowReturned:
    """The sub-flow ended and its caller goes on."""

    flow: str


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """The next message starts anew. ``because`` is ``end`` or ``session``."""

    because: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A global word put the open question of ``state`` aside."""

    state: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Back to what a global word had interrupted."""

    state: str


@dataclass(frozen=True, slots=True)
class StateRenamed:
    """The present program knows the conversation's state under another name."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class BotPaused:
    """A person takes over from here."""


@dataclass(frozen=True, slots=True)
class BotResumed:
    """The bot answers again."""


@dataclass(frozen=True, slots=True)
class MessageWhilePaused:
    """A message for the person who has taken over; the bot keeps silent."""

    type: MessageType


@dataclass(frozen=True, slots=True)
class MessageNotRead:
    """A message of a kind that says nothing here: a recording, a sticker, what the channel could not hand over."""

    type: MessageType


@dataclass(frozen=True, slots=True)
class WishConfirmed:
    """The customer ended (``out``) or allows (``in``) messages that answer nothing."""

    wish: str


@dataclass(frozen=True, slots=True)
class TimerRang:
    """A timer's time had come."""

    timer: str


@dataclass(frozen=True, slots=True)
class TimerIgnored:
    """A timer that was replaced, cancelled, or means nothing any more."""

    timer: str


@dataclass(frozen=True, slots=True)
class PageTurned:
    """The customer asked for more of a long list; ``page`` counts the pages shown so far, from 1."""

    page: int
