"""The set-up checks of a number one by one, each kept as it is made: a page shows them meanwhile and afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone as clock
from django.utils.translation import gettext_noop

from flow_engine.vocabulary import JSONObject
from platform_admin.credentials.purpose import Purpose
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Role, Tenant
from platform_admin.whatsapp.checks import CHECKS, Check, CheckResult, Connection, run_check
from platform_admin.whatsapp.checks.finding import Finding, Said
from platform_admin.whatsapp.graph import APP_SECRET, TOKEN, VERIFY_TOKEN, open_graph, secrets_of
from platform_admin.whatsapp.models import SetUpCheck
from platform_admin.whatsapp.numbers import Number
from platform_admin.whatsapp.public_address import webhook_address

WAITING: Final = "waiting"
GIVEN_UP: Final = timedelta(minutes=3)
"""No check takes this long (a few calls of 15 s at most); whoever made it is gone, and it waits again."""
_FIRST: Final = CHECKS[0]
"""The access token. Without a good one every other check would say the same."""
_NO_TOKEN: Final = gettext_noop("No access token is stored. Make one of a system user at Meta, and enter it.")
_SETTLED: Final = (SetUpCheck.State.GOOD, SetUpCheck.State.MENDED, SetUpCheck.State.WARNING)


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check as it stands. ``state`` is ``WAITING`` or one of ``SetUpCheck.State``; ``detail`` for the reader."""

    code: str
    title: str
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class SetUp:
    """One number with all its checks, in their order."""

    number: Number
    lines: tuple[CheckLine, ...]

    @property
    def good(self) -> int:
        return sum(line.state in _SETTLED for line in self.lines)

    @property
    def faults(self) -> int:
        return sum(line.state == SetUpCheck.State.FAULT for line in self.lines)

    @property
    def is_complete(self) -> bool:
        return self.good == len(self.lines)


def set_ups(tenant: Tenant, numbers: Iterable[Number], *, now: datetime) -> list[SetUp]:
    """How far each of ``numbers`` is, by one query."""
    rows = {(row.phone_number_id, row.code): row for row in SetUpCheck.objects.for_tenant(tenant)}
    return [
        SetUp(one, tuple(_line(check, rows.get((one.phone_number_id, check.code)), now) for check in CHECKS))
        for one in numbers
    ]


def begin(*, number: Number, by: Actor) -> None:
    """Every check waits to be made anew. Needs an owner: making them sets at Meta what is missing."""
    require_role(by, tenant=number.tenant, role=Role.OWNER)
    SetUpCheck.objects.for_tenant(number.tenant).filter(phone_number_id=number.phone_number_id).delete()
    audit.record(by=by, verb="checked WhatsApp number", subject=number.phone_number_id, tenant=number.tenant)


def make_check(*, number: Number, check: Check, by: Actor) -> None:
    """Make one check, put right what can be, and keep what came of it. Only the first while the token is not good."""
    require_role(by, tenant=number.tenant, role=Role.OWNER)
    rows = SetUpCheck.objects.for_tenant(number.tenant).filter(phone_number_id=number.phone_number_id)
    if check is not _FIRST and not rows.filter(code=_FIRST.code, state__in=_SETTLED).exists():
        return
    _keep(number, check, SetUpCheck.State.RUNNING, Finding(is_good=False, said=()))
    result = _make(number, check, by)
    _keep(number, check, _state_of(result), result.finding)
    if result.mended:
        details: JSONObject = {"check": check.code}
        audit.record(
            by=by,
            verb="set up WhatsApp",
            subject=number.phone_number_id,
            tenant=number.tenant,
            details=details,
            before={"good": False},
            after={"good": result.finding.is_good},
        )


def make_all(*, number: Number, by: Actor) -> None:
    """From the first to the last. Each is kept as soon as it is made."""
    begin(number=number, by=by)
    for check in CHECKS:
        make_check(number=number, check=check, by=by)


def _make(number: Number, check: Check, by: Actor) -> CheckResult:
    tenant, now = number.tenant, clock.now()
    stored = secrets_of(number, purpose=Purpose.PROBE, by=by)
    if not stored.get(TOKEN):
        return CheckResult(check, Finding.fault(_NO_TOKEN))
    with open_graph(number, stored) as graph:
        connection = Connection(
            number=number,
            graph=graph,
            callback_url=webhook_address(tenant),
            app_secret=stored.get(APP_SECRET, ""),
            verify_token=stored.get(VERIFY_TOKEN, ""),
            now=now,
        )
        return run_check(check, connection, mend=True)


def _keep(number: Number, check: Check, state: SetUpCheck.State, finding: Finding) -> None:
    SetUpCheck.objects.for_tenant(number.tenant).update_or_create(
        tenant=number.tenant,
        phone_number_id=number.phone_number_id,
        code=check.code,
        defaults={"state": state, "said": [[said.words, {**said.values}] for said in finding.said], "at": clock.now()},
    )


def _state_of(result: CheckResult) -> SetUpCheck.State:
    if not result.finding.is_good:
        return SetUpCheck.State.FAULT
    if result.finding.is_warning:
        return SetUpCheck.State.WARNING
    return SetUpCheck.State.MENDED if result.mended else SetUpCheck.State.GOOD


def _line(check: Check, row: SetUpCheck | None, now: datetime) -> CheckLine:
    is_gone = row is not None and row.state == SetUpCheck.State.RUNNING and row.at < now - GIVEN_UP
    if row is None or is_gone:
        return CheckLine(check.code, str(check.title), WAITING, "")
    detail = " ".join(str(Said(words, values)) for words, values in row.said)
    return CheckLine(check.code, str(check.title), row.state, detail)
