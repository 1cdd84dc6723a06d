"""What checks on the settings say while those have faults of their own."""

from __future__ import annotations

from django.utils.translation import gettext as _

from platform_admin.releases.gate.check import Outcome


def faulty_settings() -> Outcome:
    """In the language of whoever asks."""
    return Outcome.not_available(_("The settings have faults; mend those first."))
