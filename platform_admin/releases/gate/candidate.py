"""What is about to go out, before anything of it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flow_engine.diagnostics import Diagnostic
from flow_engine.vocabulary import JSONObject
from platform_admin.documents.places import AS_STORED, Places
from platform_admin.knowledge.evaluating import Expectation
from platform_admin.knowledge.facts import Fact, facts_of
from platform_admin.releases.settings_document import SettingsDocument


@dataclass(frozen=True, slots=True)
class Candidate:
    """``program`` is ``None`` when the flow has faults of its own, ``settings`` when they have.

    ``flow_faults`` and ``settings_faults`` were found in reading. ``flow_source`` is ``None`` for a tenant without one.
    ``knowledge_asked`` is a version that the settings ask for by name; ``knowledge_there`` says whether it exists.
    ``templates`` are the names approved by WhatsApp; ``None`` when nobody asked there yet.
    ``faulty_parts`` are the parts of the settings that those faults stand in, ``business`` among them.
    ``markdown`` is as written, its placeholders not filled. ``today`` is the tenant's day.
    """

    tenant: str
    timezone: str
    language: str
    flow_source: str | None
    flow_faults: tuple[Diagnostic, ...]
    program: JSONObject | None
    cases: Mapping[str, str]
    markdown: str
    knowledge_asked: str | None
    knowledge_there: bool
    settings: SettingsDocument | None
    settings_faults: tuple[Diagnostic, ...]
    credential_fields: frozenset[str]
    templates: frozenset[str] | None = None
    expectations: tuple[Expectation, ...] = ()
    places: Places = field(default=AS_STORED)
    today: date = date.min
    faulty_parts: frozenset[str] = frozenset()

    @property
    def languages(self) -> tuple[str, ...]:
        """Those the conversation offers; the tenant's own when it names none."""
        offered = self.program.get("languages") if self.program is not None else None
        named = tuple(tag for tag in offered if isinstance(tag, str)) if isinstance(offered, list) else ()
        return named or (self.language,)

    @property
    def has_knowledge(self) -> bool:
        return bool(self.markdown.strip()) or self.knowledge_asked is not None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the FAQ's placeholders are filled with."""
        business = {} if self.settings is None else self.settings.business.to_json()
        return facts_of(business, language=self.language, today=self.today)
