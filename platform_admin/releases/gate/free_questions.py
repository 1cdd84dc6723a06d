"""Free questions need a document to answer from and somebody who answers."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from flow_engine.diagnostics import Diagnostic
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.connectors import connector_blocks
from platform_admin.releases.gate.faulty_settings import faulty_settings
from platform_admin.releases.settings_document import SettingsDocument


def free_questions(candidate: Candidate) -> Outcome:
    if candidate.settings is None:
        return faulty_settings(candidate)
    faults = _faults(candidate, candidate.settings) if candidate.settings.llm.enabled else ()
    return Outcome.of(faults, place="connections" if candidate.has_knowledge else "knowledge")


def _faults(candidate: Candidate, settings: SettingsDocument) -> Iterator[Diagnostic]:
    fault = candidate.places.fault
    if not candidate.has_knowledge:
        message = _("Free questions are on, but there is no FAQ.")
        yield fault("S205", message, _("Write one or turn them off."), ("llm", "enabled"))
    if "llm" not in connector_blocks(settings, candidate.credential_fields):
        message = _("Free questions are on, but nobody answers them.")
        yield fault("S205", message, _("Connect somebody who answers or turn them off."), ("llm", "enabled"))
