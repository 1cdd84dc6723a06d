"""At least one channel, each with the secrets it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.diagnostics import Diagnostic
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.faulty_settings import FAULTY_SETTINGS
from platform_admin.releases.settings_document import SettingsDocument, WhatsAppChannel

WHATSAPP_SECRETS: Final = ("access_token", "app_secret", "verify_token")


def channels(candidate: Candidate) -> Outcome:
    if candidate.settings is None:
        return FAULTY_SETTINGS
    return Outcome.of(_faults(candidate, candidate.settings))


def _faults(candidate: Candidate, settings: SettingsDocument) -> Iterator[Diagnostic]:
    fault = candidate.places.fault
    if not settings.channels:
        message = "No channel is set up, so no customer could reach the bot."
        yield fault("S206", message, "Add one under channels.", ("channels",))
    for index, channel in enumerate(settings.channels):
        if isinstance(channel, WhatsAppChannel):
            for name in WHATSAPP_SECRETS:
                field = f"channels.{index}.{name}"
                if field not in candidate.credential_fields:
                    message = f"The WhatsApp channel needs {field}."
                    yield fault("S203", message, "Store it as a credential.", ("channels", index))
