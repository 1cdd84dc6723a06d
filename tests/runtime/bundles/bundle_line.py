"""A control plane that serves what a test puts into it, and the runtime's bundle side that asks it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flow_engine.bundle import ENVELOPE_MEDIA_TYPE, seal, write_public_keys
from flow_engine.bundle.secret_binding import bind
from flow_engine.bundle.signing import SigningKey
from flow_engine.language import read_flow
from flow_engine.vocabulary import JSON, JSONObject
from runtime.bundles.cache import BundleCache
from runtime.bundles.keeper import BundleKeeper
from runtime.bundles.polling import ask_once
from runtime.bundles.source import ControlPlaneSource
from runtime.bundles.trust import Trust
from runtime.channels.services import ChannelServices
from runtime.clock import SystemClock
from runtime.control_plane.connection import ControlPlaneConnection
from runtime.core import Core, build_core
from runtime.release import PreparedRelease, prepare_release
from runtime.settings import ControlPlane, Settings
from runtime.store.in_memory import InMemoryStateStore
from runtime.tenant_config import TenantConfig
from runtime.web.channel_door import ChannelDoor
from tests.fakes.loopback import LoopbackServer
from tests.runtime.running import TOY_FLOW

TENANT = "luna"
TOKEN = "the-runtime-token"
KEY = SigningKey.from_seed(b"\x01" * 32)
OTHER_KEY = SigningKey.from_seed(b"\x02" * 32)
FERNET_KEY = base64.urlsafe_b64encode(b"\x04" * 32)

PROGRAM = read_flow(TOY_FLOW, file="toy").program or {}


def payload(serial: int, **changes: JSON) -> JSONObject:
    """A whole, valid payload of format 1; ``changes`` replace top-level fields."""
    return {
        "format": 1,
        "tenant": TENANT,
        "serial": serial,
        "created": "2026-11-23T10:00:00+00:00",
        "program": PROGRAM,
        "knowledge": None,
        "settings": {"timezone": "UTC", "language": "en", "sentences": {}, "business": {"name": "Luna"}},
        "channels": [{"type": "http_dev"}],
        "connectors": {},
        "llm": {"enabled": False, "provider": None, "knowledge_version": None, "quota_monthly_tokens": None},
        "secrets": {},
        **changes,
    }


def bundle(serial: int, *, key: SigningKey = KEY, **changes: JSON) -> bytes:
    return seal(payload(serial, **changes), key)


def secret(field_path: str, value: str, *, tenant: str = TENANT, key: bytes = FERNET_KEY) -> str:
    return Fernet(key).encrypt(bind(tenant=tenant, field=field_path, value=value)).decode()


@dataclass(slots=True)
class FakeControlPlane:
    """Serves ``envelope`` with its hash as the tag; ``status`` overrides. Remembers each request's tag."""

    envelope: bytes | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked_with: list[str | None] = field(default_factory=list)

    async def serve(self, request: Request) -> Response:
        self.asked_with.append(request.headers.get("if-none-match"))
        if request.headers.get("authorization") != f"Bearer {TOKEN}" or request.path_params["tenant"] != TENANT:
            return Response(b'{"error":"invalid_token"}', status_code=401)
        if self.status != 200:
            return Response(status_code=self.status, headers=self.headers)
        if self.envelope is None:
            return Response(status_code=404)
        etag = f'"{hashlib.sha256(self.envelope).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304)
        return Response(self.envelope, media_type=ENVELOPE_MEDIA_TYPE, headers={"ETag": etag})

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/api/runtime/v1/tenants/{tenant}/bundle", self.serve)])


def write_trust(folder: Path, *keys: SigningKey) -> None:
    """The three files an orchestrator hands to a runtime."""
    (folder / "token").write_text(TOKEN + "\n", encoding="utf-8")
    (folder / "fernet").write_text(FERNET_KEY.decode() + "\n", encoding="utf-8")
    public = write_public_keys([key.public_key for key in keys or (KEY,)])
    (folder / "keys.json").write_text(public, encoding="utf-8")


def control_plane_settings(folder: Path, url: str) -> Settings:
    state = folder / "state"
    source = ControlPlane(url, TENANT, folder / "token", folder / "fernet", folder / "keys.json", state)
    return Settings(source=source, state_dir=state, port=0)


@dataclass(slots=True)
class BundleLine:
    """The runtime's bundle side over a real HTTP server; ``ask`` is one turn of the polling loop."""

    plane: FakeControlPlane
    folder: Path
    core: Core
    keeper: BundleKeeper
    source: ControlPlaneSource

    async def ask(self) -> bool:
        return await ask_once(self.source, self.keeper)

    async def serve(self, envelope: bytes) -> bool:
        self.plane.envelope = envelope
        return await self.ask()

    @property
    def active(self) -> int | None:
        """The serial that turns run on now."""
        config = self.core.configs.current
        return config.serial if config else None

    @property
    def code(self) -> str | None:
        fault = self.keeper.status.last_error
        return fault.code if fault else None

    def kept(self) -> list[Path]:
        return sorted((self.folder / "bundles").glob("*"))


@contextlib.asynccontextmanager
async def bundle_line(folder: Path, *, store: InMemoryStateStore | None = None) -> AsyncIterator[BundleLine]:
    """``store`` carries the floor from one life of a runtime to the next."""
    if not (folder / "keys.json").exists():
        write_trust(folder)
    plane = FakeControlPlane()
    store = store or InMemoryStateStore()
    await store.open()
    core = build_core(store, {}, SystemClock())
    await core.start()
    services = ChannelServices(
        intake=core.desk,
        outgoing=core.outgoing,
        contacts=core.store.contacts,
        uploads=core.store.uploads,
        clock=core.clock,
        tenant_id=TENANT,
        business_name=TENANT,
    )
    door = ChannelDoor()

    async def prepare(config: TenantConfig) -> PreparedRelease:
        return await prepare_release(config, services, core=core, door=door)

    trust = Trust(TENANT, folder / "keys.json", folder / "fernet")
    keeper = BundleKeeper(trust, BundleCache(folder / "bundles"), store.values, core.clock, core.configs, prepare)
    async with LoopbackServer(plane.app()) as server:
        connection = ControlPlaneConnection(server.url, TENANT, folder / "token")
        source = ControlPlaneSource(connection)
        try:
            yield BundleLine(plane, folder, core, keeper, source)
        finally:
            await connection.close()
            await core.stop()
