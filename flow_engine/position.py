"""Where a conversation goes on: after a call, out of a sub-flow, back from an interruption.

Values only; ``position_codec`` makes JSON of them and reads it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flow_engine.effects import AskLLM, CallConnector
from flow_engine.outputs.output import Output
from flow_engine.quick_init import quick_init
from flow_engine.vocabulary import JSON


@quick_init
@dataclass(frozen=True)
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


@quick_init
@dataclass(frozen=True)
class WaitingFor:
    """The one call that is under way.

    A driver that wakes up after a crash performs ``call`` again under the same id. A free question that
    a customer asked has no frame, because nothing follows it.
    """

    call: CallConnector | AskLLM
    frame: Frame | None
