"""A notification as an e-mail. Pure: the same notification is the same message, byte for byte, whenever it is sent."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from connectors.notification.port import Notification

MAX_SUBJECT = 200
"""Characters. Mail programs show some sixty."""

MAX_TEXT = 20_000
"""Characters. A notice is a few lines; what a flow puts into it is bounded here."""

_LINE_BREAKS = "\n\t"


def build_message(notification: Notification, *, sender: str, recipients: Sequence[str], at: datetime) -> EmailMessage:
    """The message with a fixed ``Message-ID``, so that a copy that was sent twice can be known by it.

    ``Auto-Submitted`` keeps other machines from answering (RFC 3834).
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Subject"] = one_line(notification.subject) or one_line(notification.text)[:60] or "-"
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(notification, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_visible(notification.text, keep=_LINE_BREAKS)[:MAX_TEXT] + "\n")
    return message


def one_line(text: str) -> str:
    """``text`` as a header can hold it: one line, nothing invisible, bounded."""
    return " ".join(_visible(text).split())[:MAX_SUBJECT]


def message_id(notification: Notification, sender: str) -> str:
    """From the idempotency key; a notification without one is known by its words."""
    known = notification.idempotency_key or f"{notification.subject}\n{notification.text}"
    digest = hashlib.sha256(known.encode("utf-8", "replace")).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def _visible(text: str, keep: str = "") -> str:
    """Without control characters, lone surrogates and separators of lines: commands to machines, spaces to people."""
    return "".join(
        letter if letter in keep or unicodedata.category(letter)[0] not in ("C", "Z") else " " for letter in text
    )
