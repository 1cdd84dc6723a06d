"""What is wrong with a tenant's bot, as a list: each line has its test, its words, and how bad it is.

The overview shows the words; the worker opens an incident when a line becomes true and ends it when it is no longer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.functional import Promise

from platform_admin.observability.standing import Standing
from platform_admin.observability.trouble_words import words_of
from platform_admin.tenants.models import Tenant

SILENT_AFTER: Final = timedelta(minutes=5)
"""A runtime asks every 15 seconds, and at least once a minute after failures; five minutes are no coincidence."""

PASSING: Final = timedelta(minutes=2)
"""A start, an upgrade, one question that failed: over by the next report or the one after, seen a minute later."""

ERRORS_PERCENT: Final = 5.0
ERRORS_LEAST: Final = 5
"""One failed turn of ten is bad luck; five are a pattern."""

FALLBACK_PERCENT: Final = 35.0
FALLBACKS_LEAST: Final = 20
USUAL_LEAST: Final = 10.0
"""Messages an hour, below which silence means nothing."""

QUOTA_WARNING_PERCENT: Final = 80
QUOTA_FULL_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class Condition:
    """``severe``: customers suffer. Others are worth a look. ``told``: whether people are written to about it."""

    kind: str
    holds: Callable[[Standing], bool]
    severe: bool = False
    told: bool = True
    told_after: timedelta = timedelta()
    """What is over by itself before that is written to nobody."""
    about: Callable[[Standing], str] = lambda _standing: ""
    """What in particular; empty where there is nothing to add."""

    @property
    def words(self) -> str | Promise:
        return words_of(self.kind).words


def _is_wanted(standing: Standing) -> bool:
    return standing.tenant.status == Tenant.Status.ACTIVE and standing.live_serial is not None


def _silent(standing: Standing) -> bool:
    seen = standing.last_seen_at
    return _is_wanted(standing) and seen is not None and standing.now - seen > SILENT_AFTER


def _reports(standing: Standing) -> bool:
    """Whether what the sighting says of the runtime's health is recent."""
    sighting = standing.sighting
    return sighting is not None and sighting.last_report_at is not None and not _silent(standing)


def _behind(standing: Standing) -> bool:
    return (
        _is_wanted(standing)
        and not _silent(standing)
        and standing.last_seen_at is not None
        and (standing.runtime_serial != standing.live_serial)
    )


def _refused(standing: Standing) -> bool:
    return _behind(standing) and standing.sighting is not None and bool(standing.sighting.refusal_code)


def _not_ready(standing: Standing) -> bool:
    return _is_wanted(standing) and _reports(standing) and standing.sighting is not None and not standing.sighting.ready


def _degraded(standing: Standing) -> bool:
    return _reports(standing) and standing.sighting is not None and bool(standing.sighting.degraded)


def _errors(standing: Standing) -> bool:
    return standing.errors >= ERRORS_LEAST and standing.error_percent >= ERRORS_PERCENT


def _fallbacks(standing: Standing) -> bool:
    return standing.fallbacks >= FALLBACKS_LEAST and standing.fallback_percent >= FALLBACK_PERCENT


def _quiet(standing: Standing) -> bool:
    """Nobody writes at an hour in which many do."""
    last = standing.last_inbound_at
    long_ago = last is None or standing.now - last > timedelta(hours=1)
    return _is_wanted(standing) and _reports(standing) and standing.usual_inbound >= USUAL_LEAST and long_ago


def _dead_letters(standing: Standing) -> bool:
    gauges = {} if standing.sighting is None else standing.sighting.gauges
    waiting = gauges.get("dead_letters")
    return isinstance(waiting, int) and waiting > 0


def _breaker_open(standing: Standing) -> bool:
    breakers = [] if standing.sighting is None else standing.sighting.gauges.get("breakers")
    states = [item.get("state") for item in breakers if isinstance(item, dict)] if isinstance(breakers, list) else []
    return _reports(standing) and any(state in ("open", "forced_open") for state in states)


def _quota_full(standing: Standing) -> bool:
    return standing.quota is not None and (standing.quota.percent or 0) >= QUOTA_FULL_PERCENT


def _quota_warning(standing: Standing) -> bool:
    percent = None if standing.quota is None else standing.quota.percent
    return percent is not None and QUOTA_WARNING_PERCENT <= percent < QUOTA_FULL_PERCENT


def _never_started(standing: Standing) -> bool:
    return _is_wanted(standing) and standing.last_seen_at is None


def _ends(least: int, most: int) -> Callable[[Standing], list[str]]:
    """Credentials that end in ``least`` to ``most`` days from today (UTC); negative: that have ended."""

    def found(standing: Standing) -> list[str]:
        today = standing.now.date()
        days = ((field, (ends - today).days) for field, ends in standing.ending_credentials)
        return [field for field, left in days if least <= left <= most]

    return found


def _looped(standing: Standing) -> bool:
    return standing.loop is not None


_LONG_AGO: Final = -100_000


def _credential(kind: str, least: int, most: int, *, severe: bool = False) -> Condition:
    found = _ends(least, most)
    about = lambda standing: ", ".join(found(standing))  # noqa: E731 - one expression over the closure
    return Condition(kind, lambda standing: bool(found(standing)), severe=severe, about=about)


CONDITIONS: Final[tuple[Condition, ...]] = (
    Condition("silent", _silent, severe=True),
    Condition("not_ready", _not_ready, severe=True, told_after=PASSING),
    Condition("refused", _refused, severe=True, told=False),
    Condition("errors", _errors, severe=True),
    _credential("credential_ended", _LONG_AGO, -1, severe=True),
    _credential("credential_ends_1", 0, 1),
    _credential("credential_ends_7", 2, 7),
    _credential("credential_ends_30", 8, 30),
    Condition("quiet", _quiet),
    Condition("never_started", _never_started, told=False),
    Condition("behind", _behind, told=False),
    Condition("degraded", _degraded, told_after=PASSING),
    Condition("breaker_open", _breaker_open),
    Condition("dead_letters", _dead_letters),
    Condition("loop_detected", _looped, about=lambda standing: standing.loop or ""),
    Condition("quota_full", _quota_full),
    Condition("quota_warning", _quota_warning),
    Condition("fallbacks", _fallbacks, told=False),
)
"""The worst first: the overview sorts by it."""

BY_KIND: Final = {condition.kind: condition for condition in CONDITIONS}


def conditions_of(standing: Standing) -> tuple[Condition, ...]:
    """The lines that are true now."""
    return tuple(condition for condition in CONDITIONS if condition.holds(standing))
