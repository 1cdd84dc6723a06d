"""What checks on the settings say while those have faults of their own."""

from __future__ import annotations

from typing import Final

from platform_admin.releases.gate.check import Outcome

FAULTY_SETTINGS: Final = Outcome.not_available("The settings have faults; mend those first.")
