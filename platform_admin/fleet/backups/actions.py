"""The verbs of backups: make a copy of one tenant beside its running runtime, put one back, drop what is too old."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from platform_admin.errors import ConflictError
from platform_admin.fleet.backups.by_runtime import CopiesByRuntime
from platform_admin.fleet.backups.preparing import chosen_copy, prepared_copy
from platform_admin.fleet.backups.retention import superfluous
from platform_admin.fleet.backups.store import BackupStore, CopyName
from platform_admin.fleet.driver import StateAccess, WantedRuntime
from platform_admin.fleet.models import Deployment
from platform_admin.privacy.actions import erase_again
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator


def back_up(
    deployment: Deployment, *, states: StateAccess | CopiesByRuntime, store: BackupStore, now: datetime, by: Actor
) -> tuple[CopyName, Sequence[CopyName]]:
    """The copy that was made, and the older ones that were dropped for it.

    Raises:
        DriverError: the runtime's state cannot be copied.
        StoreError: the store refuses; nothing was dropped.
    """
    require_operator(by)
    name = CopyName(deployment.tenant.slug, now.replace(microsecond=0))
    if isinstance(states, CopiesByRuntime):
        states.back_up(deployment, name, store=store, by=by)
    else:
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
    states: StateAccess | CopiesByRuntime,
    store: BackupStore,
    by: Actor,
) -> CopyName:
    """Put the copy of ``time`` (``None``: the newest) in the place of the tenant's state, which is kept beside it.

    Whoever stands in the list of erasures of the newest copy, or on the volume, is erased again at once; whoever the
    control plane knows to have been erased since, when the runtime starts.

    Raises:
        ConflictError: the runtime is wanted running; two must never write one state.
        NotThereError: there is no such copy.
        DriverError: the copy is damaged, another tenant's or a newer version's, or the substrate refuses.
        StoreError: the store refuses.
    """
    require_operator(by)
    slug = deployment.tenant.slug
    refuse_while_running(deployment)
    name = chosen_copy(store, slug, time=time)
    if isinstance(states, CopiesByRuntime):
        states.restore(wanted, name)
    else:
        with tempfile.TemporaryDirectory(prefix="frontdesk-copy-") as work:
            states.restore(wanted, prepared_copy(store, name, Path(work)))
    # What neither list can know: erasures that came after the newest copy. The runtime hears of them as it starts.
    erase_again(tenant=deployment.tenant, since=name.at, by=by)
    audit.record(by=by, verb="restored copy", subject=slug, tenant=deployment.tenant, details={"copy": name.time})
    return name


def refuse_while_running(deployment: Deployment) -> None:
    """Return if nothing of the tenant is wanted running or was seen to run, else raise ``ConflictError``."""
    slug = deployment.tenant.slug
    if deployment.desired == Deployment.Desired.RUNNING or deployment.seen == Deployment.Seen.RUNNING:
        raise ConflictError(f"Stop {slug} first: manage.py fleet stop {slug}. Then restore, and deploy it again.")
