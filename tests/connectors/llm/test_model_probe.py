"""What somebody who enters a key is told about it."""

from __future__ import annotations

import pytest

from connectors.kernel.egress.policy import THIS_MACHINE
from connectors.probe import ProbeStatus
from connectors.registry import probe_block
from tests.connectors.llm.engines import KEY
from tests.fakes.loopback import LoopbackServer
from tests.fakes.model_directory import ModelDirectory

_TYPES = ("anthropic", "openai_compatible")

_ANSWERS: dict[str, tuple[int, str, ProbeStatus, str, str]] = {
    "all is well": (200, '{"id": "m"}', ProbeStatus.WORKS, "The key works", ""),
    "a wrong key": (401, "{}", ProbeStatus.FAULTY, "The key was refused", "api_key"),
    "a key without the right": (403, "{}", ProbeStatus.FAULTY, "The key was refused", "api_key"),
    "no credit": (402, "{}", ProbeStatus.FAULTY, "The account has no credit", ""),
    "no such model": (404, "{}", ProbeStatus.FAULTY, "There is no such model", "model"),
    "overloaded": (529, "{}", ProbeStatus.UNREACHABLE, "It cannot be reached", ""),
    "too many requests": (429, "{}", ProbeStatus.UNREACHABLE, "It asks for fewer", ""),
    "a page instead of an answer": (200, "<html>", ProbeStatus.UNREACHABLE, "It cannot be reached", ""),
}


@pytest.mark.parametrize("kind", _TYPES)
@pytest.mark.parametrize(("status", "body", "found", "begins", "option"), _ANSWERS.values(), ids=_ANSWERS.keys())
async def test_a_key_is_tried_without_asking_anything(
    status: int, body: str, found: ProbeStatus, begins: str, option: str, kind: str
) -> None:
    directory = ModelDirectory(status, body)
    async with LoopbackServer(directory.app) as server:
        result = await probe_block(
            "llm", {"type": kind, "api_key": KEY, "model": "m", "base_url": server.url}, egress=THIS_MACHINE
        )
    assert (result.status, result.option) == (found, option)
    assert str(result.finding).startswith(begins)
    assert (result.remedy is None) == result.ok
    assert [(seen.method, seen.key) for seen in directory.seen] == [("GET", KEY)]
    assert KEY not in str(result)


@pytest.mark.parametrize("kind", _TYPES)
async def test_nobody_at_the_address(kind: str) -> None:
    async with LoopbackServer(ModelDirectory(200, "{}").app) as server:
        gone = server.url
    result = await probe_block(
        "llm", {"type": kind, "api_key": KEY, "model": "m", "base_url": gone}, egress=THIS_MACHINE
    )
    assert result.status is ProbeStatus.UNREACHABLE
