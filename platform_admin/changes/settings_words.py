"""What people call the parts of the settings. Marked here, translated where a sentence is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

CHANNELS: Final[Mapping[str, str]] = {
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "web_chat": _("chat on the website"),
    "http_dev": _("test chat"),
}

CONNECTIONS: Final[Mapping[str, str]] = {
    "calendar": _("The calendar"),
    "llm": _("Who answers free questions"),
    "notification": _("Who tells the staff"),
}

TITLES: Final[Mapping[tuple[str, ...], str]] = {
    ("llm", "enabled"): _("Answering free questions"),
    ("llm", "provider"): _("Who answers free questions"),
    ("llm", "quota_monthly_tokens"): _("The quota of free questions a month (in tokens)"),
    ("llm", "questions_per_contact_per_day"): _("Free questions that one customer may ask a day"),
    ("llm", "keyword_answers"): _("Quoting the FAQ when nobody can be asked"),
    ("llm", "knowledge_version"): _("The version of the FAQ that is used"),
    ("policies", "retention", "messages_days"): _("Days that messages are kept"),
    ("policies", "retention", "media_days"): _("Days that pictures and voice notes are kept"),
    ("policies", "retention", "turns_days"): _("Days that the explanations of conversations are kept"),
    ("policies", "retention", "inbox_days"): _("Days that received messages are kept as they came"),
    ("policies", "retention", "dead_letters_days"): _("Days that undeliverable messages are kept"),
    ("policies", "retention", "copies_days"): _("Days that copies for the case of a failure are kept"),
    ("policies", "opt_out"): _("The words with which customers say stop"),
    ("policies", "handoff"): _("What happens when a person takes over"),
    ("policies", "limits"): _("Limits against floods of messages"),
}

YES_AND_NO: Final = (_("yes"), _("no"))
"""How a switch is told; marked so that the catalogue has them."""
