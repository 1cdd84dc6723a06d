"""``BundleKeeper``: the one way a bundle becomes live.

verify (``open_bundle``) -> open secrets -> compile everything -> keep on disk -> raise the floor -> swap.

Whatever fails, fails before the swap: the configuration that was live stays live, and ``status`` says why. A bundle is
live only if it is kept, so that what answers customers today also answers them after a crash.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from flow_engine.bundle import BundleError
from flow_engine.bundle.rollout import WhatToDo
from runtime.active_config import MOST_OLDER, ActiveConfigHolder
from runtime.bundles.cache import BundleCache, CachedBundle
from runtime.bundles.checked import Checked, PreparedRelease
from runtime.bundles.floor import Floor, raise_floor, read_floor
from runtime.bundles.in_flight import Remembered, recall, remember
from runtime.bundles.live_print import LivePrint
from runtime.bundles.new_keys import open_with_key_of
from runtime.bundles.source import FetchedBundle
from runtime.bundles.status import BundleFault, BundleStatus, ConfigOrigin, Verdict
from runtime.bundles.still_opens import still_opens
from runtime.bundles.trust import Trust
from runtime.errors import ConfigurationError, ReleaseError, SecretError, StoreUnavailableError
from runtime.ports.clock import Clock
from runtime.ports.value_store import ValueStore
from runtime.tenant_config import TenantConfig

log = logging.getLogger(__name__)


class BundleRefusedError(Exception):
    """Inside this file only: any of the many reasons, as the fault that health shows.

    ``serial`` is the refused bundle's, where a signature we believe says it.
    """

    def __init__(self, code: str, reason: str, serial: int | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.serial = serial


class BundleKeeper:
    """``prepare`` compiles a configuration without touching what is live (or raises ``ReleaseError``)."""

    def __init__(
        self,
        trust: Trust,
        cache: BundleCache,
        values: ValueStore,
        clock: Clock,
        configs: ActiveConfigHolder,
        prepare: Callable[[TenantConfig], Awaitable[PreparedRelease]],
    ) -> None:
        self._trust = trust
        self._cache = cache
        self._values = values
        self._clock = clock
        self._configs = configs
        self._prepare = prepare
        self._live_print: LivePrint | None = None
        self.status = BundleStatus()
        self.etag: str | None = None

    @property
    def verdict(self) -> Verdict:
        """What became of the last release that was there to take."""
        return self.status.verdict

    @property
    def staged_serial(self) -> int | None:
        """The serial of the release that is tried, if there is one."""
        staged = self._configs.staged
        return None if staged is None else staged.serial

    async def start_from_cache(self) -> bool:
        """Go live with the newest kept bundle that still passes every check but the floor. Never raises.

        The floor guards against what is *served*. The kept bundle before the live one is below it by nature, and
        answering customers from it is better than not answering; only the control plane can tell us more.
        """
        for cached in await asyncio.to_thread(self._cache.load):
            try:
                checked = await self._check(cached, Floor())
            except BundleRefusedError as refused:
                self._note_refusal(refused, "A kept bundle was refused: ")
                continue
            await self._activate(checked)
            self._live(checked, ConfigOrigin.CACHE, cached.etag)
            await self._take_up_others()
            return True
        return False

    async def offer(self, fetched: FetchedBundle) -> bool:
        """Take a fetched bundle, or keep the old one and say why. Never raises; true when it is live now."""
        try:
            checked = await self._check(CachedBundle(fetched.envelope), await self._floor())
            if checked.bundle.staged is not None:
                await checked.release.discard()
                reason = "A release for test contacts was served to everybody."
                raise BundleRefusedError("staged_as_live", reason, checked.bundle.serial)
            if (checked.bundle.serial, checked.bundle.digest) == (self.status.serial, self.status.digest):
                # Perhaps signed by another key, and the one that signed what is kept may not be believed much longer.
                await self._write(lambda: self._cache.store_again(fetched.envelope, checked.bundle.serial), checked)
                await checked.release.discard()
            else:
                await self._keep(fetched.envelope, checked)
                await self._activate(checked)
        except BundleRefusedError as refused:
            self._note_refusal(refused)
            return False
        self._live(checked, ConfigOrigin.CONTROL_PLANE, fetched.etag or CachedBundle(fetched.envelope).etag)
        self.note_answer()
        return True

    async def offer_staged(self, fetched: FetchedBundle) -> bool:
        """Try a release on its test contacts, or say why not. Never raises; the live one is not touched."""
        try:
            floor = await self._floor()
            checked = await self._check(CachedBundle(fetched.envelope), floor)
            if checked.bundle.staged is None or checked.bundle.serial <= floor.serial:
                await checked.release.discard()
                reason = "A release that is no trial was served as one."
                raise BundleRefusedError("not_staged", reason, checked.bundle.serial)
            await self._write(lambda: self._cache.store_staged(fetched.envelope), checked)
        except BundleRefusedError as refused:
            self._note_refusal(refused, "The staged release was refused: ")
            return False
        await checked.release.stage()
        log.info("bundle %d is tried", checked.bundle.serial, extra={"serial": checked.bundle.serial})
        return True

    async def drop_staged(self) -> int | None:
        """Put the trial away; its serial, ``None`` when there was none."""
        serial = self.staged_serial
        self._configs.drop_staged()
        await asyncio.to_thread(self._cache.drop_staged)
        return serial

    def note_answer(self) -> None:
        """The control plane gave a usable answer just now."""
        self.status = replace(self.status, fetched_at=self._clock.now(), last_error=None, last_refusal=None)

    def note_fault(self, code: str, reason: str, refused_serial: int | None = None) -> None:
        """Remember why there is no newer bundle; logged when it is news."""
        before = self.status.last_error
        self.status = replace(self.status, last_error=BundleFault(code, reason, self._clock.now(), refused_serial))
        if before is None or before.code != code:
            log.warning("no new bundle: %s", reason, extra={"code": code, "serial": self.status.serial})

    def _note_refusal(self, refused: BundleRefusedError, which: str = "") -> None:
        self.note_fault(refused.code, which + refused.reason, refused.serial)
        self.status = replace(self.status, last_refusal=self.status.last_error)

    async def _check(self, found: CachedBundle, floor: Floor) -> Checked:
        serial: int | None = None
        try:
            bundle = self._trust.open(found.envelope, floor)
            serial = bundle.serial
            config = self._trust.config(bundle, found.again)
            remembered = await recall(self._values)
            told = replace(config, people_in_flight={**remembered.words, **bundle.people_in_flight})
            return Checked(bundle, config, await self._prepare(told))
        except (BundleError, SecretError, ReleaseError) as error:
            raise BundleRefusedError(error.code, str(error), serial) from error
        except ConfigurationError as error:
            raise BundleRefusedError("bad_keys_file", str(error), serial) from error
        except (OSError, UnicodeDecodeError) as error:
            reason = f"A keys file cannot be read ({type(error).__name__})."
            raise BundleRefusedError("bad_keys_file", reason, serial) from error
        except StoreUnavailableError as error:
            raise BundleRefusedError("persist_failed", "The store cannot be read now.", serial) from error
        except Exception as error:
            # A defect of ours on one bundle must neither end the polling nor keep a fixed release out.
            log.exception("a bundle could not be prepared")
            reason = f"The bundle could not be prepared ({type(error).__name__}); see the log."
            raise BundleRefusedError("internal_error", reason, serial) from error

    async def _floor(self) -> Floor:
        try:
            return await read_floor(self._values)
        except StoreUnavailableError as error:
            raise BundleRefusedError("persist_failed", "The store cannot be read now.") from error

    async def _keep(self, envelope: bytes, checked: Checked) -> None:
        remembered = await self._what_stays(checked)
        serial, release = checked.bundle.serial, checked.release
        # The live one compiles for sure; another that opens may be one that this build makes nothing of.
        live = frozenset() if self.status.serial is None else frozenset({self.status.serial})
        stay = remembered.older.keys() | live

        def write() -> None:
            # Before the new one is there: once it is reported, the key that opens those before it may go.
            open_with_key_of(checked.bundle, self._cache, self._trust)
            self._cache.store(envelope, serial, stay=stay, opens=lambda kept: still_opens(kept, self._trust))

        await self._write(write, checked)
        try:
            await raise_floor(self._values, Floor(serial, checked.bundle.digest))
            await remember(self._values, remembered)
        except StoreUnavailableError as error:
            await release.discard()
            raise BundleRefusedError("persist_failed", "The store cannot be written now.", serial) from error

    async def _what_stays(self, checked: Checked) -> Remembered:
        """Which older releases and words outlive the coming swap, as the holder will decide it."""
        words = checked.release.people_in_flight
        if not any(word.do is WhatToDo.FINISH for word in words.values()):
            return Remembered({}, words)
        older = {serial: release.replaced_at for serial, release in self._configs.held.older.items()}
        live = self._configs.current
        if live is not None and not self._is_new_knowledge(checked.config):
            older[live.serial] = self._clock.now()
        newest = sorted(older, key=lambda serial: older[serial])[-MOST_OLDER:]
        return Remembered({serial: older[serial] for serial in newest}, words)

    async def _write(self, write: Callable[[], None], checked: Checked) -> None:
        try:
            await asyncio.to_thread(write)
        except OSError as error:
            await checked.release.discard()
            reason = f"The bundle cannot be kept on disk ({type(error).__name__}); the old one stays live."
            raise BundleRefusedError("persist_failed", reason, checked.bundle.serial) from error

    async def _activate(self, checked: Checked) -> None:
        serial, tried = checked.bundle.serial, self.staged_serial
        if self._is_new_knowledge(checked.config):
            await checked.release.activate_knowledge()
        else:
            await checked.release.activate()
        self._live_print = LivePrint.of(checked.config)
        if tried is not None and self.staged_serial is None:
            await asyncio.to_thread(self._cache.drop_staged)
        log.info("bundle %d is live", serial, extra={"serial": serial})

    def _is_new_knowledge(self, config: TenantConfig) -> bool:
        """Whether it says what the live one says, but for the document that answers are taken from."""
        live, now = self._live_print, LivePrint.of(config)
        return live is not None and live.knowledge != now.knowledge and live.rest == now.rest

    async def _take_up_others(self) -> None:
        """After a restart: the releases that people finish on, and the one that is tried."""
        try:
            remembered = await recall(self._values)
        except StoreUnavailableError:
            remembered = Remembered()
        for serial, replaced_at in remembered.older.items():
            if serial == self.status.serial:
                continue
            cached = await asyncio.to_thread(self._cache.load_serial, serial)
            checked = None if cached is None else await self._checked_or_none(cached)
            if checked is not None:
                await checked.release.keep_older(replaced_at)
        staged = await asyncio.to_thread(self._cache.load_staged)
        checked = None if staged is None else await self._checked_or_none(staged)
        if checked is not None and checked.bundle.serial > (self.status.serial or 0):
            await checked.release.stage()
        elif checked is not None:
            await checked.release.discard()

    async def _checked_or_none(self, cached: CachedBundle) -> Checked | None:
        try:
            return await self._check(cached, Floor())
        except BundleRefusedError as refused:
            log.warning("a kept release is not taken up again: %s", refused.reason, extra={"code": refused.code})
            return None

    def _live(self, checked: Checked, origin: ConfigOrigin, etag: str) -> None:
        """Remember what is live. The tag is always the *activated* bundle's, so a refused one is offered again."""
        bundle = checked.bundle
        if bundle.digest != self.status.digest:
            self.status = replace(self.status, serial=bundle.serial, digest=bundle.digest, origin=origin)
        self.etag = etag
