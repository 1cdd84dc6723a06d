"""``ConversationState``: the snapshot between two events.

Everything the engine remembers of a conversation is in here, frozen. ``conversation_codec`` makes
JSON of it and reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flow_engine.effects import AskLLM, CallConnector
from flow_engine.outputs.output import Output
from flow_engine.vocabulary import JSON


@dataclass(frozen=True, slots=True)
class Frame:
    """Where to go on once the awaited answer is there.

    ``kind`` is ``state`` (the ``on_enter`` list of ``name``) or ``task`` (the list of task ``name``,
    with ``data`` as it was when scheduled). ``next_action`` is the index of the action after the call.
    ``result_key`` is the name in data under which the result is kept, if any. ``entered`` names the states
    that this turn has entered so far, so that the loop guard also counts across calls.
    """

    kind: str
    name: str
    next_action: int
    result_key: str | None = None
    data: Mapping[str, JSON] | None = None
    entered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaitingFor:
    """The one call that is under way.

    A driver that wakes up after a crash performs ``call`` again under the same id. A question to the
    LLM has no frame, because nothing follows it.
    """

    call: CallConnector | AskLLM
    frame: Frame | None


@dataclass(frozen=True, slots=True)
class ConversationState:
    """A conversation at rest.

    ``conversation_id`` is chosen by the driver and unique within the tenant (channel and contact).
    ``channel`` names the capability profile that outputs are shaped for (``whatsapp``, ``http_dev``).
    ``state`` is ``None`` until the first message. ``turn`` counts events that start a turn;
    ``next_effect`` is the index of the turn's next effect. ``question`` is the last output of the
    present state that offered a choice; it is asked again after a free question was answered.
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
