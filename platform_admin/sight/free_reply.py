"""A person's reply to a customer in words of her own, by whatever page it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import RULES, CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.sight.window import last_heard, window_since
from platform_admin.tenants.actor import require_role
from platform_admin.tenants.models import Tenant, User

LONGEST_REPLY: Final = 4_096
"""WhatsApp's limit for a text."""


def reply_freely(*, tenant: Tenant, whom: Mapping[str, str], text: str, by: User) -> RuntimeCommand:
    """Ask the runtime to send ``text`` to ``whom`` (``channel`` and ``contact``).

    Raises what ``queue_command`` raises; ``ValidationError`` for no text, one that is too long, and outside WhatsApp's
    window. Then nothing is queued.
    """
    require_role(by, tenant=tenant, role=RULES[CommandKind.STAFF_REPLY].role)
    said = text.strip()
    if not said:
        raise ValidationError(_("Write something first."))
    if len(said) > LONGEST_REPLY:
        raise ValidationError(_("The reply is too long: WhatsApp takes %(most)s characters.") % {"most": LONGEST_REPLY})
    _require_open_window(tenant, whom.get("channel", ""), whom.get("contact", ""))
    payload: JSONObject = {**whom, "text": said, "author": by.name or by.email}
    return queue_command(tenant=tenant, kind=CommandKind.STAFF_REPLY, payload=payload, by=by)


def _require_open_window(tenant: Tenant, channel: str, contact: str) -> None:
    """The runtime would refuse it later. Where no message is known here, the runtime decides."""
    heard = last_heard(tenant, [contact]).get((channel, contact))
    if heard is not None and not window_since(channel, heard, now=timezone.now()).is_open:
        raise ValidationError(
            _(
                "The customer wrote more than 24 hours ago: WhatsApp takes only an approved template now. "
                "Once they answer, you can write freely again."
            )
        )
