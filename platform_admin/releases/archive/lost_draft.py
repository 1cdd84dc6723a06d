"""Work that stands in a draft and nowhere else, and that importing would write over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from flow_engine.vocabulary import JSONObject
from platform_admin.business.models import BusinessVersion
from platform_admin.business.queries import draft_of
from platform_admin.business.reading import check_business
from platform_admin.changes import Area
from platform_admin.flows.models import Flow, FlowDraft, FlowVersion
from platform_admin.knowledge.models import KnowledgeVersion
from platform_admin.knowledge.queries import document_of
from platform_admin.tenants.models import Tenant

_PARTS: Final[dict[Area, str | Promise]] = {
    Area.CONVERSATION: gettext_lazy("the conversation"),
    Area.FAQ: gettext_lazy("the FAQ"),
    Area.BUSINESS: gettext_lazy("hours and services"),
}


@dataclass(frozen=True, slots=True)
class LostDraft:
    """``who`` saved it last, ``None`` for a command on the server. ``name`` is that of a conversation."""

    area: Area
    who: str | None
    at: datetime
    name: str = ""

    def in_words(self) -> str:
        """In the active language."""
        part = f"{_PARTS[self.area]} {self.name}".strip()
        who = self.who or _("somebody with access to the server")
        when = date_format(timezone.localtime(self.at), "SHORT_DATETIME_FORMAT")
        words = _("What %(who)s saved in %(part)s at %(when)s is in no release and would be lost.")
        return words % {"who": who, "part": part, "when": when}

    def to_json(self) -> JSONObject:
        return {"area": str(self.area), "name": self.name, "who": self.who, "at": self.at.isoformat()}


def lost_conversation(flow: Flow, text: str) -> Iterator[LostDraft]:
    rows = FlowDraft.objects.for_tenant(flow.tenant).select_related("updated_by")
    draft = rows.filter(flow=flow).first()
    if draft is None or not draft.text.strip() or draft.text == text:
        return
    if not FlowVersion.objects.for_tenant(flow.tenant).filter(flow=flow, source=draft.text).exists():
        yield LostDraft(Area.CONVERSATION, _name(draft.updated_by), draft.updated_at, flow.name)


def lost_faq(tenant: Tenant, markdown: str) -> Iterator[LostDraft]:
    document = document_of(tenant)
    if document is None or not document.draft.strip() or document.draft == markdown:
        return
    if not KnowledgeVersion.objects.for_tenant(tenant).filter(markdown=document.draft).exists():
        yield LostDraft(Area.FAQ, _name(document.updated_by), document.updated_at)


def lost_business(tenant: Tenant, wanted: JSONObject) -> Iterator[LostDraft]:
    draft = draft_of(tenant)
    if draft is None or not draft.document or draft.document == wanted:
        return
    reading = check_business(draft.document)
    written = draft.document if reading.document is None else reading.document.to_json()
    # Databases compare JSON each in its own way; a business has few versions, and they are short.
    kept = BusinessVersion.objects.for_tenant(tenant).values_list("document", flat=True)
    if written != wanted and written not in kept:
        yield LostDraft(Area.BUSINESS, _name(draft.updated_by), draft.updated_at)


def _name(person: object) -> str | None:
    return None if person is None else str(person)
