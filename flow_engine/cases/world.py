"""The world around a conversation: it answers calls, keeps what is to happen later, and lets time pass.

The test runner and the terminal chat share it; only the answers come from elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, assert_never

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
from flow_engine.events import ConnectorFailed, ConnectorReplied, Event, LLMAnswered, TaskDue, TimerFired
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind

MAX_DUE_PER_WAIT = 1_000
"""Tasks and timers that come due in one wait; more is a task that plans itself again and again."""


@dataclass(frozen=True, slots=True)
class Answered:
    result: JSON


@dataclass(frozen=True, slots=True)
class Failed:
    kind: FailureKind


type Reply = Answered | Failed


class Answers(Protocol):
    """Where answers come from."""

    def call(self, call: CallConnector) -> Reply: ...

    def ask(self, question: AskLLM) -> tuple[AnswerOutcome, str]: ...


class World:
    """``now`` (aware) is the time of every event; ``tasks`` and ``timers`` are what waits to happen."""

    def __init__(self, answers: Answers, now: datetime) -> None:
        self.now = now
        self.tasks: dict[str, ScheduleTask] = {}
        self.timers: dict[str, StartTimer] = {}
        self._answers = answers
        self._due: dict[str, datetime] = {}

    def perform(self, effect: Effect) -> Event | None:
        """What ``simulation.Conversation`` asks for."""
        match effect:
            case CallConnector():
                reply = self._answers.call(effect)
                if isinstance(reply, Failed):
                    return ConnectorFailed(self.now, effect.id, reply.kind, "scripted")
                return ConnectorReplied(self.now, effect.id, reply.result)
            case AskLLM():
                outcome, text = self._answers.ask(effect)
                return LLMAnswered(self.now, effect.id, outcome, text)
            case ScheduleTask():
                self._schedule(effect)
            case CancelTask():
                self.tasks.pop(effect.idempotency_key, None)
                self._due.pop(effect.idempotency_key, None)
            case StartTimer():
                self.timers[effect.timer] = effect
            case CancelTimer():
                self.timers.pop(effect.timer, None)
            case SendMessage() | HandOff() | RecordOutcome():
                pass
            case _:
                assert_never(effect)
        return None

    def next_due(self, until: datetime) -> Event | None:
        """The earliest task or timer that is due by ``until``; the clock moves on to it. ``None`` when there is none.

        A task with ``cron`` has no time here: a case runs it with ``run_task``.
        """
        task = min(self._due, key=lambda key: self._due[key], default=None)
        timer = min(self.timers.values(), key=lambda started: started.run_at, default=None)
        task_at = None if task is None else self._due[task]
        if timer is not None and timer.run_at <= until and (task_at is None or timer.run_at < task_at):
            self.now = max(self.now, timer.run_at)
            del self.timers[timer.timer]
            return TimerFired(self.now, timer.timer, timer.id)
        if task is None or task_at is None or task_at > until:
            return None
        self.now = max(self.now, task_at)
        return self._take_task(task)

    def due_now(self, name: str, data: Mapping[str, JSON] | None = None) -> Event:
        """The task of this name, ahead of its time: the one that is scheduled, or a new one."""
        key = next((key for key, task in self.tasks.items() if task.task == name), None)
        if key is None or data is not None:
            return TaskDue(self.now, name, key or "", data or {})
        return self._take_task(key)

    def _schedule(self, task: ScheduleTask) -> None:
        self.tasks[task.idempotency_key] = task
        self._due.pop(task.idempotency_key, None)
        if task.run_at is not None:
            self._due[task.idempotency_key] = task.run_at
        elif task.interval_seconds is not None:
            self._due[task.idempotency_key] = self.now + timedelta(seconds=task.interval_seconds)

    def _take_task(self, key: str) -> Event:
        task = self.tasks[key]
        if task.interval_seconds is not None:
            self._due[key] = self.now + timedelta(seconds=task.interval_seconds)
        elif task.cron is None:
            del self.tasks[key]
            self._due.pop(key, None)
        return TaskDue(self.now, task.task, key, task.data)
