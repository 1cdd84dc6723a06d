"""What each field of a delivery to the platform's address means, one function per field, one table.

Fields that are not in the table are kept with their delivery and mean nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from connectors.whatsapp.template_definition import APPROVED, language_code
from platform_admin.message_templates.actions import note_change
from platform_admin.message_templates.models import MessageTemplate
from platform_admin.observability.incidents import end_incident, open_incident
from platform_admin.tenants.models import Tenant
from platform_admin.whatsapp.alarms import ACCOUNT_ALERT, ACCOUNT_RESTRICTED, NUMBER_QUALITY, judge_template
from platform_admin.whatsapp.numbers import Number

_REINSTATED: Final = frozenset({"REINSTATE"})
_GRAVE_ACCOUNT_EVENTS: Final = frozenset(
    {"ACCOUNT_DELETED", "ACCOUNT_RESTRICTION", "ACCOUNT_VIOLATION", "DISABLED_UPDATE", "ACCOUNT_OFFBOARDED"}
)
_WORSE: Final = frozenset({"FLAGGED", "DOWNGRADE"})
_BETTER: Final = frozenset({"UNFLAGGED", "UPGRADE", "ONBOARDING"})
_GRAVE_ALERTS: Final = frozenset({"CRITICAL", "WARNING"})


@dataclass(frozen=True, slots=True)
class AppEvent:
    """One change for one tenant. ``numbers`` are the tenant's numbers of the account that it concerns."""

    tenant: Tenant
    numbers: tuple[Number, ...]
    waba_id: str
    value: Mapping[str, Any]
    at: datetime

    def text(self, key: str) -> str:
        """The value's text under ``key``; empty where something else stands."""
        found = self.value.get(key)
        return found if isinstance(found, str) else ""


def handle(field: str, event: AppEvent) -> None:
    """Do what the field asks for; nothing for one that means nothing here."""
    handler = HANDLERS.get(field)
    if handler is not None:
        handler(event)


def _template_status(event: AppEvent) -> None:
    """Some deliveries of a template's quality come under this field, too (seen in Meta's own example)."""
    if event.text("new_quality_score"):
        _template_quality(event)
    elif status := event.text("event"):
        reason = event.text("reason").removeprefix("NONE")
        _changed(event, status=status, reason=reason)


def _template_quality(event: AppEvent) -> None:
    _changed(event, quality=event.text("new_quality_score"))


def _template_category(event: AppEvent) -> None:
    if category := event.text("new_category"):
        _changed(event, category=category)


def _changed(event: AppEvent, **facts: str) -> None:
    """A template that was never fetched is judged all the same, by what is said here."""
    name, language = event.text("message_template_name"), language_code(event.text("message_template_language"))
    known = note_change(tenant=event.tenant, waba_id=event.waba_id, name=name, language=language, **facts)
    said = {"status": APPROVED, **facts}
    judge_template(known or MessageTemplate(tenant=event.tenant, name=name, language=language, **said), at=event.at)


def _number_quality(event: AppEvent) -> None:
    """Meta names the number as it is displayed, so the alarm is the tenant's as a whole."""
    what, number = event.text("event"), event.text("display_phone_number")
    if what in _WORSE:
        detail = f"{number} ({what.lower()}, {event.text('current_limit')})"
        open_incident(tenant=event.tenant, kind=NUMBER_QUALITY, detail=detail, at=event.at)
    elif what in _BETTER:
        end_incident(tenant=event.tenant, kind=NUMBER_QUALITY, at=event.at)


def _account(event: AppEvent) -> None:
    what, ban = event.text("event"), event.value.get("ban_info")
    state = ban.get("waba_ban_state") if isinstance(ban, dict) else None
    if state in _REINSTATED:
        end_incident(tenant=event.tenant, kind=ACCOUNT_RESTRICTED, at=event.at)
    elif what in _GRAVE_ACCOUNT_EVENTS:
        detail = f"{event.waba_id}, {what.lower().replace('_', ' ')}"
        open_incident(tenant=event.tenant, kind=ACCOUNT_RESTRICTED, detail=detail, at=event.at)


def _account_review(event: AppEvent) -> None:
    decision = event.text("decision")
    if decision == "REJECTED":
        detail = f"{event.waba_id}, rejected by its review"
        open_incident(tenant=event.tenant, kind=ACCOUNT_RESTRICTED, detail=detail, at=event.at)
    elif decision == "APPROVED":
        end_incident(tenant=event.tenant, kind=ACCOUNT_RESTRICTED, at=event.at)


def _account_alert(event: AppEvent) -> None:
    if event.text("alert_severity") in _GRAVE_ALERTS:
        detail = f"{event.text('alert_type').lower().replace('_', ' ')} {event.text('alert_description')}"
        open_incident(tenant=event.tenant, kind=ACCOUNT_ALERT, detail=detail.strip(), at=event.at)


HANDLERS: Final[Mapping[str, Callable[[AppEvent], object]]] = {
    "message_template_status_update": _template_status,
    "message_template_quality_update": _template_quality,
    "template_category_update": _template_category,
    "phone_number_quality_update": _number_quality,
    "account_update": _account,
    "account_review_update": _account_review,
    "account_alerts": _account_alert,
}
