"""The sandbox's connectors: the business's own hours, services and FAQ, and nothing that reaches the world.

The calendar is the one every demo runs on, the FAQ answers through the same verifier as in production, anything else
is unavailable until the author says what it should answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Final, Literal, Self

from connectors.clock import ManualClock
from connectors.errors import ConnectorConfigError, ConnectorError
from connectors.plain_json import ReadOnlyJSON
from connectors.port import ConnectorCall
from connectors.registry import ConnectorRegistry
from flow_engine.cases.world import Answered, Failed, Reply
from flow_engine.effects import AskLLM, CallConnector
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind
from platform_admin.authoring.phone.real_world import RealWorld

type FaultKind = FailureKind | Literal["empty", "quota"]

_CALENDAR_KEYS: Final = frozenset(
    {"timezone", "slot_duration_min", "lookahead_days_client", "lead_time_min", "schedule", "services"}
)
"""What a calendar of any type says about the business, and the sandbox's calendar understands."""


@dataclass(frozen=True, slots=True)
class Business:
    """What the sandbox knows of a tenant. ``connectors`` are its bindings without their secrets."""

    timezone: str
    language: str
    knowledge: str = ""
    connectors: Mapping[str, ReadOnlyJSON] = field(default_factory=dict)
    facts: ReadOnlyJSON = field(default_factory=dict)


class Sandbox(AbstractContextManager["Sandbox"]):
    """Answers a chat's calls. ``clock`` follows the chat's; ``faults`` are switched by its moves.

    ``real`` is asked first, where somebody has let it be asked.
    """

    def __init__(self, business: Business, now: datetime, real: RealWorld | None = None) -> None:
        self.faults: dict[str, FaultKind] = {}
        self._real = real
        self._business = business
        self._clock = ManualClock(now)
        self._registry = _registry(business, self._clock)
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._real is not None:
            self._real.close(self._runner)
        self._runner.run(self._registry.close())
        self._runner.close()

    def move_clock(self, now: datetime) -> None:
        """Follow the chat's clock; it never goes back."""
        self._clock.advance(max(0.0, (now - self._clock.now()).total_seconds()))

    def switch(self, connector: str, kind: FaultKind | None) -> None:
        """From now on ``connector`` fails like this; ``None`` mends it."""
        if kind is None:
            self.faults.pop(connector, None)
        else:
            self.faults[connector] = kind

    def call(self, call: CallConnector) -> Reply:
        fault = self.faults.get(call.connector)
        if isinstance(fault, FailureKind):
            return Failed(fault)
        request = ConnectorCall(
            operation=call.operation,
            params=call.params,
            idempotency_key=call.id,
            contact_id="customer",
            at=self._clock.now(),
            timezone=self._business.timezone,
            language=self._business.language,
        )
        reply = self._answer(call.connector, request)
        return Answered(_emptied(reply.result)) if fault == "empty" and isinstance(reply, Answered) else reply

    def _answer(self, category: str, request: ConnectorCall) -> Reply:
        real = None if self._real is None else self._real.call(self._runner, category, request)
        if real is not None:
            return real
        try:
            return Answered(self._runner.run(self._registry.invoke(category, request)))
        except ConnectorError as error:
            return Failed(FailureKind(error.kind.value))

    def ask(self, question: AskLLM) -> tuple[AnswerOutcome, str]:
        fault, llm = self.faults.get("llm"), self._registry.llm
        if fault == "quota":
            return AnswerOutcome.QUOTA_EXCEEDED, ""
        if fault is not None or llm is None:
            return AnswerOutcome.UNAVAILABLE, ""
        if self._real is not None:
            real = self._real.ask(self._runner, question, self._business.knowledge)
            if real is not None:
                return real
        answer = self._runner.run(
            llm.answer(
                question.question,
                knowledge=self._business.knowledge,
                language=question.language,
                context=(),
                idempotency_key=question.id,
            )
        )
        return AnswerOutcome(answer.outcome.value), answer.text


def _registry(business: Business, clock: ManualClock) -> ConnectorRegistry:
    blocks: dict[str, ReadOnlyJSON] = {"llm": {"type": "mock_llm"}}
    calendar = business.connectors.get("calendar")
    if calendar is not None:
        blocks["calendar"] = _calendar(calendar)
    try:
        return _build(blocks, business, clock, business.facts)
    except ConnectorConfigError:
        # Settings that are half written must not take the phone away; the release gate reports them.
        return _build({**blocks, "calendar": {"type": "mock_calendar"}}, business, clock, {})


def _build(
    blocks: Mapping[str, ReadOnlyJSON], business: Business, clock: ManualClock, facts: ReadOnlyJSON
) -> ConnectorRegistry:
    return ConnectorRegistry.from_config(
        blocks, clock=clock, knowledge=business.knowledge, business=facts, observers=()
    )


def _calendar(block: ReadOnlyJSON) -> ReadOnlyJSON:
    kept: dict[str, JSON] = {key: value for key, value in dict(block).items() if key in _CALENDAR_KEYS}
    return {"type": "mock_calendar", **kept}


def _emptied(result: JSON) -> JSON:
    """No free day, no free time: what a full calendar answers."""
    return [] if isinstance(result, list) else result
