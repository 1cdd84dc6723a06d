"""What a release, or what is written now, changes against another one."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from platform_admin.changes import Change, business_changes, flow_changes, knowledge_changes, settings_changes
from platform_admin.flows.models import FlowVersion
from platform_admin.knowledge.models import KnowledgeVersion
from platform_admin.releases.models import Release
from platform_admin.releases.queries import live_release
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.sources import Sources, read_written
from platform_admin.tenants.models import Tenant


def changes_between(old: Release, new: Release) -> tuple[Change, ...]:
    """In the order people think of them: conversation, FAQ, business, settings."""
    return (
        *flow_changes(old.flow_version.source, new.flow_version.source),
        *knowledge_changes(_markdown(old.knowledge_version), _markdown(new.knowledge_version)),
        *business_changes(_business(old.settings), _business(new.settings)),
        *settings_changes(old.settings, new.settings),
    )


def changes_since_live(tenant: Tenant, sources: Sources | None = None) -> tuple[Change, ...]:
    """What publishing now would change. Parts that cannot be read are left out; the gate tells of those."""
    live = live_release(tenant)
    written = read_written(tenant=tenant, sources=sources or Sources())
    old_flow: FlowVersion | None = None if live is None else live.flow_version
    old_settings: JSONObject = {} if live is None else live.settings
    settings = old_settings if written.settings is None else _plain(written.settings)
    return (
        *flow_changes("" if old_flow is None else old_flow.source, written.source.text if written.source else ""),
        *knowledge_changes(_markdown(None if live is None else live.knowledge_version), written.markdown),
        *business_changes(_business(old_settings), _business(settings)),
        *settings_changes(old_settings, settings),
    )


def _plain(settings: SettingsDocument) -> JSONObject:
    plain: JSONObject = settings.model_dump(mode="json", exclude_unset=True)
    return plain


def _business(settings: JSONObject) -> JSONObject:
    business = settings.get("business")
    return business if isinstance(business, dict) else {}


def _markdown(version: KnowledgeVersion | None) -> str:
    return "" if version is None else version.markdown
