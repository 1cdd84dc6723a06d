"""The verbs of backups: make a copy of one tenant beside its running runtime, put one back, drop what is too old."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from platform_admin.errors import ConflictError, NotThereError
from platform_admin.fleet.backups.retention import superfluous
from platform_admin.fleet.backups.store import BackupStore, CopyName
from platform_admin.fleet.driver import StateAccess, WantedRuntime
from platform_admin.fleet.drivers.state_copy import with_erasures_of
from platform_admin.fleet.models import Deployment
from platform_admin.privacy.actions import erase_again
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator


def back_up(
    deployment: Deployment, *, states: StateAccess, store: BackupStore, now: datetime, by: Actor
) -> tuple[CopyName, Sequence[CopyName]]:
    """The copy that was made, and the older ones that were dropped for it.

    Raises:
        StateUnavailableError: the runtime's state cannot be copied.
        StoreError: the store refuses; nothing was dropped.
    """
    require_operator(by)
    name = CopyName(deployment.tenant.slug, now.replace(microsecond=0))
    with tempfile.TemporaryDirectory(prefix="frontdesk-copy-") as work:
        file = Path(work) / "copy.tar.gz"
        states.back_up(deployment.tenant.slug, file)
        store.put(name, file)
    dropped = superfluous(store.copies(name.tenant), now=now)
    for old in dropped:
        store.delete(old)
    return name, dropped


def restore(
    deployment: Deployment,
    wanted: WantedRuntime,
    *,
    time: str | None,
    states: StateAccess,
    store: BackupStore,
    by: Actor,
) -> CopyName:
    """Put the copy of ``time`` (``None``: the newest) in the place of the tenant's state, which is kept beside it.

    Whoever stands in the list of erasures of the newest copy, or on the volume, is erased again at once; whoever the
    control plane knows to have been erased since, when the runtime starts.

    Raises:
        ConflictError: the runtime is wanted running; two must never write one state.
        NotThereError: there is no such copy.
        StateUnavailableError: the copy is damaged, another tenant's or a newer version's.
        StoreError: the store refuses.
    """
    require_operator(by)
    slug = deployment.tenant.slug
    if deployment.desired == Deployment.Desired.RUNNING or deployment.seen == Deployment.Seen.RUNNING:
        raise ConflictError(f"Stop {slug} first: manage.py fleet stop {slug}. Then restore, and deploy it again.")
    copies = store.copies(slug)
    chosen = [copy for copy in copies if time is None or copy.time == time]
    if not chosen:
        raise NotThereError(f"There is no copy of {slug}{f' from {time}' if time else ''}. See: fleet copies {slug}")
    name = chosen[-1]
    with tempfile.TemporaryDirectory(prefix="frontdesk-copy-") as work:
        source, newest = Path(work) / "copy.tar.gz", Path(work) / "newest.tar.gz"
        store.fetch(name, source)
        if copies[-1] != name:
            store.fetch(copies[-1], newest)
            source = with_erasures_of(newest, source, tenant=slug)
        states.restore(wanted, source)
    # What neither list can know: erasures that came after the newest copy. The runtime hears of them as it starts.
    erase_again(tenant=deployment.tenant, since=name.at, by=by)
    audit.record(by=by, verb="restored copy", subject=slug, tenant=deployment.tenant, details={"copy": name.time})
    return name
