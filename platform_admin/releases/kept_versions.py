"""The kept versions of a conversation, an FAQ, or hours and services: listed, compared, taken back into the draft."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import assert_never

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.business import actions as business
from platform_admin.business.models import BusinessDraft, BusinessVersion
from platform_admin.business.queries import draft_of
from platform_admin.changes import Change, business_changes, flow_changes, knowledge_changes
from platform_admin.credentials.queries import credential_fields
from platform_admin.errors import NotThereError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import FlowDraft, FlowVersion
from platform_admin.flows.queries import main_flow
from platform_admin.knowledge import actions as knowledge
from platform_admin.knowledge.models import KnowledgeDocument, KnowledgeVersion
from platform_admin.knowledge.queries import document_of
from platform_admin.releases.archive.lost_draft import LostDraft, lost_business, lost_conversation, lost_faq
from platform_admin.releases.callable_operations import surroundings_of
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.actor import Actor
from platform_admin.tenants.models import Tenant

type Version = FlowVersion | KnowledgeVersion | BusinessVersion
type Draft = FlowDraft | KnowledgeDocument | BusinessDraft


class Kind(StrEnum):
    """What has versions, by the name of the page on which it is written."""

    CONVERSATION = "conversation"
    FAQ = "faq"
    HOURS = "hours"


def versions_of(tenant: Tenant, kind: Kind) -> QuerySet[Version]:
    """Newest first, their texts left in the database. Those of the conversation that releases are made from."""
    match kind:
        case Kind.CONVERSATION:
            rows = FlowVersion.objects.for_tenant(tenant).filter(flow=main_flow(tenant))
            return rows.defer("source", "program", "cases").select_related("created_by")
        case Kind.FAQ:
            return KnowledgeVersion.objects.for_tenant(tenant).defer("markdown").select_related("created_by")
        case Kind.HOURS:
            return BusinessVersion.objects.for_tenant(tenant).defer("document").select_related("created_by")
        case _:
            assert_never(kind)


def version_of(tenant: Tenant, kind: Kind, number: int) -> Version:
    """Raises ``NotThereError``."""
    found = versions_of(tenant, kind).defer(None).filter(number=number).first()
    if found is None:
        raise NotThereError(_("There is no version %(number)s.") % {"number": number})
    return found


def draft_to_replace(tenant: Tenant, kind: Kind) -> Draft | None:
    """``None`` while nothing is written."""
    match kind:
        case Kind.CONVERSATION:
            rows = FlowDraft.objects.for_tenant(tenant).select_related("updated_by", "flow")
            return rows.filter(flow=main_flow(tenant)).first()
        case Kind.FAQ:
            return document_of(tenant)
        case Kind.HOURS:
            return draft_of(tenant)
        case _:
            assert_never(kind)


def changes_to(old: Version | Draft | None, new: Version | Draft | None, kind: Kind) -> tuple[Change, ...]:
    """What somebody would notice who had ``old`` and gets ``new``; a draft that is not there is an empty one."""
    match kind:
        case Kind.CONVERSATION:
            return flow_changes(_text(old), _text(new))
        case Kind.FAQ:
            return knowledge_changes(_text(old), _text(new))
        case Kind.HOURS:
            return business_changes(_document(old), _document(new))
        case _:
            assert_never(kind)


def lost_by(version: Version) -> Iterator[LostDraft]:
    """Work in the draft that no version holds, and that taking ``version`` back would write over."""
    match version:
        case FlowVersion():
            yield from lost_conversation(version.flow, version.source)
        case KnowledgeVersion():
            yield from lost_faq(version.tenant, version.markdown)
        case BusinessVersion():
            yield from lost_business(version.tenant, version.document)


def take_back(*, version: Version, by: Actor, over_revision: int | None = None) -> None:
    """The draft becomes what the version says; nothing is published.

    ``over_revision`` is the revision of the draft that was looked at; ``EditConflictError`` when somebody saved since.
    """
    match version:
        case FlowVersion():
            known = surroundings_of(settings_of(version.tenant).document, credential_fields(version.tenant))
            flows.revert(version=version, by=by, over_revision=over_revision, against=known)
        case KnowledgeVersion():
            knowledge.revert(version=version, by=by, over_revision=over_revision)
        case BusinessVersion():
            business.revert(version=version, by=by, over_revision=over_revision)


def _text(of: Version | Draft | None) -> str:
    match of:
        case FlowVersion():
            return of.source
        case FlowDraft():
            return of.text
        case KnowledgeVersion():
            return of.markdown
        case KnowledgeDocument():
            return of.draft
        case _:
            return ""


def _document(of: Version | Draft | None) -> JSONObject:
    return dict(of.document) if isinstance(of, BusinessVersion | BusinessDraft) else {}
