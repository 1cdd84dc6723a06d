"""From a ``connectors`` block to connectors, and every way the block can be wrong."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.errors import ConnectorConfigError, FailureKind, RejectedError, UnavailableError
from connectors.kernel.circuit_breaker import BreakerState, Trigger
from connectors.llm import AnswerOutcome
from connectors.port import ConnectorCall
from connectors.providers import PROVIDERS
from connectors.registry import ConnectorRegistry
from flow_engine.vocabulary import AnswerOutcome as EngineOutcome
from flow_engine.vocabulary import FailureKind as EngineFailureKind


def a_call(operation: str, **params: Any) -> ConnectorCall:
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    return ConnectorCall(operation, params, "conversation:1:0", "ana", at, "Europe/Madrid", "es")


async def test_the_development_tenant_of_the_manual_can_book() -> None:
    registry = ConnectorRegistry.from_config({"calendar": {"type": "mock"}, "llm": {"type": "mock_llm"}})
    days: Any = await registry.invoke("calendar", a_call("get_available_days", from_date="2026-11-23"))
    day = days[1]["id"].removeprefix("day_")
    slots: Any = await registry.invoke("calendar", a_call("get_available_slots", date=day))
    time = slots[0]["id"].removeprefix("slot_")
    booking: Any = await registry.invoke("calendar", a_call("book_appointment", date=day, time=time, service="cut"))
    assert booking["when"] == "martes 24 de noviembre a las 10:00"
    assert registry.categories == ("calendar", "llm")
    await registry.close()


async def test_a_category_without_a_connector_is_named() -> None:
    registry = ConnectorRegistry.from_config({"calendar": {"type": "mock"}})
    with pytest.raises(RejectedError, match=r"no connector is bound to 'crm' \(bound: calendar\)"):
        await registry.invoke("crm", a_call("find"))
    assert registry.llm is None


async def test_a_tenant_without_connectors_is_fine() -> None:
    registry = ConnectorRegistry.from_config({})
    assert registry.categories == ()
    await registry.close()


async def test_an_operator_can_shut_a_connector() -> None:
    registry = ConnectorRegistry.from_config({"calendar": {"type": "mock"}})
    registry.pipeline("calendar").breaker.operate(Trigger.FORCE_OPEN)
    with pytest.raises(UnavailableError, match="not being called"):
        await registry.invoke("calendar", a_call("get_services"))
    assert registry.pipeline("calendar").breaker.state is BreakerState.FORCED_OPEN


_CONFIG_FAULTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "no type": ({"calendar": {}}, ["connectors.calendar.type: is missing; one of " + ", ".join(PROVIDERS)]),
    "no block": ({"calendar": "mock"}, ["connectors.calendar: must be a mapping with 'type'"]),
    "an unknown type": (
        {"calendar": {"type": "outlook"}},
        ["connectors.calendar.type: there is no 'outlook'; one of " + ", ".join(PROVIDERS)],
    ),
    "a calendar of Google's without a key file": (
        {"calendar": {"type": "google_calendar", "calendar_id": "shop@example.com"}},
        [
            (
                "connectors.calendar.credentials: is missing; store the key file as the credential"
                " connectors.calendar.credentials"
            ),
        ],
    ),
    "an engine without a key": (
        {"llm": {"type": "anthropic"}},
        [
            "connectors.llm.api_key: is missing; store it as the credential connectors.llm.api_key",
        ],
    ),
    "an engine with everything wrong": (
        {
            "llm": {
                "type": "anthropic",
                "api_key": "secret with spaces",
                "model": "",
                "base_url": "http://api.example.com",
                "mode": "creative",
                "max_output_tokens": 5,
                "cache_ttl": "1d",
                "temperature": 1,
            }
        },
        [
            "connectors.llm.model: must be the id of a model",
            (
                "connectors.llm.base_url: must be an https address without user, password or query"
                " (http only in a network of one's own)"
            ),
            "connectors.llm.api_key: must be the provider's key, without spaces",
            "connectors.llm.mode: must be one of extractive, verified",
            "connectors.llm.max_output_tokens: must be a whole number from 200 to 4000, not the number 5",
            "connectors.llm.cache_ttl: must be one of 5m, 1h",
            (
                "connectors.llm.temperature: unknown key; known here: model, base_url, api_key, mode,"
                " max_output_tokens, context_messages, price, cache_ttl"
            ),
        ],
    ),
    "a compatible server that is not named": (
        {"llm": {"type": "openai_compatible"}},
        ["connectors.llm.model: is missing", "connectors.llm.base_url: is missing"],
    ),
    "a calendar that should answer questions": (
        {"llm": {"type": "mock_calendar"}},
        ["connectors.llm.type: 'mock_calendar' serves calendar, not 'llm'"],
    ),
    "an unknown key": (
        {"crm": {"type": "mock", "color": "red"}},
        ["connectors.crm.color: unknown key; known here: "],
    ),
    "an unknown number of the policy": (
        {"calendar": {"type": "mock", "policy": {"tries": 3, "attempts": 99}}},
        [
            "connectors.calendar.policy.attempts: must be a whole number from 1 to 5, not the number 99",
            (
                "connectors.calendar.policy.tries: unknown key; known here: deadline_s, attempt_timeout_s, attempts,"
                " base_wait_s, max_wait_s, max_retry_after_s, window, window_size, window_s, min_calls, failure_pct,"
                " slow_s, slow_pct, half_open_permits, open_wait_s, open_wait_multiplier, open_wait_max_s,"
                " max_concurrent, max_waiting"
            ),
        ],
    ),
    "an attempt that outlasts the call": (
        {"calendar": {"type": "mock", "policy": {"deadline_s": 5}}},
        [
            (
                "connectors.calendar.policy.attempt_timeout_s: is longer than deadline_s;"
                " one attempt cannot outlast the whole call"
            )
        ],
    ),
    "a window there is none": (
        {"calendar": {"type": "mock", "policy": {"window": "moon"}}},
        ["connectors.calendar.policy.window: must be one of count, time, interval"],
    ),
    "a policy that is none": (
        {"calendar": {"type": "mock", "policy": "fast"}},
        ["connectors.calendar.policy: must be a mapping"],
    ),
    "every fault of every block at once": (
        {
            "calendar": {"type": "mock_calendar", "timezone": "Mars/Olympus", "schedule": {"mon": ["late"]}},
            "llm": {"type": "mock_llm", "responses": {"hi": {"outcome": "quota"}}},
        },
        [
            "connectors.calendar.timezone: must be a time zone like Europe/Madrid",
            "connectors.calendar.schedule: mon has a span that is not 'HH:MM-HH:MM'",
            "connectors.llm.responses: hi: outcome must be one of answered, out_of_scope, unavailable",
        ],
    ),
    "services": (
        {"calendar": {"type": "mock_calendar", "services": [{"id": "Cut!", "title": "Cut"}]}},
        [
            "connectors.calendar.services: [0].id must be lower-case letters, digits, '-' and '_' (at most 40)",
        ],
    ),
    "a service without a title": (
        {"calendar": {"type": "mock_calendar", "services": [{"id": "cut"}]}},
        ["connectors.calendar.services: [0].title must be a text, or a mapping of languages to texts"],
    ),
    "two services of one id": (
        {"calendar": {"type": "mock", "services": [{"id": "a", "title": "A"}, {"id": "service_a", "title": "B"}]}},
        ["connectors.calendar.services: has two services with one id"],
    ),
    "an address with a password": (
        {"calendar": {"type": "mock_calendar", "base_url": "http://me:secret@127.0.0.1/"}},
        [
            "connectors.calendar.base_url: must be an address like http://127.0.0.1:8090, without user or password",
        ],
    ),
    "a failure of no kind": (
        {"crm": {"type": "mock", "failures": {"find": "explosion"}}},
        ["connectors.crm.failures.find: must be one of " + ", ".join(FailureKind)],
    ),
}


@pytest.mark.parametrize(("block", "problems"), _CONFIG_FAULTS.values(), ids=_CONFIG_FAULTS.keys())
def test_a_block_is_refused_with_every_fault_and_its_place(block: dict[str, Any], problems: list[str]) -> None:
    with pytest.raises(ConnectorConfigError) as refused:
        ConnectorRegistry.from_config(block)
    assert list(refused.value.problems) == problems
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_failures_have_the_words_that_flows_branch_on() -> None:
    assert {kind.value for kind in FailureKind} == {kind.value for kind in EngineFailureKind}
    assert {outcome.value for outcome in AnswerOutcome} < {outcome.value for outcome in EngineOutcome}


def test_a_runtime_without_answers_loads_no_verifier() -> None:
    program = (
        "import sys; from connectors.registry import ConnectorRegistry as R;"
        "R.from_config({'calendar': {'type': 'mock'}});"
        "print([m for m in sys.modules if m.startswith('connectors.llm.verification')])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_binding_mocks_loads_no_heavy_library() -> None:
    program = (
        "import sys; from connectors.registry import ConnectorRegistry as R;"
        "R.from_config({'calendar': {'type': 'mock'}, 'llm': {'type': 'mock_llm'}});"
        "print([m for m in ('httpx2', 'pydantic', 'yaml', 'anthropic', 'django', 'starlette') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
