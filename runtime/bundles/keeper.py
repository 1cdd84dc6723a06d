"""``BundleKeeper``: the one way a bundle becomes live.

verify (``open_bundle``) -> open secrets -> compile everything -> keep on disk -> raise the floor -> swap.

Whatever fails, fails before the swap: the configuration that was live stays live, and ``status`` says why. A bundle is
live only if it is kept, so that what answers customers today also answers them after a crash.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from flow_engine.bundle import Bundle, BundleError, open_bundle, read_public_keys
from runtime.bundles.cache import BundleCache, CachedBundle
from runtime.bundles.floor import Floor, raise_floor, read_floor
from runtime.bundles.source import FetchedBundle
from runtime.bundles.status import BundleFault, BundleStatus, ConfigOrigin
from runtime.errors import ConfigurationError, ReleaseError, SecretError, StoreUnavailableError
from runtime.ports.clock import Clock
from runtime.ports.value_store import ValueStore
from runtime.secrets import FernetKeys, open_secrets
from runtime.tenant_config import TenantConfig

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom this runtime believes. The files are read at each use, so that keys rotate without a restart."""

    tenant: str
    public_keys_file: Path
    fernet_keys_file: Path

    def open(self, envelope: bytes, floor: Floor) -> Bundle:
        """Raises ``BundleError`` (also for a public-keys file that is none) or ``OSError``."""
        return open_bundle(
            envelope,
            public_keys=read_public_keys(self.public_keys_file.read_bytes()),
            tenant=self.tenant,
            floor_serial=floor.serial,
            floor_digest=floor.digest,
        )

    def config(self, bundle: Bundle) -> TenantConfig:
        """Raises ``ConfigurationError``, ``SecretError``, ``BundleError`` or ``OSError``."""
        keys = FernetKeys.read(self.fernet_keys_file.read_text(encoding="utf-8"))
        return TenantConfig.from_bundle(bundle, open_secrets(bundle.secrets, keys, tenant=self.tenant))


class PreparedRelease(Protocol):
    """A compiled configuration. Exactly one of the two is called."""

    async def activate(self) -> None: ...

    async def discard(self) -> None: ...


class BundleRefusedError(Exception):
    """Inside this file only: any of the many reasons, as the fault that health shows."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class BundleKeeper:
    """``prepare`` compiles a configuration without touching what is live (or raises ``ReleaseError``)."""

    def __init__(
        self,
        trust: Trust,
        cache: BundleCache,
        values: ValueStore,
        clock: Clock,
        prepare: Callable[[TenantConfig], Awaitable[PreparedRelease]],
    ) -> None:
        self._trust = trust
        self._cache = cache
        self._values = values
        self._clock = clock
        self._prepare = prepare
        self.status = BundleStatus()
        self.etag: str | None = None

    async def start_from_cache(self) -> bool:
        """Go live with the newest kept bundle that still passes every check but the floor. Never raises.

        The floor guards against what is *served*. The kept bundle before the live one is below it by nature, and
        answering customers from it is better than not answering; only the control plane can tell us more.
        """
        for cached in await asyncio.to_thread(self._cache.load):
            try:
                bundle, prepared = await self._check(cached.envelope, Floor())
                await self._activate(bundle, prepared)
            except BundleRefusedError as refused:
                self._note_refusal(refused.code, f"A kept bundle was refused: {refused.reason}")
                continue
            self._live(bundle, ConfigOrigin.CACHE, cached.etag)
            return True
        return False

    async def offer(self, fetched: FetchedBundle) -> bool:
        """Take a fetched bundle, or keep the old one and say why. Never raises; true when it is live now."""
        try:
            floor = await self._floor()
            bundle, prepared = await self._check(fetched.envelope, floor)
            if (bundle.serial, bundle.digest) == (self.status.serial, self.status.digest):
                await prepared.discard()
            else:
                await self._keep(fetched.envelope, bundle, prepared)
                await self._activate(bundle, prepared)
        except BundleRefusedError as refused:
            self._note_refusal(refused.code, refused.reason)
            return False
        self._live(bundle, ConfigOrigin.CONTROL_PLANE, fetched.etag or CachedBundle(fetched.envelope).etag)
        self.note_answer()
        return True

    def note_answer(self) -> None:
        """The control plane gave a usable answer just now."""
        self.status = replace(self.status, fetched_at=self._clock.now(), last_error=None, last_refusal=None)

    def note_fault(self, code: str, reason: str) -> None:
        """Remember why there is no newer bundle; logged when it is news."""
        before = self.status.last_error
        self.status = replace(self.status, last_error=BundleFault(code, reason, self._clock.now()))
        if before is None or before.code != code:
            log.warning("no new bundle: %s", reason, extra={"code": code, "serial": self.status.serial})

    def _note_refusal(self, code: str, reason: str) -> None:
        self.note_fault(code, reason)
        self.status = replace(self.status, last_refusal=self.status.last_error)

    async def _check(self, envelope: bytes, floor: Floor) -> tuple[Bundle, PreparedRelease]:
        try:
            bundle = self._trust.open(envelope, floor)
            return bundle, await self._prepare(self._trust.config(bundle))
        except (BundleError, SecretError, ReleaseError) as error:
            raise BundleRefusedError(error.code, str(error)) from error
        except ConfigurationError as error:
            raise BundleRefusedError("bad_keys_file", str(error)) from error
        except (OSError, UnicodeDecodeError) as error:
            reason = f"A keys file cannot be read ({type(error).__name__})."
            raise BundleRefusedError("bad_keys_file", reason) from error
        except Exception as error:
            # A defect of ours on one bundle must neither end the polling nor keep a fixed release out.
            log.exception("a bundle could not be prepared")
            reason = f"The bundle could not be prepared ({type(error).__name__}); see the log."
            raise BundleRefusedError("internal_error", reason) from error

    async def _floor(self) -> Floor:
        try:
            return await read_floor(self._values)
        except StoreUnavailableError as error:
            raise BundleRefusedError("persist_failed", "The store cannot be read now.") from error

    async def _keep(self, envelope: bytes, bundle: Bundle, prepared: PreparedRelease) -> None:
        try:
            await asyncio.to_thread(self._cache.store, envelope, bundle.serial)
            await raise_floor(self._values, Floor(bundle.serial, bundle.digest))
        except (OSError, StoreUnavailableError) as error:
            await prepared.discard()
            reason = f"The bundle cannot be kept on disk ({type(error).__name__}); the old one stays live."
            raise BundleRefusedError("persist_failed", reason) from error

    async def _activate(self, bundle: Bundle, prepared: PreparedRelease) -> None:
        await prepared.activate()
        log.info("bundle %d is live", bundle.serial, extra={"serial": bundle.serial})

    def _live(self, bundle: Bundle, origin: ConfigOrigin, etag: str) -> None:
        """Remember what is live. The tag is always the *activated* bundle's, so a refused one is offered again."""
        if bundle.digest != self.status.digest:
            self.status = replace(self.status, serial=bundle.serial, digest=bundle.digest, origin=origin)
        self.etag = etag
