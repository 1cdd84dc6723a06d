"""What may leave now: free words while the customer's window is open, else the step's approved template, else nothing.

The window is the 24 hours after the customer's last message, by WhatsApp's clock. Pure: the caller reads the store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from flow_engine.outputs.capabilities import Capabilities
from flow_engine.outputs.fitting import fits
from flow_engine.outputs.free_form import in_free_form
from flow_engine.outputs.output import Output, Template
from runtime.errors import SendAction, SendError
from runtime.outreach import ApprovedTemplates
from runtime.ports.contact_store import LastWord

WINDOW: Final = timedelta(hours=24)

MARGIN: Final = timedelta(minutes=1)
"""Our clock, Meta's clock and the way there: a message that would arrive at the last second goes as if it were over."""

TOO_LATE: Final = (
    "more than 24 hours since the customer last wrote, and the step has no template (send_template); nothing was sent"
)


@dataclass(frozen=True, slots=True)
class SendPlanner:
    """``templates`` of ``None``: nobody looked which ones are approved, so WhatsApp is left to judge."""

    capabilities: Capabilities
    templates: ApprovedTemplates | None = None

    def plan(self, output: Output, last_word: LastWord, now: datetime) -> Output:
        """What to send for ``output``. Raises ``SendError(PARK)``, with a sentence for staff, where nothing may go."""
        is_open = window_is_open(last_word, now)
        if not isinstance(output, Template):
            if not is_open:
                raise SendError(SendAction.PARK, TOO_LATE)
            return output
        if is_open and output.text is not None and output.text.strip():
            said = in_free_form(output)
            if fits(said, self.capabilities):
                return said
        return self._approved(output)

    def _approved(self, template: Template) -> Template:
        if self.templates is None:
            return template
        found = self.templates.find(template.name, template.language)
        if found is None:
            detail = f"there is no approved template {template.name!r} in {template.language!r}"
            raise SendError(SendAction.PARK, detail)
        if (fault := found.fault_of(template)) is not None:
            raise SendError(SendAction.PARK, fault)
        return replace(template, language=found.language)


def window_is_open(last_word: LastWord, now: datetime) -> bool:
    """Whether a free message may be sent. What WhatsApp refused counts until the customer writes again."""
    heard_at, refused_at = last_word.heard_at, last_word.refused_at
    if heard_at is None or (refused_at is not None and refused_at >= heard_at):
        return False
    return now - min(heard_at, now) < WINDOW - MARGIN
