"""The payload of a bundle, put together from what a release pins. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flow_engine.bundle.content import FORMAT
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.releases.settings_document import SettingsDocument


@dataclass(frozen=True, slots=True)
class PinnedKnowledge:
    """One knowledge version: its name (``v3``) and its text."""

    label: str
    markdown: str


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """What the payload says about the business itself. ``templates`` are those of its WhatsApp account, if known."""

    slug: str
    timezone: str
    language: str
    templates: list[JSON] | None = None


@dataclass(frozen=True, slots=True)
class Rollout:
    """Whom a release is for, and what becomes of people in steps that it no longer has."""

    staged_for: Sequence[str] | None = None
    people_in_flight: Mapping[str, JSON] = field(default_factory=dict)

    def blocks(self) -> JSONObject:
        staged: JSONObject = {} if self.staged_for is None else {"staged": {"contacts": [*self.staged_for]}}
        return {**staged, "people_in_flight": dict(self.people_in_flight)} if self.people_in_flight else staged


EVERYBODY = Rollout()


def build_payload(
    *,
    tenant: TenantFacts,
    serial: int,
    created: datetime,
    program: JSONObject,
    knowledge: PinnedKnowledge | None,
    settings: SettingsDocument,
    secrets: Mapping[str, str],
    rollout: Rollout = EVERYBODY,
) -> JSONObject:
    """Format 1, ready to be sealed. ``created`` must be aware."""
    plain = settings.model_dump(mode="json")
    return {
        "format": FORMAT,
        "tenant": tenant.slug,
        "serial": serial,
        "created": created.astimezone(UTC).isoformat(timespec="seconds"),
        "program": program,
        "knowledge": None if knowledge is None else {"version": knowledge.label, "markdown": knowledge.markdown},
        "settings": {
            "timezone": tenant.timezone,
            "language": tenant.language,
            "sentences": plain["sentences"],
            "business": settings.business.to_json(),
        },
        "channels": list(settings.channel_blocks()),
        "connectors": dict(settings.connector_blocks()),
        "llm": {**plain["llm"], "knowledge_version": None if knowledge is None else knowledge.label},
        "secrets": dict(secrets),
        **settings.policies.blocks(),
        **({} if tenant.templates is None else {"templates": tenant.templates}),
        **rollout.blocks(),
    }
