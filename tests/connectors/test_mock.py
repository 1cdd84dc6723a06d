"""The connector that stands in for any other."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import ConnectorError, FailureKind, RejectedError
from connectors.llm import MockLLMAdapter
from connectors.mock import MockConnector
from connectors.notification import MockNotificationAdapter
from connectors.plain_json import JSON
from connectors.port import ConnectorCall
from connectors.registry import ConnectorRegistry

_AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def a_call(operation: str, **params: JSON) -> ConnectorCall:
    return ConnectorCall(operation, params, "conversation:1:0", "ana", _AT, "Europe/Madrid", "en")


def bound(**options: JSON) -> ConnectorRegistry:
    return ConnectorRegistry.from_config({"crm": {"type": "mock", **options}})


async def test_a_scripted_operation_answers_whatever_it_is_asked() -> None:
    registry = bound(responses={"find": {"name": "Ana"}, "count": 0, "nothing": None})
    assert await registry.invoke("crm", a_call("find", phone="34600111222")) == {"name": "Ana"}
    assert await registry.invoke("crm", a_call("count")) == 0
    assert await registry.invoke("crm", a_call("nothing")) is None


async def test_an_operation_nobody_scripted_is_rejected_naming_the_others() -> None:
    with pytest.raises(RejectedError, match=r"crm has no operation 'delete' \(operations: find\)"):
        await bound(responses={"find": {}}).invoke("crm", a_call("delete"))


@pytest.mark.parametrize("kind", FailureKind)
async def test_a_scripted_failure_has_its_kind(kind: FailureKind) -> None:
    registry = bound(failures={"find": kind.value}, policy={"attempts": 1})
    with pytest.raises(ConnectorError) as failure:
        await registry.invoke("crm", a_call("find"))
    assert failure.value.kind is kind


async def test_it_remembers_what_it_was_asked() -> None:
    connector = MockConnector("crm", responses={"find": {}})
    await connector.invoke(a_call("find", phone="1"))
    assert [(call.operation, call.params) for call in connector.calls] == [("find", {"phone": "1"})]


async def test_asked_directly_it_rejects_the_unknown_too() -> None:
    with pytest.raises(RejectedError, match=r"operations: none"):
        await MockConnector("crm").invoke(a_call("find"))


async def test_for_a_calendar_it_behaves_like_one_except_where_scripted() -> None:
    registry = ConnectorRegistry.from_config(
        {"calendar": {"type": "mock", "responses": {"get_services": []}, "schedule": {"tue": ["09:00-10:00"]}}}
    )
    slots: Any = await registry.invoke("calendar", a_call("get_available_slots", date="2026-11-24"))
    assert [slot["title"] for slot in slots] == ["09:00", "09:30"]
    assert await registry.invoke("calendar", a_call("get_services")) == []
    await registry.close()


async def test_a_failing_booking_leaves_the_time_free() -> None:
    registry = ConnectorRegistry.from_config(
        {"calendar": {"type": "mock", "failures": {"book_appointment": "conflict"}}}
    )
    with pytest.raises(ConnectorError):
        await registry.invoke("calendar", a_call("book_appointment", date="2026-11-24", time="10:00", service="cut"))
    assert await registry.invoke("calendar", a_call("list_appointments")) == []


def test_for_answers_and_notices_it_is_their_own_mock() -> None:
    registry = ConnectorRegistry.from_config({"llm": {"type": "mock"}, "notification": {"type": "mock"}})
    assert isinstance(registry.connector("llm"), MockLLMAdapter)
    assert isinstance(registry.connector("notification"), MockNotificationAdapter)
    assert registry.llm is not None
