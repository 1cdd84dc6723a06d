"""One check of a connection, and what it works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from connectors.whatsapp.management_client import ManagementClient
from flow_engine.vocabulary import JSONObject
from platform_admin.whatsapp.checks.finding import Finding
from platform_admin.whatsapp.numbers import Number


@dataclass(frozen=True, slots=True)
class Connection:
    """A number and the way to it. ``callback_url`` is the tenant's public address for WhatsApp, where it is told.

    ``app_secret`` and ``verify_token`` are the stored ones, empty where there are none.
    """

    number: Number
    graph: ManagementClient
    callback_url: str | None
    app_secret: str
    verify_token: str
    now: datetime

    @property
    def waba_id(self) -> str:
        return self.number.waba_id or ""


@dataclass(frozen=True, slots=True)
class Check:
    """``look`` changes nothing; ``mend`` puts right what it found, where it can. Both raise ``ManagementError``.

    ``stuck`` says, where it is known, what usually keeps it from being mended.
    """

    code: str
    title: str | Promise
    look: Callable[[Connection], Finding]
    mend: Callable[[Connection], None] | None = None
    stuck: str = ""


@dataclass(frozen=True, slots=True)
class CheckResult:
    check: Check
    finding: Finding
    mended: bool = False

    def to_json(self) -> JSONObject:
        return {
            "code": self.check.code,
            "title": str(self.check.title),
            "ok": self.finding.is_good,
            "warning": self.finding.is_warning,
            "mended": self.mended,
            "detail": self.finding.detail,
        }
