"""What a release changes against another one."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from platform_admin.changes import Change, business_changes, flow_changes, knowledge_changes, settings_changes
from platform_admin.knowledge.models import KnowledgeVersion
from platform_admin.releases.models import Proposal, Release


def changes_between(old: Release, new: Release | Proposal) -> tuple[Change, ...]:
    """In the order people think of them: conversation, FAQ, business, settings."""
    return (
        *flow_changes(old.flow_version.source, new.flow_version.source),
        *knowledge_changes(_markdown(old.knowledge_version), _markdown(new.knowledge_version)),
        *business_changes(_business(old.settings), _business(new.settings)),
        *settings_changes(old.settings, new.settings),
    )


def _business(settings: JSONObject) -> JSONObject:
    business = settings.get("business")
    return business if isinstance(business, dict) else {}


def _markdown(version: KnowledgeVersion | None) -> str:
    return "" if version is None else version.markdown
