"""``ActiveConfig``: a release ready to run, and the holder of those that are: live, staged, and older ones."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from connectors.registry import ConnectorRegistry
from flow_engine.bundle.retention import Retention
from flow_engine.bundle.rollout import InFlight, WhatToDo
from flow_engine.program import Program
from runtime.leased import Leased
from runtime.limits import RuntimeLimits
from runtime.outreach import Outreach

MOST_OLDER: Final = 3
"""Compiled releases kept for who is still inside: a few megabytes each, and a fourth in a week is no release but work
in progress."""

OLDER_FOR: Final = timedelta(days=7)
"""Who has not come back to a question after a week begins anew: the business has moved on."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ActiveConfig:
    """One release, ready to run.

    ``language`` is a BCP 47 tag, ``timezone`` an IANA name; ``serial`` is the release's number (0: a local
    file). ``quota_monthly_tokens`` bounds what free questions may cost in a calendar month of that zone,
    ``questions_per_contact_per_day`` how many one customer may ask; ``keyword_answers`` quotes the document where
    nobody can be asked.
    ``people_in_flight`` speaks of states that ``program`` has not. ``test_contacts`` are whom a staged release is for.
    """

    program: Program
    registry: ConnectorRegistry
    knowledge_markdown: str
    language: str
    timezone: str
    serial: int
    quota_monthly_tokens: int | None = None
    questions_per_contact_per_day: int | None = None
    keyword_answers: bool = False
    limits: RuntimeLimits = field(default_factory=RuntimeLimits)
    outreach: Outreach = field(default_factory=Outreach)
    people_in_flight: Mapping[str, InFlight] = field(default_factory=dict)
    test_contacts: frozenset[str] = frozenset()
    retention: Retention = field(default_factory=Retention)

    @property
    def lets_people_finish(self) -> bool:
        """Whether somebody may have to go on with an older release."""
        return any(word.do is WhatToDo.FINISH for word in self.people_in_flight.values())


@dataclass(frozen=True, slots=True)
class OlderRelease:
    """A release that was live until ``replaced_at``."""

    release: Leased[ActiveConfig]
    replaced_at: datetime


@dataclass(slots=True)
class HeldReleases:
    """What a turn may run on."""

    live: Leased[ActiveConfig] | None = None
    staged: Leased[ActiveConfig] | None = None
    older: dict[int, OlderRelease] = field(default_factory=dict)

    def older_release(self, serial: int | None, now: datetime) -> Leased[ActiveConfig] | None:
        """The release of this serial, while it may still be finished on."""
        found = self.older.get(serial) if serial is not None else None
        return found.release if found is not None and now - found.replaced_at < OLDER_FOR else None


class ActiveConfigHolder:
    """Holds compiled releases. A turn takes one and keeps it to its end; one that is let go is closed after it."""

    def __init__(self) -> None:
        self.held = HeldReleases()
        self._retiring: set[asyncio.Task[None]] = set()

    @property
    def current(self) -> ActiveConfig | None:
        """The live one."""
        return self.held.live.value if self.held.live is not None else None

    @property
    def staged(self) -> ActiveConfig | None:
        """The one that is tried."""
        return self.held.staged.value if self.held.staged is not None else None

    @property
    def outreach(self) -> Outreach:
        """The live configuration's, the usual one before there is any."""
        return self.held.live.value.outreach if self.held.live is not None else Outreach()

    @property
    def retention(self) -> Retention:
        """The live configuration's, the usual one before there is any."""
        return self.held.live.value.retention if self.held.live is not None else Retention()

    @property
    def limits(self) -> RuntimeLimits:
        """The live configuration's, the usual ones before there is any."""
        return self.held.live.value.limits if self.held.live is not None else RuntimeLimits()

    @contextmanager
    def use(self) -> Iterator[ActiveConfig]:
        """The live configuration for one turn. Nothing is served before the first ``swap``."""
        if self.held.live is None:
            raise RuntimeError("no configuration is active yet")
        with self.held.live.use() as config:
            yield config

    def swap(self, config: ActiveConfig, *, at: datetime) -> None:
        """New turns run on ``config``. The one before is kept where its people may finish, else closed after them."""
        before, self.held.live = self.held.live, _leased(config)
        if before is not None and config.lets_people_finish and before.value.serial != config.serial:
            self.keep_older(before, replaced_at=at)
        elif before is not None:
            self._retire(before)
        if self.staged is not None and self.staged.serial <= config.serial:
            self.drop_staged()
        if not config.lets_people_finish:
            self.drop_older(self.held.older)

    def stage(self, config: ActiveConfig) -> None:
        """Turns of its test contacts run on ``config``."""
        self.drop_staged()
        self.held.staged = _leased(config)

    def drop_staged(self) -> None:
        """Its contacts go on with the live release."""
        staged, self.held.staged = self.held.staged, None
        if staged is not None:
            self._retire(staged)

    def keep_older(self, release: Leased[ActiveConfig] | ActiveConfig, *, replaced_at: datetime) -> None:
        """Hold an older release for who is inside it; the oldest beyond the bound is let go."""
        leased = release if isinstance(release, Leased) else _leased(release)
        self.held.older[leased.value.serial] = OlderRelease(leased, replaced_at)
        by_age = sorted(self.held.older, key=lambda serial: self.held.older[serial].replaced_at)
        self.drop_older(by_age[:-MOST_OLDER])

    def drop_older(self, serials: Iterable[int]) -> None:
        """Let go of these; turns under way on them finish."""
        for serial in list(serials):
            self._retire(self.held.older.pop(serial).release)

    async def close(self) -> None:
        """Close the connectors of everything that is held or retiring."""
        self.drop_older(self.held.older)
        self.drop_staged()
        live, self.held.live = self.held.live, None
        if live is not None:
            self._retire(live)
        await asyncio.gather(*self._retiring)

    def _retire(self, release: Leased[ActiveConfig]) -> None:
        task = asyncio.get_running_loop().create_task(release.retire())
        self._retiring.add(task)
        task.add_done_callback(self._retired)

    def _retired(self, task: asyncio.Task[None]) -> None:
        self._retiring.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.warning("connectors of an earlier configuration did not close cleanly: %r", fault)


def _leased(config: ActiveConfig) -> Leased[ActiveConfig]:
    return Leased(config, config.registry.close)
