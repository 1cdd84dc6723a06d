"""What somebody should hear of is told when it begins, and again only after it had ended."""

from __future__ import annotations

from datetime import UTC, datetime

from runtime.core import CoreHealth
from runtime.reporting.new_conditions import NewConditions

NOW = datetime(2026, 11, 29, 18, tzinfo=UTC)


def kinds(seen: NewConditions, halted: dict[str, str], refused: set[str], stalls: int) -> list[object]:
    health = CoreHealth(None, halted, None, 1)
    found = seen.begun(health, refused_by=frozenset(refused), stalls=stalls, longest_stall_s=2.0, now=NOW)
    return [entry.body["kind"] for entry in found]


def test_each_is_told_once_while_it_lasts() -> None:
    seen = NewConditions()
    assert kinds(seen, {}, set(), 0) == []
    assert kinds(seen, {"whatsapp:1": "token expired"}, {"calendar"}, 1) == [
        "channel_stopped", "token_expired", "clock_stalled"
    ]  # fmt: skip
    assert kinds(seen, {"whatsapp:1": "token expired"}, {"calendar"}, 1) == []
    assert kinds(seen, {}, {"calendar"}, 1) == []
    assert kinds(seen, {"whatsapp:1": "token expired"}, set(), 1) == ["channel_stopped"]
    assert kinds(seen, {}, {"calendar"}, 3) == ["token_expired", "clock_stalled"]
