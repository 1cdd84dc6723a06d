"""Everything ``doctor`` looks at, as two lists: once for the platform, and once for each tenant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from platform_admin.doctor.checks.bundle import bundle
from platform_admin.doctor.checks.connectors import connectors
from platform_admin.doctor.checks.database import database
from platform_admin.doctor.checks.erasures import erasures
from platform_admin.doctor.checks.keys import credentials, stored_secrets, tokens
from platform_admin.doctor.checks.signing import signing
from platform_admin.doctor.checks.traffic import clock, last_inbound, quota
from platform_admin.doctor.checks.whatsapp import whatsapp
from platform_admin.doctor.checks.worker import worker
from platform_admin.doctor.finding import Finding
from platform_admin.observability.standing import Standing

PLATFORM_CHECKS: Final[dict[str, Callable[[datetime], Finding]]] = {
    "database": database,
    "signing key": signing,
    "stored secrets": stored_secrets,
    "worker": worker,
    "erasures": erasures,
}

TENANT_CHECKS: Final[dict[str, Callable[[Standing], Iterable[Finding]]]] = {
    "bundle": bundle,
    "clock": clock,
    "last message": last_inbound,
    "quota": quota,
    "tokens": tokens,
    "credentials": credentials,
    "connectors": connectors,
    "whatsapp": whatsapp,
}
