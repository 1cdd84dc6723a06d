"""How long each class of data is kept, in both planes: the defaults, and the bounds within which an owner chooses.

What the runtime keeps travels in the bundle (``retention``); the rest is the control plane's alone. Pure: the choice is
read from the tenant's settings, nothing is removed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from flow_engine.bundle.retention import (
    LONGEST_COPIES_DAYS,
    LONGEST_DAYS,
    SHORTEST_COPIES_DAYS,
    SHORTEST_INBOX_DAYS,
    Retention,
)
from platform_admin.tenants.models import Tenant


class Where(StrEnum):
    """Which plane keeps it."""

    RUNTIME = "runtime"
    HERE = "here"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class DataClass:
    """One line of the page. ``default`` holds where nothing is chosen; all in days."""

    key: str
    words: str | Promise
    where: Where
    default: int
    least: int = 1
    most: int = LONGEST_DAYS


_RUNTIME: Final = Retention()

COPIES: Final = "copies_days"

CLASSES: Final[tuple[DataClass, ...]] = (
    DataClass(
        "messages_days", _("Messages and what the bot knows of a customer"), Where.RUNTIME, _RUNTIME.messages_days
    ),
    DataClass("media_days", _("Pictures, voice messages and files"), Where.RUNTIME, _RUNTIME.media_days),
    DataClass("turns_days", _("How each message was answered and why"), Where.BOTH, _RUNTIME.turns_days),
    DataClass(
        "inbox_days", _("Ids against messages that come twice"), Where.RUNTIME, _RUNTIME.inbox_days, SHORTEST_INBOX_DAYS
    ),
    DataClass("dead_letters_days", _("Messages that were given up"), Where.BOTH, _RUNTIME.dead_letters_days),
    DataClass(
        COPIES,
        _("Copies of all that the bot holds, for when a disk fails"),
        Where.BOTH,
        _RUNTIME.copies_days,
        SHORTEST_COPIES_DAYS,
        LONGEST_COPIES_DAYS,
    ),
    DataClass("questions_days", _("Questions without an answer"), Where.HERE, 180, most=800),
    # A runtime repeats a report for a week when its answer was lost; a forgotten id would count it twice.
    DataClass("reports_days", _("Ids of reports that were taken in"), Where.HERE, 14, least=8, most=60),
    DataClass("audit_personal_days", _("Personal parts of the audit trail"), Where.HERE, 730, least=30),
    DataClass("exports_days", _("Archives of one customer, made on request"), Where.HERE, 2, most=7),
)

BY_KEY: Final[Mapping[str, DataClass]] = {item.key: item for item in CLASSES}

HERE_ALONE: Final = frozenset(item.key for item in CLASSES if item.where is Where.HERE)
"""Not carried to the runtime."""


def days_kept(tenant: Tenant, key: str) -> int:
    """What the owner chose, or the default. A choice from before there were bounds is cut to them."""
    known, chosen = BY_KEY[key], chosen_days(tenant).get(key)
    return known.default if chosen is None else min(max(chosen, known.least), known.most)


def chosen_days(tenant: Tenant) -> dict[str, int]:
    """Only what was chosen, by key."""
    settings = getattr(tenant, "settings", None)
    stored = {} if settings is None else settings.policies.get("retention") or {}
    return {key: days for key, days in stored.items() if key in BY_KEY and isinstance(days, int)}
