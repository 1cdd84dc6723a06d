"""What checks on the settings say while those have faults of their own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome, Place


def faulty_settings(candidate: Candidate) -> Outcome:
    """In the language of whoever asks."""
    return Outcome.not_available(_("The settings have faults; mend those first."), place=settings_place(candidate))


def settings_place(candidate: Candidate) -> Place:
    """Hours, services and staff are written on a page of their own."""
    return "business" if candidate.faulty_parts == {"business"} else "settings"
