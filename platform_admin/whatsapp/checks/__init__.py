"""Whether a tenant's WhatsApp number is set up, check by check. Each looks; some can mend what they find.

``CHECKS`` is in the order in which things depend on each other. ``connect_whatsapp`` looks, mends and looks again;
whoever only wants to know looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from connectors.whatsapp.management_client import ManagementError
from platform_admin.whatsapp.checks.account import account
from platform_admin.whatsapp.checks.app_secret import app_secret
from platform_admin.whatsapp.checks.callback import callback, set_callback
from platform_admin.whatsapp.checks.check import Check, CheckResult, Connection, Finding
from platform_admin.whatsapp.checks.number import number
from platform_admin.whatsapp.checks.scopes import scopes
from platform_admin.whatsapp.checks.subscription import subscribe, subscription
from platform_admin.whatsapp.checks.templates import fetch, templates
from platform_admin.whatsapp.checks.token import token

__all__ = ["CHECKS", "Check", "CheckResult", "Connection", "Finding", "run_checks"]

CHECKS: Final[tuple[Check, ...]] = (
    Check("token", "The access token is good", token),
    Check("scopes", "The token may do what is needed", scopes),
    Check("app_secret", "The stored app secret belongs to the token's app", app_secret),
    Check("number", "The number is there and connected", number),
    Check("account", "The number belongs to the account", account),
    Check("subscription", "The account's messages are delivered", subscription, subscribe),
    Check("callback", "They are delivered to this tenant's address", callback, set_callback),
    Check("templates", "The account's templates are known", templates, fetch),
)


def run_checks(connection: Connection, *, mend: bool, checks: Sequence[Check] = CHECKS) -> list[CheckResult]:
    """Every check, whatever the ones before it said. Without ``mend`` nothing is changed."""
    return [_run(check, connection, mend=mend) for check in checks]


def _run(check: Check, connection: Connection, *, mend: bool) -> CheckResult:
    finding = _look(check, connection)
    if finding.is_good or check.mend is None or not mend:
        return CheckResult(check, finding)
    try:
        check.mend(connection)
    except ManagementError as error:
        return CheckResult(check, Finding.fault(f"{finding.detail} It could not be mended: {error.message}"))
    again = _look(check, connection)
    return CheckResult(check, again, mended=again.is_good)


def _look(check: Check, connection: Connection) -> Finding:
    try:
        return check.look(connection)
    except ManagementError as error:
        return Finding.fault(error.message)
