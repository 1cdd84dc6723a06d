"""What a turn holds: the snapshot's fields while they change, what came of the event so far, and what templates see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

from flow_engine.conversation_state import ConversationState
from flow_engine.effects import Effect
from flow_engine.expressions import AT, LANGUAGE, spoken
from flow_engine.interpreter.step import Step
from flow_engine.limits import (
    MAX_ACTIONS_PER_STEP,
    MAX_EFFECTS_PER_TURN,
    MAX_MESSAGES_PER_STEP,
    MAX_STATES_PER_TURN,
)
from flow_engine.outputs.output import Output
from flow_engine.position import CallFrame, Frame, Interruption, WaitingFor
from flow_engine.position_codec import (
    decode_frame_of,
    decode_waiting,
    encode_call_frame,
    encode_interruption,
    encode_waiting,
)
from flow_engine.program.program import Program
from flow_engine.question_codec import decode_question, encode_question
from flow_engine.stored_conversation import FORMAT, USUAL_FIELDS, StoredConversation
from flow_engine.trace import ActionRun, TraceEntry
from flow_engine.vocabulary import JSON, JSONObject

_NOWHERE: Final = ActionRun("", 0, "")
_NO_TIMERS: Final[Mapping[str, str]] = {}

_USUAL: Final = len(USUAL_FIELDS)

type _Fields = tuple[
    int,
    str,
    str,
    str,
    str | None,
    JSONObject,
    JSONObject,
    int,
    int,
    WaitingFor | JSONObject | None,
    Output | JSONObject | None,
    int,
    str | None,
    str | None,
    list[str],
]
"""The usual fields of a snapshot, as they change in a turn."""


class WorkingCopy:
    """See the module; ``Turn`` adds the verbs.

    ``entered`` names the states entered in this turn, in order. ``task`` is the task that is running, if any, and
    ``place`` the name and index of the action that is. ``rested`` is the state in which the conversation lay before
    this turn, until it has been left. ``gave_up`` says that a loop guard has ended the turn and that the fallback
    runs. The other names are those of the snapshot.
    """

    __slots__ = (
        "_contact_id",
        "_data_before",
        "_data_changed",
        "_question",
        "_waiting",
        "actions_left",
        "at",
        "calls",
        "channel",
        "contact",
        "conversation_id",
        "data",
        "doubt",
        "effects",
        "effects_allowed",
        "entered",
        "gave_up",
        "history",
        "interrupted",
        "language",
        "last_at",
        "last_message_id",
        "messages_left",
        "next_effect",
        "number",
        "paused",
        "place",
        "program",
        "question_turn",
        "rested",
        "scope",
        "state",
        "states_allowed",
        "task",
        "timers",
        "trace",
        "tries",
        "unanswered",
    )

    def __init__(self, program: Program, snapshot: ConversationState, at: datetime) -> None:
        stored = snapshot.json
        self.program = program
        self.at = at
        # All at once, in the order of USUAL_FIELDS: a look into a dict that orjson made costs 30 ns each (measured).
        usual = len(stored) == _USUAL
        fields: _Fields = stored.values() if usual else islice(stored.values(), _USUAL)  # type: ignore[assignment]  # cast is a call
        # fmt: off
        (
            _format, self.conversation_id, self.channel, self._contact_id, self.state, data, self.contact, self.number,
            self.next_effect, self._waiting, self._question, self.question_turn, self.last_message_id, self.language,
            self.history,
        ) = fields
        # fmt: on
        self.rested = self.state if self._waiting is None else None
        self.gave_up = False
        self.task: str | None = None
        self.place: ActionRun = _NOWHERE
        self.entered: tuple[str, ...] = ()
        self.effects: list[Effect] = []
        self.trace: list[TraceEntry] = []
        self.actions_left = MAX_ACTIONS_PER_STEP
        self.messages_left = MAX_MESSAGES_PER_STEP
        self.effects_allowed = MAX_EFFECTS_PER_TURN
        self.states_allowed = MAX_STATES_PER_TURN
        self.data = self._data_before = data
        self._data_changed = False
        self._open_scope()
        self.calls: tuple[CallFrame, ...] = ()
        self.interrupted: Interruption | None = None
        self.timers: Mapping[str, str] = _NO_TIMERS
        self.tries = self.unanswered = 0
        self.paused = False
        self.last_at: datetime | None = None
        self.doubt: Output | None = None
        if len(stored) > _USUAL:
            self._open_rare(snapshot)

    def _open_rare(self, snapshot: ConversationState) -> None:
        """What most conversations have not."""
        self.calls, self.interrupted = snapshot.calls, snapshot.interrupted
        self.timers, self.last_at, self.unanswered = snapshot.timers, snapshot.last_at, snapshot.unanswered
        self.tries, self.paused, self.doubt = snapshot.tries, snapshot.paused, snapshot.doubt

    @property
    def question(self) -> Output | None:
        """The open question; of one that was stored, an output is made only here."""
        kept = self._question
        if isinstance(kept, dict):
            kept = self._question = decode_question(kept)
        return kept

    @question.setter
    def question(self, question: Output | None) -> None:
        self._question = question

    @property
    def waiting(self) -> WaitingFor | None:
        """The call that is under way; one that was stored is read only here."""
        kept = self._waiting
        if isinstance(kept, dict):
            kept = self._waiting = decode_waiting(kept)
        return kept

    @waiting.setter
    def waiting(self, waiting: WaitingFor | None) -> None:
        self._waiting = waiting

    def frame_of(self, call_id: str) -> Frame | None:
        """The frame of the connector call that is under way, if it is this one. The call itself is not read."""
        kept = self._waiting
        if isinstance(kept, dict):
            return decode_frame_of(kept, call_id)
        return None if kept is None or kept.call.id != call_id else kept.frame

    def stored_data(self) -> JSONObject:
        """A copy of ``data`` as it is now."""
        return dict(self.data)

    def assign(self, name: str, value: JSON) -> None:
        if not self._data_changed:  # it is still the snapshot's own
            self.data = self.scope["data"] = dict(self.data)
            self._data_changed = True
        self.data[name] = value

    def replace_data(self, data: Mapping[str, JSON]) -> None:
        """From here on the conversation works on ``data``."""
        self._use(dict(data))
        self._data_changed = True

    def finish(self) -> Step:
        question, waiting = self._question, self._waiting
        stored: StoredConversation = {
            "format": FORMAT,
            "conversation_id": self.conversation_id,
            "channel": self.channel,
            "contact_id": self._contact_id,
            "state": self.state,
            "data": self.data if self.task is None else self._data_before,
            "contact": self.contact,
            "turn": self.number,
            "next_effect": self.next_effect,
            "waiting": waiting if waiting is None or isinstance(waiting, dict) else encode_waiting(waiting),
            "question": question if question is None or isinstance(question, dict) else encode_question(question),
            "question_turn": self.question_turn,
            "last_message_id": self.last_message_id,
            "language": self.language,
            "history": self.history,
        }
        rare = self.timers or self.unanswered or self.last_at or self.tries or self.paused or self.calls or self.doubt
        if rare or self.interrupted is not None:
            self._store_rare(stored)
        return Step(ConversationState(stored), tuple(self.effects), tuple(self.trace))

    def _store_rare(self, stored: StoredConversation) -> None:
        """The fields that most conversations never fill cost nothing in their rows."""
        if self.timers:
            stored["timers"] = dict(self.timers)
        if self.last_at is not None:
            stored["last_at"] = self.last_at.isoformat()
        if self.unanswered:
            stored["unanswered"] = self.unanswered
        if self.tries:
            stored["tries"] = self.tries
        if self.paused:
            stored["paused"] = True
        if self.calls:
            stored["calls"] = [encode_call_frame(frame) for frame in self.calls]
        if self.interrupted is not None:
            stored["interrupted"] = encode_interruption(self.interrupted)
        if self.doubt is not None:
            stored["doubt"] = encode_question(self.doubt)

    def _use(self, data: Mapping[str, JSON]) -> None:
        """Work on ``data``, which is copied before the first change to it."""
        self.data = data  # type: ignore[assignment]  # see above; a cast is a call
        self._data_changed = False
        self._open_scope()

    def _open_scope(self) -> None:
        # What expressions see. Any: the moment of the event is no JSON.
        self.scope: dict[str, Any] = {
            AT: self.at,
            "data": self.data,
            "contact": self.contact,
            "business": self.program.business,
        }
        if self.language is not None:
            self.scope[LANGUAGE] = spoken(self.language)
