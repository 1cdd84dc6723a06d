"""The verbs of backups: make a copy of one tenant beside its running runtime, put one back, drop what is too old."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
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
from platform_admin.tenants.retention import COPIES, days_kept


def back_up(
    deployment: Deployment, *, states: StateAccess | CopiesByRuntime, store: BackupStore, now: datetime, by: Actor
) -> tuple[CopyName, Sequence[CopyName]]:
    """The copy that was made, and the older ones that were dropped for it.

    Raises:
        ConflictError: the runtime is wanted gone.
        DriverError: the runtime's state cannot be copied.
        StoreError: the store refuses; nothing was dropped.
    """
    require_operator(by)
    refuse_while_removed(deployment)
    name = CopyName(deployment.tenant.slug, now.replace(microsecond=0))
    if isinstance(states, CopiesByRuntime):
        states.back_up(deployment, name, store=store, by=by)
    else:
        with tempfile.TemporaryDirectory(prefix="frontdesk-copy-") as work:
            file = Path(work) / "copy.tar.gz"
            states.back_up(deployment.tenant.slug, file)
            store.put(name, file)
    oldest = timedelta(days=days_kept(deployment.tenant, COPIES))
    dropped = superfluous(store.copies(name.tenant), now=now, oldest=oldest)
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
    control plane knows to have been erased since, when the runtime starts: that is asked for before anything is put
    back, so that no failure of ours loses it; where nothing is put back after all, it finds nobody.

    Raises:
        ConflictError: the runtime is wanted running (two must never write one state) or gone.
        NotThereError: there is no such copy.
        DriverError: the copy is damaged, another tenant's or a newer version's, or the substrate refuses.
        StoreError: the store refuses.
    """
    require_operator(by)
    slug = deployment.tenant.slug
    refuse_while_running(deployment)
    name = chosen_copy(store, slug, time=time)
    # What neither list can know: erasures that came after the newest copy. The runtime hears of them as it starts.
    erase_again(tenant=deployment.tenant, since=name.at, by=by)
    if isinstance(states, CopiesByRuntime):
        states.restore(wanted, name)
    else:
        with tempfile.TemporaryDirectory(prefix="frontdesk-copy-") as work:
            states.restore(wanted, prepared_copy(store, name, Path(work)))
    audit.record(by=by, verb="restored copy", subject=slug, tenant=deployment.tenant, details={"copy": name.time})
    return name


def refuse_while_running(deployment: Deployment) -> None:
    """Return if the tenant is wanted stopped and was not seen to run, else raise ``ConflictError``."""
    refuse_while_removed(deployment)
    slug = deployment.tenant.slug
    if deployment.desired == Deployment.Desired.RUNNING:
        raise ConflictError(f"Stop {slug} first: manage.py fleet stop {slug}. Then restore, and deploy it again.")
    if deployment.seen in {Deployment.Seen.RUNNING, Deployment.Seen.RESTARTING}:
        raise ConflictError(f"{slug} is not seen stopped yet: its orchestrator gives it half a minute. Ask again then.")


def refuse_while_removed(deployment: Deployment) -> None:
    """The orchestrator's next pass takes away what a removed tenant is given. Raises ``ConflictError``."""
    if deployment.desired == Deployment.Desired.REMOVED:
        slug = deployment.tenant.slug
        raise ConflictError(f"{slug} is removed. Have it stopped instead: manage.py fleet stop {slug}. Then ask again.")
