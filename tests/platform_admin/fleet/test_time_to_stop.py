"""Whoever runs a runtime leaves it the time that it takes to stop, and some more."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from platform_admin.fleet.drivers.docker.driver import STOP_TIMEOUT_S
from platform_admin.fleet.drivers.kubernetes.manifests.stateful_set import GRACE_S as POD_GRACE_S
from platform_admin.fleet.drivers.supervisor import RestartPolicy
from runtime.stop_deadline import CLOSE_S, GRACE_S, NOTICE_S, REQUESTS_S, STOP_S, TURNS_S, StopDeadline

COMPOSE_FILE = Path(__file__).parents[3] / "deploy" / "compose.yaml"


def compose_grants() -> dict[str, float]:
    """By service, seconds, of those that run a runtime."""
    services = yaml.safe_load(COMPOSE_FILE.read_text())["services"]
    runtimes = {name: service for name, service in services.items() if service.get("image") == "frontdesk-runtime"}
    assert runtimes
    return {name: float(service["stop_grace_period"].removesuffix("s")) for name, service in runtimes.items()}


@pytest.mark.parametrize(
    ("who", "granted_s"),
    [
        ("a supervisor of processes", RestartPolicy().stop_deadline_s),
        ("a container engine", STOP_TIMEOUT_S),
        ("a cluster", POD_GRACE_S),
        ("make up", min(compose_grants().values())),
    ],
)
def test_it_is_granted_by(who: str, granted_s: float) -> None:
    assert granted_s >= STOP_S + GRACE_S


def test_the_parts_of_a_stop_share_one_deadline() -> None:
    now = 50.0
    deadline = StopDeadline(monotonic=lambda: now)
    deadline.begin()
    spent = []
    for most_s in (REQUESTS_S, TURNS_S, NOTICE_S, STOP_S):
        spent.append(deadline.left(most_s))
        now += spent[-1]
    assert spent == [5.0, 8.0, 1.0, 4.0]
    assert sum(spent) + CLOSE_S == STOP_S
    deadline.begin()
    assert deadline.left() == 0.0


def test_what_a_part_leaves_the_last_one_has() -> None:
    deadline = StopDeadline(monotonic=lambda: 50.0)
    assert (deadline.left(TURNS_S), deadline.left()) == (8.0, STOP_S - CLOSE_S)
