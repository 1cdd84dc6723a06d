"""The breaker against scenarios taken from four public test suites."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import SHARED_DATA, SHARED_DATA_VARIABLE
from tests.connectors.kernel.breaker_script import BreakerScript, MetricsScript

_FILE = SHARED_DATA / "security" / "derived" / "breaker_scenarios.json"

_SCENARIOS: list[dict[str, Any]] = json.loads(_FILE.read_text("utf-8"))["scenarios"] if _FILE.is_file() else []


_ABSENT = pytest.mark.skip(reason=f"{SHARED_DATA_VARIABLE} names no folder with breaker scenarios")

_CASES = [pytest.param(scenario, id=scenario["id"]) for scenario in _SCENARIOS]


@pytest.mark.parametrize("scenario", _CASES or [pytest.param({}, id="absent", marks=_ABSENT)])
def test_the_breaker_does_what_the_public_suites_expect(scenario: dict[str, Any]) -> None:
    config = scenario["config"]
    script = MetricsScript(config) if config.get("metrics_only") else BreakerScript(config)
    script.play(scenario["steps"])
