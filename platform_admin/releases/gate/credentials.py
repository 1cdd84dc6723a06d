"""No stored secret without a place in the settings: the runtime refuses a bundle that has one."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from flow_engine.diagnostics import Diagnostic
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.faulty_settings import faulty_settings
from platform_admin.releases.settings_document import SettingsDocument


def credentials(candidate: Candidate) -> Outcome:
    if candidate.settings is None:
        return faulty_settings(candidate)
    return Outcome.of(_misplaced(candidate, candidate.settings))


def _misplaced(candidate: Candidate, settings: SettingsDocument) -> Iterator[Diagnostic]:
    places = {f"channels.{index}" for index in range(len(settings.channels))}
    places |= {f"connectors.{category}" for category in settings.connector_blocks()}
    for field in sorted(candidate.credential_fields):
        if field.rpartition(".")[0] not in places:
            message = _("The credential %(field)s belongs to nothing in the settings.") % {"field": field}
            yield candidate.places.fault("S204", message, _("Remove it or set up its place."))
