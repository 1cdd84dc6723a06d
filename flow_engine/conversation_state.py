"""``ConversationState``: the snapshot between two events.

Everything the engine remembers of a conversation is in here, frozen. ``conversation_codec`` makes
JSON of it and reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final

from flow_engine.effects import AskLLM, CallConnector
from flow_engine.errors import CodecError
from flow_engine.outputs.codec import decode_output
from flow_engine.outputs.output import Output
from flow_engine.quick_init import quick_init
from flow_engine.vocabulary import JSON, JSONObject


@quick_init
@dataclass(frozen=True, slots=True)
class Frame:
    """Where to go on once the awaited answer is there.

    ``kind`` is ``state`` (the ``on_enter`` list of ``name``) or ``task`` (the list of task ``name``,
    with ``data`` as it was when scheduled). ``next_action`` is the index of the action after the call.
    ``result_key`` is the name in data under which the result is kept, if any. ``entered`` names the states
    that this turn has entered so far, so that the loop guard also counts across calls;
    ``gave_up`` says that a guard has ended the turn already and that its fallback is what runs.
    """

    kind: str
    name: str
    next_action: int
    result_key: str | None = None
    data: Mapping[str, JSON] | None = None
    entered: tuple[str, ...] = ()
    gave_up: bool = False


@dataclass(frozen=True, slots=True)
class CallFrame:
    """Where a sub-flow goes on when it ends: in ``state`` of its caller, with the action ``next_action``.

    ``outputs`` says which name in the caller's ``data`` takes which output of the sub-flow. The other fields are the
    caller's, as the snapshot had them.
    """

    flow: str
    state: str
    next_action: int
    data: Mapping[str, JSON] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    history: tuple[str, ...] = ()
    question: Output | None = None
    question_turn: int = 0


@dataclass(frozen=True, slots=True)
class Interruption:
    """What a global word with ``return: true`` interrupted; ``@return`` goes back to it.

    ``data`` is that of the interrupted sub-flow; ``None`` where the interrupting state works on the same data.
    ``depth`` is the number of calls that were still open while the interrupting state ran.
    """

    state: str
    question: Output | None = None
    question_turn: int = 0
    tries: int = 0
    calls: tuple[CallFrame, ...] = ()
    data: Mapping[str, JSON] | None = None
    history: tuple[str, ...] = ()
    depth: int = 0


@dataclass(frozen=True, slots=True)
class WaitingFor:
    """The one call that is under way.

    A driver that wakes up after a crash performs ``call`` again under the same id. A free question that
    a customer asked has no frame, because nothing follows it.
    """

    call: CallConnector | AskLLM
    frame: Frame | None


@quick_init
@dataclass(frozen=True, slots=True)
class ConversationState:
    """A conversation at rest.

    ``conversation_id`` is chosen by the driver and unique within the tenant (channel and contact).
    ``channel`` names the capability profile that outputs are shaped for (``whatsapp``, ``http_dev``).
    ``state`` is ``None`` until the first message. ``turn`` counts events that start a turn;
    ``next_effect`` is the index of the turn's next effect. ``question`` is the last output of the
    present state that offered a choice; it is asked again after a free question was answered.

    ``language`` is what ``set_language`` chose for this contact (BCP 47), ``None`` the tenant's. ``history`` names the
    states the conversation rested in before, oldest first; ``@back`` returns to the last. ``calls`` are the open calls
    of sub-flows, outermost first. A state inside a sub-flow is named ``<flow>/<state>`` and has its own ``data``.
    ``tries`` counts answers to the present question that could not be used. ``timers`` are the timers that run, name to
    token. While ``paused`` a person talks and the bot is silent. ``question_turn`` is the turn in which the open
    question was sent. ``last_message_id`` is that of the customer's last message and ``last_at`` its time, which is
    kept where the flow has a session. ``unanswered`` counts the timeouts since then. ``doubt`` is what was asked back
    about the last answer, while the question stays open. ``kept_question`` is the question as it was given: its JSON,
    where nobody has looked at it yet.
    """

    kept_question: ClassVar[KeptQuestion]

    conversation_id: str
    channel: str
    contact_id: str
    state: str | None = None
    data: Mapping[str, JSON] = field(default_factory=dict)
    contact: Mapping[str, JSON] = field(default_factory=dict)
    turn: int = 0
    next_effect: int = 0
    waiting: WaitingFor | None = None
    question: Output | None = None
    language: str | None = None
    history: tuple[str, ...] = ()
    calls: tuple[CallFrame, ...] = ()
    interrupted: Interruption | None = None
    tries: int = 0
    timers: Mapping[str, str] = field(default_factory=dict)
    paused: bool = False
    question_turn: int = 0
    last_message_id: str | None = None
    last_at: datetime | None = None
    unanswered: int = 0
    doubt: Output | None = None


type KeptQuestion = Output | JSONObject | None
"""A question, or its JSON as it was stored, of which the question is made when somebody looks at it."""


def read_question(kept: KeptQuestion) -> Output | None:
    """The output; one of a kind that is not known is forgotten."""
    if not isinstance(kept, dict):
        return kept
    try:
        return decode_output(kept)
    except CodecError:
        return None


_SLOT: Final = ConversationState.__dict__["question"]


def _question(state: ConversationState) -> Output | None:
    kept = state.kept_question
    if isinstance(kept, dict):
        kept = read_question(kept)
        _SLOT.__set__(state, kept)
    return kept


# Most steps carry a question along and never look at it; to make an output of it and JSON of that again took a quarter
# of their time (measured). So the slot may hold the JSON, and the field of the same name reads it.
ConversationState.kept_question = _SLOT
setattr(ConversationState, "question", property(_question, _SLOT.__set__))  # noqa: B010  # the checker knows it as a field
