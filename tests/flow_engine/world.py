"""The world as a script: answers connector calls and free questions, and keeps every effect it was handed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import assert_never

from flow_engine.effects import (
    AskLLM,
    CallConnector,
    CancelTask,
    CancelTimer,
    Effect,
    HandOff,
    RecordOutcome,
    ScheduleTask,
    SendMessage,
    StartTimer,
)
from flow_engine.events import ConnectorFailed, ConnectorReplied, Event, LLMAnswered
from flow_engine.program import Program, ProgramSettings, load_program
from flow_engine.simulation import Conversation
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind, JSONObject

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""When conversations of the tests begin: half past ten in Madrid."""


class World:
    """``answers`` maps an operation to its result, or to the way it fails; what is not there is ``None``.

    ``llm`` answers every free question.
    """

    def __init__(
        self,
        answers: Mapping[str, JSON | FailureKind] | None = None,
        llm: tuple[AnswerOutcome, str] = (AnswerOutcome.UNAVAILABLE, ""),
    ) -> None:
        self.answers = dict(answers or {})
        self.llm = llm
        self.calls: list[CallConnector] = []
        self.questions: list[AskLLM] = []
        self.tasks: dict[str, ScheduleTask] = {}
        self.others: list[HandOff | RecordOutcome | StartTimer | CancelTimer] = []

    def perform(self, effect: Effect) -> Event | None:
        match effect:
            case SendMessage():
                return None
            case CallConnector():
                return self._call(effect)
            case AskLLM():
                self.questions.append(effect)
                outcome, text = self.llm
                return LLMAnswered(MONDAY, effect.id, outcome, text)
            case ScheduleTask():
                self.tasks[effect.idempotency_key] = effect
                return None
            case CancelTask():
                self.tasks.pop(effect.idempotency_key, None)
                return None
            case HandOff() | RecordOutcome() | StartTimer() | CancelTimer():
                self.others.append(effect)
                return None
            case _:
                assert_never(effect)

    def _call(self, call: CallConnector) -> Event:
        self.calls.append(call)
        answer = self.answers.get(call.operation)
        if isinstance(answer, FailureKind):
            return ConnectorFailed(MONDAY, call.id, answer, "scripted")
        return ConnectorReplied(MONDAY, call.id, answer)


def load(
    normalised: JSONObject,
    *,
    llm_enabled: bool = False,
    sentences: Mapping[str, str] | None = None,
    language: str = "en",
) -> Program:
    return load_program(
        normalised,
        ProgramSettings(
            timezone="Europe/Madrid",
            language=language,
            llm_enabled=llm_enabled,
            sentences=sentences or {},
            business={"name": "Peluquería Sol", "phone": "600 000 000"},
        ),
    )


def talk(
    normalised: JSONObject,
    world: World | None = None,
    *,
    channel: str = "whatsapp",
    llm_enabled: bool = False,
    sentences: Mapping[str, str] | None = None,
) -> Conversation:
    """A conversation of Ana's with this program, at ``MONDAY``."""
    program = load(normalised, llm_enabled=llm_enabled, sentences=sentences)
    return Conversation(program, (world or World()).perform, MONDAY, channel=channel, contact_id="ana", name="Ana")
