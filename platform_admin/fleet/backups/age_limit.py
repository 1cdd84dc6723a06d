"""Copies that are too old go by themselves: a tenant that is not copied any more, or was removed, has some as well."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final

from platform_admin.fleet.backups.retention import past
from platform_admin.fleet.backups.store import BackupStore, StoreError
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.retention import COPIES, days_kept

EVERY: Final = timedelta(hours=6)
"""Ages are counted in days; a runtime's own copies are looked at as often."""

ABANDONED: Final = timedelta(days=1)
"""Since a copy was last written to, or in a bucket begun. The largest that a control plane takes in, 2 GiB, is there
within it at 25 KB a second; whoever is slower is not at work."""

log = logging.getLogger(__name__)


def kept_by_tenant() -> dict[str, timedelta]:
    """How long each tenant's copies are kept, those of a deleted one too: its slug is never given away again."""
    tenants = Tenant.objects.select_related("settings")
    return {tenant.slug: timedelta(days=days_kept(tenant, COPIES)) for tenant in tenants}


def forget_old_copies(store: BackupStore, kept: Mapping[str, timedelta], *, now: datetime) -> int:
    """Delete what is older than its tenant's limit; how many. Copies of whom nobody knows are left alone.

    Raises:
        StoreError: the store refuses; what was not deleted is the next look's.
    """
    forgotten = 0
    for tenant, copies in groupby(store.everything(), key=lambda copy: copy.tenant):
        if tenant in kept:
            for copy in past(list(copies), now=now, kept=kept[tenant]):
                store.delete(copy)
                forgotten += 1
    return forgotten


class AgeLimit:
    """Looks at once and then every six hours, beside the passes: a store of many copies takes minutes to list."""

    def __init__(
        self, store: Callable[[], BackupStore], *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store = store
        self._now = now
        self._next: datetime | None = None
        self._thread: threading.Thread | None = None

    def see_to(self) -> None:
        """Begin a look where one is due. To be called again and again. Raises ``django.db.Error``."""
        now = self._now()
        if (self._next is not None and now < self._next) or (self._thread is not None and self._thread.is_alive()):
            return
        kept = kept_by_tenant()  # here: a thread of its own would have a database session of its own
        self._next = now + EVERY
        self._thread = threading.Thread(target=self._look, args=(kept, now), name="age limit of copies", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until the look that was begun is over."""
        if self._thread is not None:
            self._thread.join()

    def _look(self, kept: Mapping[str, timedelta], now: datetime) -> None:
        try:
            store = self._store()
            forgotten = forget_old_copies(store, kept, now=now)
        except StoreError as error:
            log.warning("copies that are too old are still there: %s", error)
            return
        if forgotten:
            log.info("%d copies were kept long enough and are deleted", forgotten)
        try:
            cleared = store.clear_unfinished(kept.keys(), before=now - ABANDONED)
        except StoreError as error:  # to list them may be a right of its own
            log.warning("copies that were never finished are still there: %s", error)
            return
        if cleared:
            log.info("%d copies were never finished and are deleted", cleared)
