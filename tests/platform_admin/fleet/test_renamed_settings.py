"""An orchestrator says at its start which settings of runtimes it has under a name that is handed on no longer."""

from __future__ import annotations

import io
import logging
import os
from pathlib import Path

import pytest
from django.core.management import call_command

from platform_admin.fleet.configuration import PASSED_ON

pytestmark = pytest.mark.django_db

OLD = {
    "EGRESS_ALLOW": "10.1.0.0/16",
    "EGRESS_ALLOW_HTTP": "1",
    "HTTP_DEV_ALLOW_REMOTE": "1",
    "TELEGRAM_BASE_URL": "https://telegram.example",
    "GRAPH_VERSION": "v24.0",
}


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for told, name in PASSED_ON.items():
        monkeypatch.delenv(told, raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(os.environ, "FLEET_FOLDER", str(tmp_path))
    monkeypatch.setitem(os.environ, "FLEET_PLACE", "here")
    return monkeypatch


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    call_command("run_orchestrator", "--once", stdout=io.StringIO())
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_each_old_name_is_told_with_its_new_one_and_without_its_value(
    environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in OLD.items():
        environment.setenv(name, value)
    assert sorted(warnings(caplog)) == [
        f"{name} is not handed on to runtimes any more: call it FLEET_RUNTIME_{name}" for name in sorted(OLD)
    ]


def test_what_has_its_new_name_or_is_the_control_planes_own_is_not_told(
    environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in OLD.items():
        environment.setenv(name, value)
        environment.setenv(f"FLEET_RUNTIME_{name}", value)
    environment.setenv("GRAPH_BASE_URL", "https://plane.example")
    environment.setenv("TRUSTED_PROXIES", "10.9.0.0/16")
    assert warnings(caplog) == []


def test_an_empty_name_counts_as_absent(environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    environment.setenv("EGRESS_ALLOW", "")
    environment.setenv("GRAPH_VERSION", "v24.0")
    environment.setenv("FLEET_RUNTIME_GRAPH_VERSION", "")
    assert warnings(caplog) == [
        "GRAPH_VERSION is not handed on to runtimes any more: call it FLEET_RUNTIME_GRAPH_VERSION"
    ]
