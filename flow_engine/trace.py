"""Why a step went the way it did: a closed union of small values, in the order in which things happened.

Nothing here is formatted while a step runs; ``encode_trace`` makes JSON of an entry for logs and the simulator.
A trace carries names, indexes and ids of the flow, and never a customer's words.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from flow_engine.outputs.degradation import Degradation
from flow_engine.quick_init import quick_init
from flow_engine.trace_answers import AnswerKept, AnswerRefused, OfferedBack, OldTap
from flow_engine.trace_detours import (
    ActionSkipped,
    BotPaused,
    BotResumed,
    ConversationEnded,
    FlowCalled,
    FlowReturned,
    Interrupted,
    MessageNotRead,
    MessageWhilePaused,
    PageTurned,
    Returned,
    StateRenamed,
    TimerIgnored,
    TimerRang,
    WishConfirmed,
)
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind, JSONObject, MessageType


class Verdict(StrEnum):
    """What became of one transition. The first condition that did not hold is named."""

    MATCHED = "matched"
    OTHER_PAYLOAD = "other_payload"
    OTHER_PREFIX = "other_prefix"
    OTHER_TYPE = "other_type"
    OTHER_TEXT = "other_text"
    OTHER_PATTERN = "other_pattern"
    NO_REFERRAL = "no_referral"
    CONDITION_FALSE = "condition_false"


class RecognisedBy(StrEnum):
    """How a typed text was understood as one of the offered options."""

    ID = "id"
    TITLE = "title"
    NUMBER = "number"
    SYNONYM = "synonym"
    PREFIX = "prefix"
    OFFERED_BACK = "offered_back"


class EnteredBecause(StrEnum):
    """What led into a state."""

    START = "start"
    TRANSITION = "transition"
    ANSWER = "answer"
    TRIES = "tries"
    FALLBACK = "fallback"
    RE_ENTRY = "re_entry"
    CALL_FAILED = "call_failed"
    NOTHING_TO_OFFER = "nothing_to_offer"
    STATE_GONE = "state_gone"
    GO_TO = "go_to"
    CALL = "call"
    BACK = "back"
    RESTART = "restart"
    TIMEOUT = "timeout"
    SESSION = "session"
    GUARD = "guard"


@quick_init
@dataclass(frozen=True)
class OptionRecognised:
    """A typed text stands for the offered option with this payload."""

    payload: str
    by: RecognisedBy


@quick_init
@dataclass(frozen=True)
class TransitionsTried:
    """One verdict per transition of ``state``, in order.

    ``None`` is the list of global transitions, ``<flow>/`` that of a sub-flow. Trying ends at the first match, so a
    match is always the last verdict.
    """

    state: str | None
    verdicts: tuple[Verdict, ...]


@quick_init
@dataclass(frozen=True)
class StateEntered:
    state: str
    because: EnteredBecause


@quick_init
@dataclass(frozen=True)
class ActionRun:
    """The action at ``index`` of the list that is running (a state's ``on_enter`` or a task)."""

    name: str
    index: int
    action: str


@dataclass(frozen=True, slots=True)
class QuestionRepeated:
    """The open question of the state was asked again."""

    state: str


@dataclass(frozen=True, slots=True)
class OutputDegraded:
    """A message did not fit the channel and was changed."""

    effect_index: int
    changes: tuple[Degradation, ...]


@dataclass(frozen=True, slots=True)
class OptionsSkipped:
    """So many items of a dynamic list were no usable options: malformed, repeated, or more than the limit."""

    source_key: str
    skipped: int


@dataclass(frozen=True, slots=True)
class CallFailed:
    """The awaited connector call came to nothing."""

    call_id: str
    failure: FailureKind


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """Nothing matched, so the knowledge document is asked."""

    call_id: str


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    call_id: str
    outcome: AnswerOutcome


@dataclass(frozen=True, slots=True)
class WaitCancelled:
    """Something else happened before the awaited answer came; a late answer will be ignored."""

    call_id: str


@dataclass(frozen=True, slots=True)
class AnswerIgnored:
    """An answer to a call that nobody waits for."""

    call_id: str


@dataclass(frozen=True, slots=True)
class MessageIgnored:
    """A message that asks for no reply, such as a reaction that no transition speaks of."""

    type: MessageType


@dataclass(frozen=True, slots=True)
class TaskStarted:
    task: str


@dataclass(frozen=True, slots=True)
class TaskUnknown:
    """A due task that the present program no longer has."""

    task: str


@dataclass(frozen=True, slots=True)
class ScheduleRefused:
    """A task could not be scheduled or cancelled: ``field`` rendered to nothing usable."""

    task: str
    field: str


@dataclass(frozen=True, slots=True)
class LimitReached:
    """A loop guard ended the turn. ``limit`` is its name in ``limits``."""

    limit: str


type TraceEntry = (
    OptionRecognised
    | TransitionsTried
    | StateEntered
    | ActionRun
    | QuestionRepeated
    | OutputDegraded
    | OptionsSkipped
    | CallFailed
    | QuestionAsked
    | QuestionAnswered
    | WaitCancelled
    | AnswerIgnored
    | MessageIgnored
    | TaskStarted
    | TaskUnknown
    | ScheduleRefused
    | LimitReached
    | OldTap
    | OfferedBack
    | AnswerKept
    | AnswerRefused
    | ActionSkipped
    | FlowCalled
    | FlowReturned
    | ConversationEnded
    | Interrupted
    | Returned
    | StateRenamed
    | BotPaused
    | BotResumed
    | MessageWhilePaused
    | MessageNotRead
    | WishConfirmed
    | TimerRang
    | TimerIgnored
    | PageTurned
)


_SPELLINGS: Final[dict[type, tuple[str, tuple[str, ...]]]] = {}


def encode_trace(entry: TraceEntry) -> JSONObject:
    """``{"kind": "state_entered", …}``: the entry's name in snake case and its fields under their own names."""
    kind, names = _spelling(type(entry))
    return {"kind": kind, **{name: _encode_value(getattr(entry, name)) for name in names}}


def trace_kind(entry: type) -> str:
    """The ``kind`` that entries of this class are written under."""
    return _spelling(entry)[0]


def _spelling(entry: type) -> tuple[str, tuple[str, ...]]:
    """Worked out once a class: a runtime encodes the trace of every step."""
    known = _SPELLINGS.get(entry)
    if known is None:
        known = _SPELLINGS[entry] = _snake_case(entry.__name__), tuple(field.name for field in fields(entry))
    return known


def _encode_value(value: object) -> JSON:
    match value:
        case StrEnum():
            return value.value
        case str() | int() | None:
            return value
        case tuple():
            return [_encode_value(item) for item in value]
        case Degradation():
            return {"kind": value.kind.value, "subject": value.subject}
        case _:
            raise TypeError(f"no part of a trace: {value!r}")


def _snake_case(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
