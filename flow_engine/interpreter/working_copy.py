"""What a turn holds: the snapshot's fields while they change, what came of the event so far, and what templates see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast

from flow_engine.conversation_state import (
    CallFrame,
    ConversationState,
    Interruption,
    KeptQuestion,
    WaitingFor,
    read_question,
)
from flow_engine.effects import Effect
from flow_engine.expressions import AT, LANGUAGE, spoken
from flow_engine.interpreter.step import Step
from flow_engine.outputs.output import Output
from flow_engine.program.program import Program
from flow_engine.trace import ActionRun, TraceEntry
from flow_engine.vocabulary import JSON, JSONObject

_NOWHERE: Final = ActionRun("", 0, "")


class WorkingCopy:
    """See the module; ``Turn`` adds the verbs.

    ``entered`` names the states entered in this turn, in order. ``task`` is the task that is running, if any, and
    ``place`` the name and index of the action that is. ``rested`` is the state in which the conversation lay before
    this turn, until it has been left. ``gave_up`` says that a loop guard has ended the turn and that the fallback
    runs. The other names are those of the snapshot.
    """

    __slots__ = (
        "_actions",
        "_allowance",
        "_data_changed",
        "_messages",
        "_snapshot",
        "at",
        "calls",
        "contact",
        "data",
        "doubt",
        "effects",
        "entered",
        "gave_up",
        "history",
        "interrupted",
        "kept_question",
        "language",
        "last_at",
        "last_message_id",
        "next_effect",
        "number",
        "paused",
        "place",
        "program",
        "question_turn",
        "rested",
        "scope",
        "state",
        "task",
        "timers",
        "trace",
        "tries",
        "unanswered",
        "waiting",
    )

    def __init__(self, program: Program, snapshot: ConversationState, at: datetime) -> None:
        self.program = program
        self.at = at
        self.state = snapshot.state
        self.contact: Mapping[str, JSON] = snapshot.contact
        self.number = snapshot.turn
        self.next_effect = snapshot.next_effect
        self.waiting: WaitingFor | None = snapshot.waiting
        self.kept_question: KeptQuestion = snapshot.kept_question
        self.question_turn = snapshot.question_turn
        self.doubt: Output | None = snapshot.doubt
        self.language: str | None = snapshot.language
        self.history = snapshot.history
        self.rested = snapshot.state if snapshot.waiting is None else None
        self.calls: tuple[CallFrame, ...] = snapshot.calls
        self.interrupted: Interruption | None = snapshot.interrupted
        self.tries = snapshot.tries
        self.timers: Mapping[str, str] = snapshot.timers
        self.paused = snapshot.paused
        self.last_message_id = snapshot.last_message_id
        self.last_at = snapshot.last_at
        self.unanswered = snapshot.unanswered
        self.gave_up = False
        self.task: str | None = None
        self.place: ActionRun = _NOWHERE
        self.entered: tuple[str, ...] = ()
        self.effects: list[Effect] = []
        self.trace: list[TraceEntry] = []
        self._snapshot = snapshot
        self._actions = 0
        self._allowance = 0
        self._messages = 0
        self.data: JSONObject
        self._data_changed: bool
        self._use(snapshot.data)

    @property
    def question(self) -> Output | None:
        """The open question; of one that was stored, an output is made only here."""
        kept = self.kept_question
        if isinstance(kept, dict):
            kept = self.kept_question = read_question(kept)
        return kept

    @question.setter
    def question(self, question: Output | None) -> None:
        self.kept_question = question

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
        before = self._snapshot
        snapshot = ConversationState(
            before.conversation_id,
            before.channel,
            before.contact_id,
            self.state,
            before.data if self.task is not None else self.data,
            self.contact,
            self.number,
            self.next_effect,
            self.waiting,
            self.kept_question,  # type: ignore[arg-type]  # see ConversationState.kept_question
            self.language,
            self.history,
            self.calls,
            self.interrupted,
            self.tries,
            self.timers,
            self.paused,
            self.question_turn,
            self.last_message_id,
            self.last_at,
            self.unanswered,
            self.doubt,
        )
        return Step(snapshot, tuple(self.effects), tuple(self.trace))

    def _use(self, data: Mapping[str, JSON]) -> None:
        """Work on ``data``, which is copied before the first change to it."""
        self.data = cast("JSONObject", data)
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
