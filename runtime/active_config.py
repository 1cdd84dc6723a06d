"""``ActiveConfig``: what the bot runs on at this moment, and the holder through which it is replaced."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from connectors.registry import ConnectorRegistry
from flow_engine.program import Program
from runtime.leased import Leased
from runtime.limits import RuntimeLimits
from runtime.outreach import Outreach

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ActiveConfig:
    """One release, ready to run.

    ``language`` is a BCP 47 tag, ``timezone`` an IANA name; ``serial`` is the release's number (0: a local
    file). ``quota_monthly_tokens`` bounds what free questions may cost in a calendar month of that zone.
    """

    program: Program
    registry: ConnectorRegistry
    knowledge_markdown: str
    language: str
    timezone: str
    serial: int
    quota_monthly_tokens: int | None = None
    limits: RuntimeLimits = field(default_factory=RuntimeLimits)
    outreach: Outreach = field(default_factory=Outreach)


class ActiveConfigHolder:
    """The live configuration. A turn takes it once and keeps it to its end."""

    def __init__(self) -> None:
        self._live: Leased[ActiveConfig] | None = None
        self._retiring: set[asyncio.Task[None]] = set()

    @property
    def current(self) -> ActiveConfig | None:
        return self._live.value if self._live is not None else None

    @property
    def outreach(self) -> Outreach:
        """The live configuration's, the usual one before there is any."""
        return self._live.value.outreach if self._live is not None else Outreach()

    @property
    def limits(self) -> RuntimeLimits:
        """The live configuration's, the usual ones before there is any."""
        return self._live.value.limits if self._live is not None else RuntimeLimits()

    @contextmanager
    def use(self) -> Iterator[ActiveConfig]:
        """The live configuration for one turn. Nothing is served before the first ``swap``."""
        if self._live is None:
            raise RuntimeError("no configuration is active yet")
        with self._live.use() as config:
            yield config

    def swap(self, config: ActiveConfig) -> None:
        """New turns run on ``config``; the old one's connectors are closed after its last turn."""
        self._retire_live()
        self._live = Leased(config, config.registry.close)

    async def close(self) -> None:
        """Close the connectors of the live and all retiring configurations."""
        self._retire_live()
        self._live = None
        await asyncio.gather(*self._retiring)

    def _retire_live(self) -> None:
        if self._live is None:
            return
        task = asyncio.get_running_loop().create_task(self._live.retire())
        self._retiring.add(task)
        task.add_done_callback(self._retired)

    def _retired(self, task: asyncio.Task[None]) -> None:
        self._retiring.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.warning("connectors of an earlier configuration did not close cleanly: %r", fault)
