"""``ConversationState``: the snapshot between two events.

Everything the engine remembers of a conversation is in here, frozen. ``conversation_codec`` makes
JSON of it and reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, make_dataclass
from datetime import datetime

from flow_engine.effects import AskLLM, CallConnector
from flow_engine.outputs.output import Output
from flow_engine.vocabulary import JSON


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


def _built_quickly[T](cls: type[T]) -> type[T]:
    """Let a frozen class be filled as fast as one that is not.

    A frozen dataclass sets each field through ``object.__setattr__``, 0.1 µs a field; a snapshot has twenty and is made
    twice in every step (measured: 2.5 µs against 0.6). So it is filled while it is of a twin class that has the same
    slots and is not frozen, which CPython allows for classes of equal layout.
    """
    own = [(f.name, f.type, field(default=f.default, default_factory=f.default_factory)) for f in fields(cls)]  # type: ignore[arg-type]  # one of the two is always MISSING
    twin = make_dataclass(f"_Unfrozen{cls.__name__}", own, slots=True, eq=False)
    fill, become = twin.__init__, object.__setattr__  # type: ignore[misc]  # nothing derives from the twin

    def __init__(self: T, *values: object, **named: object) -> None:  # noqa: N807  # it is the class's own
        become(self, "__class__", twin)
        fill(self, *values, **named)
        become(self, "__class__", cls)

    cls.__init__ = __init__  # type: ignore[assignment]  # the twin checks the parameters
    return cls


@_built_quickly
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
    about the last answer, while the question stays open.
    """

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
