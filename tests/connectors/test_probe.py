"""What somebody who sets a connector up is told: in plain words, within seconds, never an exception."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from connectors.errors import (
    ConflictError,
    ConnectorError,
    RateLimitedError,
    RejectedError,
    TimedOutError,
    UnauthorizedError,
    UnavailableError,
)
from connectors.kernel.probing import probe_connector
from connectors.kernel.redaction import Redactor
from connectors.operation import Operation
from connectors.plain_json import JSON
from connectors.port import ConnectorCall, ConnectorPort
from connectors.probe import ProbeResult, ProbeStatus
from connectors.registry import ConnectorRegistry, probe_block


class Shop(ConnectorPort):
    """Is asked, and does what its script says."""

    category = "shop"

    def __init__(self, outcome: Exception | None = None) -> None:
        self._outcome = outcome

    @property
    def operations(self) -> Mapping[str, Operation]:
        return {}

    async def invoke(self, call: ConnectorCall) -> JSON:
        raise NotImplementedError

    async def probe(self) -> ProbeResult:
        if self._outcome is None:
            await asyncio.Event().wait()
        else:
            raise self._outcome
        raise AssertionError("unreachable")


_KINDS: dict[str, tuple[ConnectorError, ProbeStatus, str]] = {
    "a refused credential": (UnauthorizedError("401 for tok-secret-1"), ProbeStatus.FAULTY, "The credential was"),
    "a wrong request": (RejectedError("404"), ProbeStatus.FAULTY, "It answers, and refuses"),
    "a conflict": (ConflictError("409"), ProbeStatus.FAULTY, "It answers, but not as"),
    "too many requests": (RateLimitedError("429"), ProbeStatus.UNREACHABLE, "It asks for fewer"),
    "no answer in time": (TimedOutError("slow"), ProbeStatus.UNREACHABLE, "It did not answer"),
    "nobody there": (UnavailableError("down"), ProbeStatus.UNREACHABLE, "It cannot be reached"),
}


@pytest.mark.parametrize(("error", "status", "begins"), _KINDS.values(), ids=_KINDS.keys())
async def test_a_failure_is_put_into_words_by_its_kind(error: ConnectorError, status: ProbeStatus, begins: str) -> None:
    result = await probe_connector(Shop(error), redact=Redactor(["tok-secret-1"]))
    assert result.status is status
    assert not result.ok
    assert str(result.finding).startswith(begins)
    assert result.remedy is not None
    assert result.remedy.in_language("es-MX") == result.remedy.es != result.remedy.en
    assert "tok-secret-1" not in result.detail


async def test_a_defect_of_an_adapter_is_told_and_not_thrown(caplog: pytest.LogCaptureFixture) -> None:
    result = await probe_connector(Shop(ValueError("key tok-secret-1")))
    assert result.status is ProbeStatus.UNREACHABLE
    assert result.detail == "defect: ValueError"
    assert "the probe of shop is defective" in caplog.text


async def test_a_probe_that_hangs_ends() -> None:
    result = await probe_connector(Shop(), limit_s=0.01)
    assert result.status is ProbeStatus.UNREACHABLE
    assert result.detail == "no answer within 0.01 s"


async def test_a_mock_has_nobody_to_ask() -> None:
    registry = ConnectorRegistry.from_config({"calendar": {"type": "mock_calendar"}})
    result = await registry.probe("calendar")
    assert result.status is ProbeStatus.UNCHECKED
    assert result.ok
    await registry.close()


async def test_a_block_that_cannot_be_built_says_which_option_is_wrong() -> None:
    result = await probe_block("llm", {"type": "anthropic", "mode": "verified"})
    assert result.status is ProbeStatus.FAULTY
    assert result.option == "api_key"
    assert "store it as the credential" in str(result.remedy)
