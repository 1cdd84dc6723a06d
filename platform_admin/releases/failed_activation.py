"""A runtime could not activate the live release: the release before it goes out again, by itself.

Only for faults that lie in the content. A bundle that is refused for its signature, its tenant or its serial would be
refused in the next wrapping too, and says something about keys or machines instead.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from platform_admin.errors import ControlPlaneError
from platform_admin.observability.incidents import open_incident
from platform_admin.observability.report_document import Heartbeat
from platform_admin.observability.watch import RELEASE_REFUSED
from platform_admin.releases.actions import rollback
from platform_admin.releases.models import Release
from platform_admin.releases.queries import live_release
from platform_admin.tenants.actor import CommandActor
from platform_admin.tenants.models import Tenant

log = logging.getLogger(__name__)

NOT_THE_CONTENT: Final = frozenset(
    {
        "bad_signature",
        "foreign_tenant",
        "foreign_secret",
        "malformed",
        "rollback",
        "serial_reuse",
        "too_large",
        "unknown_key",
        "unsigned",
        "unsupported_type",
        "store_unavailable",
    }
)
"""Refusal codes of a runtime that going back would not cure."""

WITHIN: Final = timedelta(hours=24)
"""A release that was live for a day and is refused now did not break it; a person should look."""

BY: Final = CommandActor("automatic rollback")


def go_back_if_refused(*, tenant: Tenant, beat: Heartbeat, now: datetime) -> Release | None:
    """The release that replaces the refused one, or ``None`` when there is nothing to do by itself."""
    live, refusal = live_release(tenant), beat.refusal
    if live is None or refusal is None or beat.serial == live.serial:
        return None
    about_another = refusal.serial is not None and refusal.serial != live.serial
    if about_another:
        return None
    open_incident(tenant=tenant, kind=RELEASE_REFUSED, detail=f"{live.serial}, {refusal.reason}", at=now)
    running = beat.serial
    if (
        refusal.code in NOT_THE_CONTENT
        or running is None
        or running > live.serial
        or live.rolled_back_to_id is not None  # one step back by itself; a second one is for a person
        or now - live.created_at > WITHIN
    ):
        return None
    try:
        return rollback(tenant=tenant, to_serial=running, by=BY, note=f"Release {live.serial} was refused")
    except ControlPlaneError as error:
        log.warning("going back to release %s of %s failed: %s", running, tenant.slug, error.message)
        return None
