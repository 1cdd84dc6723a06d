"""The names a newcomer looks for are where ARCHITECTURE.md says they are."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES_PROMISED = {
    "APSchedulerAdapter",
    "Bot",
    "CalendarConnector",
    "ChannelAdapter",
    "ConnectorPort",
    "ConnectorRegistry",
    "ConversationState",
    "HttpDevChannelAdapter",
    "InMemoryStateStore",
    "InternalMessage",
    "LLMConnector",
    "MockCalendarAdapter",
    "MockConnector",
    "MockLLMAdapter",
    "NoopScheduler",
    "NotificationConnector",
    "SQLiteStateStore",
    "SchedulerPort",
    "StateStorePort",
    "TenantConfig",
    "WhatsAppAdapter",
    "channel_factory",
}  # fmt: skip - a set of names is read as a paragraph


def table_of_names() -> list[tuple[str, str]]:
    """(name, module) of every row of the table "Where the names live"."""
    section = (ROOT / "ARCHITECTURE.md").read_text().partition("## Where the names live")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \| `([\w.]+)` \|$", section, re.MULTILINE)
    return [(name, module) for names, module in rows for name in re.findall(r"`(\w+)`", names)]


@pytest.mark.parametrize(("name", "module"), table_of_names())
def test_a_name_is_imported_from_where_the_table_says(name: str, module: str) -> None:
    assert hasattr(importlib.import_module(module), name), f"{module} has no {name}"


def test_the_table_has_every_promised_name() -> None:
    assert {name for name, _ in table_of_names()} >= NAMES_PROMISED
