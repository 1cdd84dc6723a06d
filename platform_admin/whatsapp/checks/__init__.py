"""Whether a tenant's WhatsApp number is set up, check by check. Each looks; some can mend what they find.

``CHECKS`` is in the order in which things depend on each other. ``connect_whatsapp`` looks, mends and looks again;
whoever only wants to know looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from connectors.whatsapp.management_client import ManagementError
from platform_admin.whatsapp.checks.account import account
from platform_admin.whatsapp.checks.app_secret import app_secret
from platform_admin.whatsapp.checks.callback import callback, set_callback
from platform_admin.whatsapp.checks.check import Check, CheckResult, Connection
from platform_admin.whatsapp.checks.finding import Finding
from platform_admin.whatsapp.checks.number import number
from platform_admin.whatsapp.checks.scopes import scopes
from platform_admin.whatsapp.checks.subscription import subscribe, subscription
from platform_admin.whatsapp.checks.templates import fetch, templates
from platform_admin.whatsapp.checks.token import token

__all__ = ["CHECKS", "Check", "CheckResult", "Connection", "Finding", "run_check", "run_checks"]

_NOT_MENDED: Final = gettext_noop("It could not be put right.")
_ASKED_FIRST: Final = gettext_noop(
    "WhatsApp asks that address for the word before it takes it: publish first, so that your bot knows the word."
)

CHECKS: Final[tuple[Check, ...]] = (
    Check("token", _("The access token is good"), token),
    Check("scopes", _("The token may do what is needed"), scopes),
    Check("app_secret", _("The stored app secret belongs to the token's app"), app_secret),
    Check("number", _("The number is there and connected"), number),
    Check("account", _("The number belongs to the account"), account),
    Check("subscription", _("The account's messages are delivered"), subscription, subscribe),
    Check("callback", _("They are delivered to the address of this business"), callback, set_callback, _ASKED_FIRST),
    Check("templates", _("The account's templates are known"), templates, fetch),
)


def run_checks(connection: Connection, *, mend: bool, checks: Sequence[Check] = CHECKS) -> list[CheckResult]:
    """Every check, whatever the ones before it said. Without ``mend`` nothing is changed."""
    return [run_check(check, connection, mend=mend) for check in checks]


def run_check(check: Check, connection: Connection, *, mend: bool) -> CheckResult:
    """One check: look, and with ``mend`` put right what can be, and look again."""
    finding = _look(check, connection)
    if finding.is_good or check.mend is None or not mend:
        return CheckResult(check, finding)
    try:
        check.mend(connection)
    except ManagementError as error:
        told = finding.and_also(Finding.fault(_NOT_MENDED)).and_also(Finding.failure(error))
        return CheckResult(check, told.and_also(Finding.fault(check.stuck)) if check.stuck else told)
    again = _look(check, connection)
    return CheckResult(check, again, mended=again.is_good)


def _look(check: Check, connection: Connection) -> Finding:
    try:
        return check.look(connection)
    except ManagementError as error:
        return Finding.failure(error)
