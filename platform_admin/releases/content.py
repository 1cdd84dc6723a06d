"""What one release pins, and the gate for content that went out, or was made ready, before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from django.utils import timezone as clock

from flow_engine.vocabulary import JSONObject
from platform_admin.business.models import BusinessVersion
from platform_admin.credentials.queries import credential_fields
from platform_admin.errors import HasFaultsError
from platform_admin.flows.models import FlowVersion
from platform_admin.knowledge.models import KnowledgeVersion
from platform_admin.message_templates.queries import usable_names
from platform_admin.releases.gate import Candidate
from platform_admin.releases.models import Proposal, Release
from platform_admin.releases.settings_document import SettingsDocument
from platform_admin.releases.settings_reading import check_settings
from platform_admin.releases.sources import Gathered
from platform_admin.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Content:
    """Versions and settings. ``people_in_flight`` says what becomes of people in steps that are gone."""

    flow_version: FlowVersion
    knowledge_version: KnowledgeVersion | None
    business_version: BusinessVersion | None
    settings: SettingsDocument
    people_in_flight: JSONObject = field(default_factory=dict)

    @classmethod
    def gathered(cls, parts: Gathered, people_in_flight: JSONObject) -> Content:
        return cls(
            parts.flow_version, parts.knowledge_version, parts.business_version, parts.settings, people_in_flight
        )

    @classmethod
    def pinned_by(cls, row: Release | Proposal) -> Content:
        """Raises ``HasFaultsError`` when the settings of then no longer have a known shape."""
        reading = check_settings(row.settings)
        if reading.document is None:
            raise HasFaultsError(reading.faults)
        return cls(
            row.flow_version, row.knowledge_version, row.business_version, reading.document, row.people_in_flight
        )

    def without_people_in_flight(self) -> Content:
        """For going back: the steps that are gone then are others."""
        return replace(self, people_in_flight={})

    def candidate(self, tenant: Tenant) -> Candidate:
        """For the gate. The flow was checked when it was kept as a version."""
        markdown = "" if self.knowledge_version is None else self.knowledge_version.markdown
        return Candidate(
            tenant=tenant.name,
            timezone=tenant.timezone,
            language=tenant.language,
            flow_source=self.flow_version.source,
            flow_faults=(),
            program=self.flow_version.program,
            cases=self.flow_version.cases,
            markdown=markdown,
            knowledge_asked=None,
            knowledge_there=True,
            settings=self.settings,
            settings_faults=(),
            credential_fields=credential_fields(tenant),
            templates=usable_names(tenant),
            today=clock.localdate(timezone=ZoneInfo(tenant.timezone)),
        )
