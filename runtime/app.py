"""The composition root: with ``control_link`` the one place that names concrete classes and says who knows whom.

Importing it does nothing: no I/O, no environment, and none of the heavy packages of the control plane. A development
file loads the authoring side of the engine when it is read, a control plane the HTTP stack when it is asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from flow_engine.vocabulary import JSONObject
from runtime.bundles.pacing import PollPacing
from runtime.bundles.status import BundleStatus, ConfigOrigin
from runtime.channels.services import ChannelServices
from runtime.clock import SystemClock
from runtime.core import Core, build_core
from runtime.errors import ConfigurationError, ReleaseError
from runtime.internal_token import FILE_NAME, InternalToken
from runtime.maintenance.housekeeping import Housekeeping
from runtime.media import FOLDER_NAME, MediaFolder
from runtime.ports.clock import Clock
from runtime.privacy import pepper_of
from runtime.release import PreparedRelease, prepare_release
from runtime.settings import ControlPlane, DevelopmentFile, Settings
from runtime.stop_deadline import StopDeadline
from runtime.store.sqlite import SQLiteStateStore
from runtime.store.sqlite.state_store import STATE_FILE
from runtime.telemetry.connector_watch import ConnectorWatch
from runtime.telemetry.masking import Masking
from runtime.telemetry.redaction import Redactor
from runtime.tenant_config import TenantConfig
from runtime.version import UNKNOWN_BUILD
from runtime.watchdog import Watchdog
from runtime.web.body_limit import BodyLimit
from runtime.web.channel_door import ChannelDoor
from runtime.web.errors import EXCEPTION_HANDLERS
from runtime.web.front_door import FrontDoor
from runtime.web.health import HealthPages
from runtime.web.internal_door import InternalDoor
from runtime.web.stop_answer import StopAnswer

if TYPE_CHECKING:
    from runtime.control_link import ControlLink

DEVELOPMENT_STATE: Final = Path(".frontdesk/dev")
_FOLDER_MODE: Final = 0o700

type OpenCore = Callable[[Path, Clock, str], Awaitable[tuple[Core, SQLiteStateStore]]]
"""(state file, clock, tenant) → a core over its open store."""


log = logging.getLogger(__name__)


@dataclass(slots=True)
class Runtime:
    """One tenant's running bot. ``asgi`` is its HTTP face; ``start`` before serving, ``stop`` after."""

    settings: Settings
    tenant: str
    core: Core
    door: ChannelDoor
    redactor: Redactor
    services: ChannelServices
    development: TenantConfig | None
    build: str
    store: SQLiteStateStore
    folder: Path
    watch: ConnectorWatch = field(default_factory=ConnectorWatch)
    watchdog: Watchdog = field(default_factory=Watchdog)
    housekeeping: Housekeeping = field(init=False)
    asgi: ASGIApp = field(init=False)
    bundle_status: BundleStatus = field(default_factory=BundleStatus)
    deadline: StopDeadline = field(default_factory=StopDeadline)
    _link: ControlLink | None = None
    _housekeeping: asyncio.Task[None] | None = None

    async def start(self, pacing: PollPacing) -> None:
        """Go live with the development file or the kept bundle; without one, fetch in the background.

        Raises:
            ConfigurationError: a development file that cannot run.
        """
        self.watchdog.start()
        self._housekeeping = asyncio.get_running_loop().create_task(self.housekeeping.run(), name="housekeeping")
        pepper = await pepper_of(self.store.values)
        await self.core.start()
        if isinstance(self.settings.source, ControlPlane):
            self._link = self._linked(self.settings.source, pepper, pacing)
            await self._link.start()
        elif self.development is not None:
            try:
                release = await self.prepare(self.development)
            except ReleaseError as error:
                raise ConfigurationError([str(error)]) from error
            await release.activate()
            self.bundle_status = BundleStatus(serial=self.development.serial, origin=ConfigOrigin.FILE)

    def begin_stop(self) -> None:
        """Let go of requests that only wait, so that the server can finish the others. Safe to call twice.

        From here on the time to stop in runs.
        """
        self.deadline.begin()
        self.services.stopping.set()

    async def stop(self) -> None:
        """Finish what is under way within the deadline and close everything."""
        self.begin_stop()
        if self._link is not None:
            await self._link.stop()
        if self._housekeeping is not None:
            self._housekeeping.cancel()
        self.door.close()
        await self.core.stop(self.deadline)
        self.watchdog.stop()

    async def prepare(self, config: TenantConfig) -> PreparedRelease:
        """Compile a configuration beside the live one. Its secrets are hidden from logs before anything uses them."""
        self.redactor.add(config.secret_values())
        services = self.services.speaking(config.settings.language, as_business=config.business_name)
        return await prepare_release(
            config,
            services,
            core=self.core,
            door=self.door,
            egress=self.settings.egress,
            observers=(self.watch,),
        )

    def status(self) -> BundleStatus:
        return self._link.keeper.status if self._link is not None else self.bundle_status

    def _linked(self, source: ControlPlane, pepper: bytes, pacing: PollPacing) -> ControlLink:
        from runtime.control_link import ControlLink, Surroundings  # noqa: PLC0415 - loads the HTTP stack

        masking = Masking(self.redactor, pepper)
        watched = (self.watch, self.watchdog)
        around = Surroundings(self.core, self.store, self.prepare, *watched, masking, pepper, self.build)
        return ControlLink(source, around, pacing)


@contextlib.asynccontextmanager
async def open_runtime(
    settings: Settings,
    *,
    redactor: Redactor | None = None,
    clock: Clock | None = None,
    build: str = UNKNOWN_BUILD,
    pacing: PollPacing | None = None,
    open_core: OpenCore | None = None,
) -> AsyncIterator[Runtime]:
    """A started runtime; it is stopped when the block ends. ``pacing`` of ``None`` polls at the usual pace.

    ``open_core`` makes the core over another store than the usual file; whoever crashes a runtime on purpose wants to.

    Raises:
        ConfigurationError: keys or the development file cannot be used (exit code 78).
        StoreInUseError: another process serves this tenant (75).
        StoreTooNewError: the state was written by a newer version (78).
        StoreDamagedError: the state cannot be trusted, or is another tenant's (65).
        StoreUnavailableError: the state cannot be opened now.
    """
    development = _read_development(settings)
    tenant = development.tenant_id if development else _control_plane(settings).tenant_id
    redactor = redactor or Redactor(hashlib.sha256(tenant.encode()).digest())
    folder = _state_folder(settings, tenant)
    core, store = await (open_core or open_durable_core)(folder / STATE_FILE, clock or SystemClock(), tenant)
    runtime = _assemble(settings, tenant, core, store, redactor, development, build, folder)
    try:
        await runtime.start(pacing or PollPacing())
        yield runtime
    finally:
        await runtime.stop()


async def open_durable_core(state_file: Path, clock: Clock, tenant: str) -> tuple[Core, SQLiteStateStore]:
    """The core over its file, as every runtime has it. Another tenant's file is refused."""
    store = SQLiteStateStore(state_file, clock, tenant=tenant)
    await store.open()
    return build_core(store, {}, clock, media_folder=MediaFolder(state_file.parent / FOLDER_NAME)), store


def _assemble(
    settings: Settings,
    tenant: str,
    core: Core,
    store: SQLiteStateStore,
    redactor: Redactor,
    development: TenantConfig | None,
    build: str,
    folder: Path,
) -> Runtime:
    door = ChannelDoor()
    services = ChannelServices(
        intake=core.desk,
        outgoing=core.outgoing,
        contacts=core.store.contacts,
        uploads=core.store.uploads,
        egress=settings.egress,
        clock=core.clock,
        tenant_id=tenant,
        business_name=tenant,
        stopping=asyncio.Event(),
        http_dev_allow_remote=settings.http_dev_allow_remote,
        graph_base_url=settings.graph_base_url,
        graph_version=settings.graph_version,
        telegram_base_url=settings.telegram_base_url,
        trusted_proxies=settings.trusted_proxies,
    )
    runtime = Runtime(settings, tenant, core, door, redactor, services, development, build, store, folder)
    runtime.housekeeping = Housekeeping(store.retention, core.clock, lambda: core.configs.retention, core.media.sweep)
    pages = HealthPages(
        tenant=tenant,
        build=build,
        core=core.health,
        bundle=runtime.status,
        refused_by=lambda: runtime.watch.unauthorized,
        damage=lambda: runtime.housekeeping.damage,
    )
    runtime.asgi = StopAnswer(_asgi(pages, _internal_door(runtime), door), services.stopping.is_set)
    return runtime


def _internal_door(runtime: Runtime) -> InternalDoor:
    core, file = runtime.core, runtime.folder / STATE_FILE

    async def inspect() -> JSONObject:
        from runtime.maintenance.inspection import inspect_file  # noqa: PLC0415 - an operator asks now and then

        return await asyncio.to_thread(inspect_file, file)

    async def backup(target: Path) -> JSONObject:
        from runtime.maintenance.backup import back_up  # noqa: PLC0415 - the same

        made = await asyncio.to_thread(back_up, file, target, media=MediaFolder(runtime.folder / FOLDER_NAME))
        return made.to_json()

    given = runtime.settings.internal_token_file
    token = InternalToken(given or runtime.folder / FILE_NAME, make=given is None)
    started_at = core.clock.now()

    async def metrics() -> str:
        from runtime.web.metrics import Metrics  # noqa: PLC0415 - the same

        watched = (runtime.watch, runtime.watchdog, runtime.status)
        return await Metrics(runtime.tenant, runtime.build, core, *watched, started_at).page()

    return InternalDoor(token, core.task_executor, metrics, inspect, backup)


def _asgi(pages: HealthPages, internal: InternalDoor, door: ChannelDoor) -> ASGIApp:
    routes = [
        Route("/health", pages.health, methods=["GET"]),
        Route("/ready", pages.ready, methods=["GET"]),
        *internal.routes(),
        Mount("", app=door),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(BodyLimit)], exception_handlers=dict(EXCEPTION_HANDLERS))
    return FrontDoor(app, door)


def _read_development(settings: Settings) -> TenantConfig | None:
    if not isinstance(settings.source, DevelopmentFile):
        return None
    from runtime.tenant_file import read_tenant_file  # noqa: PLC0415 - loads the authoring side, development only

    return read_tenant_file(settings.source.path)


def _control_plane(settings: Settings) -> ControlPlane:
    if not isinstance(settings.source, ControlPlane):
        raise TypeError("a runtime without a development file has a control plane")
    return settings.source


def _state_folder(settings: Settings, tenant: str) -> Path:
    folder = settings.state_dir or DEVELOPMENT_STATE / tenant
    try:
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError([f"STATE_DIR cannot be made: {error.strerror}"]) from error
    return folder
