"""Free questions need a document to answer from and somebody who answers."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Diagnostic
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.connectors import connector_blocks
from platform_admin.releases.gate.faulty_settings import FAULTY_SETTINGS
from platform_admin.releases.settings_document import SettingsDocument


def free_questions(candidate: Candidate) -> Outcome:
    if candidate.settings is None:
        return FAULTY_SETTINGS
    return Outcome.of(_faults(candidate, candidate.settings) if candidate.settings.llm.enabled else ())


def _faults(candidate: Candidate, settings: SettingsDocument) -> Iterator[Diagnostic]:
    fault = candidate.places.fault
    if not candidate.has_knowledge:
        message = "Free questions are on, but there is no knowledge document."
        yield fault("S205", message, "Write one or turn them off.", ("llm", "enabled"))
    if "llm" not in connector_blocks(settings, candidate.credential_fields):
        message = "Free questions are on, but nobody answers them."
        yield fault("S205", message, "Name llm.provider or turn them off.", ("llm", "enabled"))
