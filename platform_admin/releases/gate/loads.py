"""The last word is the runtime's own loader."""

from __future__ import annotations

from django.utils.translation import gettext as _

from flow_engine.program import ProgramError, ProgramSettings, load_program
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.faulty_settings import faulty_settings


def loads(candidate: Candidate) -> Outcome:
    if candidate.settings is None:
        return faulty_settings(candidate)
    if candidate.program is None:
        return Outcome.not_available(_("The conversation has faults; mend those first."))
    settings = ProgramSettings(
        timezone=candidate.timezone,
        language=candidate.language,
        llm_enabled=candidate.settings.llm.enabled,
        sentences=candidate.settings.sentences,
        business=candidate.settings.business.to_json(),
    )
    try:
        load_program(candidate.program, settings)
    except ProgramError as error:
        return Outcome.of(
            [candidate.places.fault("S209", _("The bot could not load this: %(reason)s") % {"reason": error}, "")]
        )
    return Outcome.of(())
