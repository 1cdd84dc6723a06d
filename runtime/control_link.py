"""``ControlLink``: everything a runtime does because it has a control plane: bundles in, reports out, commands in.

The second half of the composition root; a development start does without it and without the HTTP stack it loads.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Final

from runtime.bundles.cache import BundleCache
from runtime.bundles.checked import PreparedRelease
from runtime.bundles.keeper import BundleKeeper
from runtime.bundles.pacing import PollPacing
from runtime.bundles.polling import poll
from runtime.bundles.source import STAGED, ControlPlaneSource
from runtime.bundles.status import BundleStatus
from runtime.bundles.trials import Trials
from runtime.bundles.trust import Trust
from runtime.commands.feed import feed
from runtime.commands.handler import Handler
from runtime.commands.runner import CommandRunner
from runtime.control_plane.answers import ReportAnswer
from runtime.control_plane.client import ControlPlaneClient
from runtime.control_plane.connection import ControlPlaneConnection
from runtime.core import Core
from runtime.reporting.present import Present
from runtime.reporting.reporter import Reporter
from runtime.settings import ControlPlane
from runtime.store.sqlite import SQLiteStateStore
from runtime.telemetry.connector_watch import ConnectorWatch
from runtime.telemetry.masking import Masking
from runtime.tenant_config import TenantConfig
from runtime.watchdog import Watchdog

BUNDLES_FOLDER: Final = "bundles"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the link is given of its runtime. ``prepare`` compiles a configuration beside the live one."""

    core: Core
    store: SQLiteStateStore
    prepare: Callable[[TenantConfig], Awaitable[PreparedRelease]]
    watch: ConnectorWatch
    watchdog: Watchdog
    masking: Masking
    pepper: bytes
    build: str


class ControlLink:
    """``start`` serves from the kept bundle at once; asking goes on beside it until ``stop``."""

    def __init__(self, source: ControlPlane, around: Surroundings, pacing: PollPacing) -> None:
        core, store = around.core, around.store
        trust = Trust(source.tenant_id, source.public_keys_file, source.fernet_keys_file)
        cache = BundleCache(source.state_dir / BUNDLES_FOLDER)
        self.keeper = BundleKeeper(
            trust=trust,
            cache=cache,
            values=store.values,
            clock=core.clock,
            configs=core.configs,
            prepare=around.prepare,
        )
        self._connection = ControlPlaneConnection(source.url, source.tenant_id, source.runtime_token_file)
        self._trials = Trials(ControlPlaneSource(self._connection, STAGED), self.keeper)
        self._core = core
        self._pacing = pacing
        client = ControlPlaneClient(self._connection)

        def handlers() -> Mapping[str, Handler]:
            from runtime.commands.kinds import Reach, command_handlers  # noqa: PLC0415 - most days bring no command
            from runtime.control_plane.copies import CopyRoad  # noqa: PLC0415 - as above

            road = CopyRoad(self._connection)
            return command_handlers(
                Reach(core, store, self.keeper, client, road, around.pepper, around.masking, trust, cache)
            )

        self._runner = CommandRunner(store.commands, handlers, core.clock, core.activity.report_soon.set)
        self._client = client
        self._reporter = self._new_reporter(around, client)
        self._tasks: list[asyncio.Task[None]] = []

    def _new_reporter(self, around: Surroundings, client: ControlPlaneClient) -> Reporter:
        core, store = around.core, around.store
        watched = (around.watch, around.watchdog, self._status, self._staged)
        return Reporter(
            client=client,
            store=store.telemetry,
            directory=store.directory,
            readings=store.readings,
            present=Present(core, store.readings, *watched, around.build, core.clock.now()),
            masking=around.masking,
            heed=self._heed,
            pacing=self._pacing,
            nudge=core.activity.report_soon,
        )

    async def start(self) -> None:
        """Never raises: without a kept bundle the runtime waits for the control plane."""
        if not await self.keeper.start_from_cache():
            log.info("no kept bundle; waiting for the control plane")
        source, tell = ControlPlaneSource(self._connection), self._core.activity.report_soon.set
        self._begin(poll(source, self.keeper, self._pacing, news=tell), "bundle polling")
        self._begin(self._reporter.run(), "reporting")
        self._begin(self._runner.run(), "commands")
        self._begin(feed(self._client, self._runner.receive, self._pacing), "command feed")

    async def stop(self) -> None:
        """Stop asking at once, even in the middle of an answer."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._connection.close()

    async def _heed(self, answer: ReportAnswer) -> None:
        await self._core.suspension.set(suspended=answer.suspended)
        await self._runner.receive(answer.commands)
        if await self._trials.follow(answer.staged_serial):
            self._core.activity.report_soon.set()  # somebody waits to see it there

    def _status(self) -> BundleStatus:
        return self.keeper.status

    def _staged(self) -> int | None:
        return self.keeper.staged_serial

    def _begin(self, work: Coroutine[object, object, None], name: str) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(work, name=name))
