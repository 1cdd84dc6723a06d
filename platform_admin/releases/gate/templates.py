"""What may be said after 24 hours of silence begins with a template, and WhatsApp has approved the templates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.utils.translation import gettext as _

from flow_engine.diagnostics import Diagnostic, Severity
from flow_engine.vocabulary import JSON
from platform_admin.releases.channel_documents import WhatsAppChannel
from platform_admin.releases.gate.candidate import Candidate
from platform_admin.releases.gate.check import Outcome
from platform_admin.releases.gate.faulty_settings import faulty_settings

OUTSIDE_THE_WINDOW: Final = "F135"
"""A warning of the language: a flow may serve channels without a window. On WhatsApp the message would be lost."""


def templates(candidate: Candidate) -> Outcome:
    """Passed without a look where there is no WhatsApp; without the synced list nobody can say what is approved."""
    if candidate.settings is None:
        return faulty_settings(candidate)
    if not any(isinstance(channel, WhatsAppChannel) for channel in candidate.settings.channels):
        return Outcome.of(())
    late = tuple(_without_template(candidate))
    sent = sent_templates(candidate.program)
    if late or not sent:
        return Outcome.of(late, place="flow")
    if candidate.templates is None:
        return Outcome.not_available(_("The templates of the WhatsApp account have not been fetched yet."))
    missing = sorted(sent - candidate.templates)
    fault = candidate.places.fault
    hint = _("It is missing, not approved, paused, or its quality is low. See WhatsApp Manager, or choose another one.")
    said = _("The template %(name)s cannot be relied on.")
    return Outcome.of([fault("S213", said % {"name": name}, hint) for name in missing])


def _without_template(candidate: Candidate) -> Iterator[Diagnostic]:
    """What the language warned of, with its place and its hint, as the error that it is on this channel."""
    for fault in candidate.flow_faults:
        if fault.code == OUTSIDE_THE_WINDOW:
            yield replace(fault, severity=Severity.ERROR)


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
