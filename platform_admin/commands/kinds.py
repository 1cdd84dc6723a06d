"""What a runtime can be asked to do, what each request must say, and who may make it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import models

from platform_admin.tenants.models import Role


class CommandKind(models.TextChoices):
    """The words of the wire; a runtime refuses a kind it does not know."""

    PAUSE_CONTACT = "pause_contact", "Silence the bot for a contact"
    RESUME_CONTACT = "resume_contact", "Let the bot answer a contact again"
    STAFF_REPLY = "staff_reply", "Send a reply of the staff"
    ERASE_CONTACT = "erase_contact", "Erase a contact"
    EXPORT_CONTACT = "export_contact", "Export a contact's data"
    RUN_TASK = "run_task", "Run a scheduled task now"
    CANCEL_TASK = "cancel_task", "Cancel a scheduled task"
    RESEND_DEAD_LETTER = "resend_dead_letter", "Try a failed message again"
    DROP_DEAD_LETTER = "drop_dead_letter", "Give up a failed message"
    REPLAY = "replay", "Replay conversations against a draft"
    BACKUP = "backup", "Back up"
    INBOUND = "inbound", "Hand over a message that arrived here"
    BREAKER = "breaker", "Set a connector's breaker"
    DISCARD_STAGED = "discard_staged", "Forget the staged release"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind asks for. ``keys`` must all be in the payload, and one of ``one_of``; others may be."""

    role: Role
    keys: frozenset[str] = frozenset()
    one_of: tuple[str, ...] = ()
    audited: bool = True


_CONTACT: Final = frozenset({"contact"})
_TASK: Final = frozenset({"task_id"})

RULES: Final[Mapping[CommandKind, Rule]] = {
    CommandKind.PAUSE_CONTACT: Rule(Role.EDITOR, _CONTACT),
    CommandKind.RESUME_CONTACT: Rule(Role.EDITOR, _CONTACT),
    CommandKind.STAFF_REPLY: Rule(Role.EDITOR, _CONTACT, one_of=("text", "template")),
    CommandKind.ERASE_CONTACT: Rule(Role.OWNER, _CONTACT),
    CommandKind.EXPORT_CONTACT: Rule(Role.OWNER, _CONTACT),
    CommandKind.RUN_TASK: Rule(Role.EDITOR, _TASK),
    CommandKind.CANCEL_TASK: Rule(Role.EDITOR, _TASK),
    CommandKind.RESEND_DEAD_LETTER: Rule(Role.EDITOR, frozenset({"id"})),
    CommandKind.DROP_DEAD_LETTER: Rule(Role.EDITOR, frozenset({"id"})),
    CommandKind.REPLAY: Rule(Role.EDITOR),
    CommandKind.BACKUP: Rule(Role.OWNER),
    # Meta's own bodies, many a minute: the message itself is the record.
    CommandKind.INBOUND: Rule(Role.OWNER, frozenset({"channel_id", "body_base64"}), audited=False),
    CommandKind.BREAKER: Rule(Role.PUBLISHER, frozenset({"connector", "mode"})),
    CommandKind.DISCARD_STAGED: Rule(Role.PUBLISHER),
}

SPENT_PAYLOADS: Final = frozenset({CommandKind.INBOUND, CommandKind.STAFF_REPLY, CommandKind.REPLAY})
"""Kinds whose payload holds people's words or a whole release; it is forgotten once the runtime has it."""

SPENT_LEAVES: Final = ("channel", "contact", "draft")
"""What of such a payload stays: about whom it was (a pseudonym), and which draft (a digest)."""
