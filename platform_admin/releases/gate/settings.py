"""The faults that reading the settings and the business settings found, and a knowledge version that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from flow_engine.diagnostics import Diagnostic
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.faulty_settings import settings_place


def settings(candidate: Candidate) -> Outcome:
    return Outcome.of((*candidate.settings_faults, *_missing_version(candidate)), place=settings_place(candidate))


def _missing_version(candidate: Candidate) -> Iterator[Diagnostic]:
    if candidate.knowledge_asked is not None and not candidate.knowledge_there:
        message = _("llm.knowledge_version asks for %(version)s, which does not exist.") % {
            "version": candidate.knowledge_asked
        }
        hint = _("Leave it out to take the text as written now.")
        yield candidate.places.fault("S205", message, hint, ("llm", "knowledge_version"))
