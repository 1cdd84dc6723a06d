"""Templates that the flow sends outside the 24-hour window are approved by WhatsApp."""

from __future__ import annotations

from flow_engine.vocabulary import JSON
from platform_admin.releases.channel_documents import WhatsAppChannel
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.faulty_settings import FAULTY_SETTINGS


def templates(candidate: Candidate) -> Outcome:
    """Passed without a look where there is no WhatsApp; without the synced list nobody can say."""
    if candidate.settings is None:
        return FAULTY_SETTINGS
    sent = sent_templates(candidate.program)
    if not sent or not any(isinstance(channel, WhatsAppChannel) for channel in candidate.settings.channels):
        return Outcome.of(())
    if candidate.templates is None:
        return Outcome.not_available("The templates of the WhatsApp account have not been fetched yet.")
    missing = sorted(sent - candidate.templates)
    fault = candidate.places.fault
    hint = "Have it approved in WhatsApp Manager, or choose another one."
    return Outcome.of([fault("S213", f"WhatsApp has no approved template {name!r}.", hint) for name in missing])


def sent_templates(value: JSON) -> set[str]:
    """The names in ``send_template`` anywhere in a normalised program; computed ones are left out."""
    match value:
        case {"action": "send_template", "name": str(name)}:
            return set() if "{{" in name else {name}
        case dict():
            return set().union(*map(sent_templates, value.values()))
        case list():
            return set().union(*map(sent_templates, value))
        case _:
            return set()
