"""At least one channel, each of them once and with the secrets it needs."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from flow_engine.diagnostics import Diagnostic
from platform_admin.releases.channel_documents import CHANNEL_NAMES, CHANNEL_SECRETS
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.faulty_settings import faulty_settings
from platform_admin.releases.settings_document import SettingsDocument


def channels(candidate: Candidate) -> Outcome:
    if candidate.settings is None:
        return faulty_settings(candidate)
    return Outcome.of(_faults(candidate, candidate.settings))


def _faults(candidate: Candidate, settings: SettingsDocument) -> Iterator[Diagnostic]:
    fault = candidate.places.fault
    if not settings.channels:
        message = _("No channel is set up, so no customer could reach the bot.")
        yield fault("S206", message, _("Connect one first."), ("channels",))
    accounts = [channel.account for channel in settings.channels]
    for index, channel in enumerate(settings.channels):
        if channel.account in accounts[:index]:
            message = _("The channel %(channel)s is there twice.") % {"channel": channel.account}
            yield fault("S214", message, _("Keep one of the two."), ("channels", index))
        for name in CHANNEL_SECRETS[channel.type]:
            field = f"channels.{index}.{name}"
            if field not in candidate.credential_fields:
                message = _("The %(channel)s channel needs %(field)s.") % {
                    "channel": CHANNEL_NAMES[channel.type],
                    "field": field,
                }
                yield fault("S203", message, _("Store it as a credential."), ("channels", index))
