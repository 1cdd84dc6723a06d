"""Which copy is meant, and that copy as a file in which everybody stands who was erased up to the newest one."""

from __future__ import annotations

from pathlib import Path

from platform_admin.errors import NotThereError
from platform_admin.fleet.backups.store import BackupStore, CopyName
from platform_admin.fleet.drivers.state_copy import with_erasures_of


def chosen_copy(store: BackupStore, tenant: str, *, time: str | None) -> CopyName:
    """The copy of ``time``, or the newest. Raises ``NotThereError``, ``StoreError``."""
    copies = [copy for copy in store.copies(tenant) if time is None or copy.time == time]
    if not copies:
        meant = f"{tenant} from {time}" if time else tenant
        raise NotThereError(f"There is no copy of {meant}. See: fleet copies {tenant}")
    return copies[-1]


def prepared_copy(store: BackupStore, name: CopyName, work: Path) -> Path:
    """The copy in ``work``, with the erasures of the newest one added to its own.

    Raises:
        NotThereError: it is there no more.
        StateUnavailableError: it, or the newest, is no copy or damaged.
        StoreError: the store refuses.
    """
    source, newest = work / "copy.tar.gz", chosen_copy(store, name.tenant, time=None)
    store.fetch(chosen_copy(store, name.tenant, time=name.time), source)
    if newest == name:
        return source
    later = work / "newest.tar.gz"
    store.fetch(newest, later)
    return with_erasures_of(later, source, tenant=name.tenant)
