"""The shipped hairdresser flow with a calendar that answers from a script."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flow_engine.effects import AskLLM, CallConnector, CancelTask, Effect, ScheduleTask
from flow_engine.events import ConnectorFailed, ConnectorReplied, Event, LLMAnswered
from flow_engine.language import read_flow
from flow_engine.program import Program, ProgramSettings, load_program
from flow_engine.simulation import Conversation
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind

FLOW = Path(__file__).parents[2] / "flows" / "peluqueria_flow.yaml"
MONDAY_NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)

BOOKING: dict[str, JSON] = {
    "event_id": "3f1c",
    "date": "2026-11-26",
    "time": "10:30",
    "service": "cut",
    "title": "Corte",
    "starts_at": "2026-11-26T09:30:00Z",
    "reminder_time": "2026-11-25T09:30:00Z",
    "when": "jueves 26 de noviembre a las 10:30",
}
ANSWERS: dict[str, JSON] = {
    "get_services": [
        {"id": "service_cut", "title": "Corte", "description": "30 min"},
        {"id": "service_beard", "title": "Barba", "description": "30 min"},
    ],
    "get_available_days": [
        {"id": "day_2026-11-24", "title": "mar 24 nov", "description": "3 huecos libres"},
        {"id": "day_2026-11-26", "title": "jue 26 nov", "description": "1 hueco libre"},
    ],
    "get_available_slots": [{"id": "slot_10:00", "title": "10:00"}, {"id": "slot_10:30", "title": "10:30"}],
    "book_appointment": BOOKING,
    "list_appointments": [{"id": "appt_3f1c", "title": "jue 26 nov, 10:30", "description": "Corte"}],
    "cancel_appointment": {"cancelled": True, "event_id": "3f1c", "when": "jueves 26 de noviembre a las 10:30"},
}


@dataclass
class World:
    """What the flow asks for, and how it is answered. ``failing`` operations fail as conflicts."""

    at: datetime = MONDAY_NOON
    answers: dict[str, JSON] = field(default_factory=lambda: dict(ANSWERS))
    failing: set[str] = field(default_factory=set)
    calls: list[tuple[str, dict[str, JSON]]] = field(default_factory=list)
    tasks: list[ScheduleTask | CancelTask] = field(default_factory=list)

    def perform(self, effect: Effect) -> Event | None:
        if isinstance(effect, CallConnector):
            self.calls.append((effect.operation, dict(effect.params)))
            if effect.operation in self.failing:
                return ConnectorFailed(self.at, effect.id, FailureKind.CONFLICT)
            return ConnectorReplied(self.at, effect.id, self.answers[effect.operation])
        if isinstance(effect, AskLLM):
            return LLMAnswered(self.at, effect.id, AnswerOutcome.ANSWERED, "Sí, a dos minutos.")
        if isinstance(effect, ScheduleTask | CancelTask):
            self.tasks.append(effect)
        return None


def program(*, llm_enabled: bool = False) -> Program:
    reading = read_flow(FLOW.read_text(encoding="utf-8"), file=FLOW.name)
    assert reading.program is not None
    return load_program(
        reading.program, ProgramSettings(timezone="Europe/Madrid", language="es", llm_enabled=llm_enabled)
    )


def chat(world: World, *, llm_enabled: bool = False, name: str | None = "Ana") -> Conversation:
    return Conversation(program(llm_enabled=llm_enabled), world.perform, world.at, channel="whatsapp", name=name)
